package dev.millwright.web;

import dev.millwright.core.ErrorCode;
import dev.millwright.core.ErrorKind;

/** The failures of this room. */
public enum WebError implements ErrorCode {
    /** A request that cannot be read. */
    BAD_REQUEST(ErrorKind.USER),
    /** Nothing has that name. */
    NO_SUCH_THING(ErrorKind.NOT_FOUND),
    /** The start was refused because the address can be reached by others and nobody could log in. */
    ADDRESS_NEEDS_LOGIN(ErrorKind.USER),
    /** A form of a page that another process made. */
    STALE_FORM(ErrorKind.FORBIDDEN),
    /** The port is taken or may not be used. */
    CANNOT_BIND(ErrorKind.CONFLICT),
    /** What was asked for is not there yet. */
    NOT_YET(ErrorKind.CONFLICT),
    /** What was asked for is not possible now. */
    NOT_AVAILABLE(ErrorKind.UNAVAILABLE);

    private final ErrorKind kind;

    WebError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
