package dev.millwright.learn;

import dev.millwright.core.ErrorCode;
import dev.millwright.core.ErrorKind;

/** The failures of this room that are not mistakes in the input. */
public enum LearnError implements ErrorCode {
    /** The XGBoost library refused a call. */
    XGBOOST_FAILED(ErrorKind.INTERNAL),
    /** The XGBoost library, or the libgomp that it needs, could not be loaded. */
    XGBOOST_UNAVAILABLE(ErrorKind.RESOURCE);

    private final ErrorKind kind;

    LearnError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
