package dev.millwright.core;

/** The failures that no single room owns. */
public enum CoreError implements ErrorCode {
    INVALID_INPUT(ErrorKind.USER),
    IO_FAILED(ErrorKind.RESOURCE),
    INTERRUPTED(ErrorKind.UNAVAILABLE);

    private final ErrorKind kind;

    CoreError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
