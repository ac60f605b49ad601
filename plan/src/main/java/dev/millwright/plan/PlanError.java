package dev.millwright.plan;

import dev.millwright.core.ErrorCode;
import dev.millwright.core.ErrorKind;

/** What can go wrong when a checked plan is run; mistakes in the SQL itself are reported as a list of problems. */
public enum PlanError implements ErrorCode {
    /** The view is right, but one of its constructs can't be computed for a single event. */
    NOT_ONLINE(ErrorKind.USER),
    /** An event or a look-up row holds a value that doesn't fit its column. */
    INVALID_EVENT(ErrorKind.USER);

    private final ErrorKind kind;

    PlanError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
