package dev.millwright.serving.protocol;

/**
 * The body of an answer.
 *
 * @param jsonLength how much of it is JSON; binary tensors follow when that is not all
 */
public record EncodedResponse(byte[] body, int jsonLength) {
    public boolean isBinary() {
        return jsonLength < body.length;
    }
}
