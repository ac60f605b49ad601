package dev.millwright.web.access;

import dev.millwright.core.ErrorCode;
import dev.millwright.core.ErrorKind;

/** Why a caller is not let in. */
public enum AccessError implements ErrorCode {
    /** Known, but without the permission. */
    FORBIDDEN(ErrorKind.FORBIDDEN),
    /** Wrong name, password or token. */
    UNAUTHENTICATED(ErrorKind.UNAUTHENTICATED),
    /** Too many wrong passwords: wait. */
    TOO_MANY_ATTEMPTS(ErrorKind.UNAVAILABLE),
    /** The identity provider did not answer, or not as the protocol says. */
    PROVIDER_FAILED(ErrorKind.UNAVAILABLE),
    /** The server would be open to others, or to nobody. */
    WRONG_SETTING(ErrorKind.USER);

    private final ErrorKind kind;

    AccessError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
