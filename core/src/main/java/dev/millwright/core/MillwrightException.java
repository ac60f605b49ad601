package dev.millwright.core;

import org.jspecify.annotations.Nullable;

/** A failure that somebody can act on: a code, and a message that says what to do next. */
public class MillwrightException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ErrorCode code;

    public MillwrightException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public MillwrightException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
