package dev.millwright.serving.remote;

import org.jspecify.annotations.Nullable;

/** A call to a server that brought no answer. */
public final class BackendException extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** What became of the call, as far as that is known. */
    public enum Kind {
        /** It never reached a model: no connection, or refused before anything was done. */
        UNPROCESSED,
        /** The server has too much to do, and said so before it did anything. */
        BUSY,
        /** The connection was lost meanwhile; nobody knows what was done. */
        LOST,
        /** There was no answer in time. */
        TIMED_OUT,
        /** The server says that it failed, doesn't know the model, or doesn't let us in. */
        FAILED,
        /** What came is no answer of the protocol, or not of this model. */
        NO_ANSWER,
        /** The server says that the request was wrong. */
        REFUSED
    }

    /** {@code message}: what happened, without the server's name. */
    public BackendException(Kind kind, String message) {
        this(kind, message, null);
    }

    public BackendException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
