package dev.millwright.serving.protocol;

/**
 * The body of a request or of an answer.
 *
 * @param jsonLength how much of it is JSON; binary tensors follow when that is not all
 */
public record EncodedBody(byte[] body, int jsonLength) {
    public boolean isBinary() {
        return jsonLength < body.length;
    }
}
