package dev.millwright.web.mlflow;

import com.linecorp.armeria.common.HttpStatus;

/** An error of the protocol: clients read the code, people the message. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Code code;

    /** The error codes of the protocol that are given here, with their status. */
    enum Code {
        INVALID_PARAMETER_VALUE(400),
        BAD_REQUEST(400),
        RESOURCE_ALREADY_EXISTS(400),
        UNAUTHENTICATED(401),
        PERMISSION_DENIED(403),
        RESOURCE_DOES_NOT_EXIST(404),
        ENDPOINT_NOT_FOUND(404),
        RESOURCE_CONFLICT(409),
        REQUEST_LIMIT_EXCEEDED(429),
        INVALID_STATE(500),
        INTERNAL_ERROR(500),
        NOT_IMPLEMENTED(501),
        TEMPORARILY_UNAVAILABLE(503);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        HttpStatus status() {
            return HttpStatus.valueOf(status);
        }
    }

    Refusal(Code code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static Refusal invalid(String message) {
        return new Refusal(Code.INVALID_PARAMETER_VALUE, message);
    }

    /** A parameter that has to be there and is not. */
    static Refusal missing(String name) {
        return invalid("Missing value for required parameter '" + name
                + "'. See the API docs for more information about request parameters.");
    }

    Code code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
