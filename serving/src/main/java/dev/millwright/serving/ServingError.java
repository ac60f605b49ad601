package dev.millwright.serving;

import dev.millwright.core.ErrorCode;
import dev.millwright.core.ErrorKind;

/** The failures of serving. */
public enum ServingError implements ErrorCode {
    /** The ONNX graph is broken, or doesn't take and give what its signature says. */
    MODEL_UNFIT(ErrorKind.USER),
    ENDPOINT_NOT_FOUND(ErrorKind.NOT_FOUND),
    VERSION_NOT_FOUND(ErrorKind.NOT_FOUND),
    /** The queue before the model is full. */
    OVERLOADED(ErrorKind.UNAVAILABLE),
    /** The client's deadline passed before the model could be asked. */
    DEADLINE_PASSED(ErrorKind.UNAVAILABLE),
    /** The endpoint takes tensors, and was sent rows; or the other way round. */
    OTHER_INPUT(ErrorKind.USER),
    /** The runtime was closed; another version has taken over. */
    RUNTIME_CLOSED(ErrorKind.UNAVAILABLE),
    /** No server that answers for the model can be asked now. */
    BACKEND_UNAVAILABLE(ErrorKind.UNAVAILABLE),
    /** The server that answers for the model failed, or answered what it should not. */
    BACKEND_FAILED(ErrorKind.UNAVAILABLE),
    /** The server that answers for the model took too long, though it was given time. */
    BACKEND_TIMED_OUT(ErrorKind.UNAVAILABLE),
    /** Servers pass the request on in a circle. */
    TOO_MANY_HOPS(ErrorKind.USER),
    /** The model failed on valid input. */
    INFERENCE_FAILED(ErrorKind.INTERNAL),
    ROLLOUT_NOT_FOUND(ErrorKind.NOT_FOUND),
    /** Another rollout is under way on the endpoint. */
    ROLLOUT_RUNNING(ErrorKind.CONFLICT);

    private final ErrorKind kind;

    ServingError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
