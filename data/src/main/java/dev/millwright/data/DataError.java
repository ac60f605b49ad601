package dev.millwright.data;

import dev.millwright.core.ErrorCode;
import dev.millwright.core.ErrorKind;

/** What can go wrong with data. */
public enum DataError implements ErrorCode {
    /** A source can't be read as what it was said to be. */
    SOURCE_UNREADABLE(ErrorKind.USER),
    /** An expectation with {@code on_violation: fail}, or one on the whole table, does not hold. */
    EXPECTATION_FAILED(ErrorKind.DATA_REFUSED),
    /** No such dataset or version. */
    VERSION_NOT_FOUND(ErrorKind.NOT_FOUND),
    /** Rows, labels or splits that nothing can be trained on. */
    TRAINING_SET_REFUSED(ErrorKind.DATA_REFUSED),
    /** DuckDB refused a statement. */
    ENGINE_FAILED(ErrorKind.INTERNAL),
    /** DuckDB ran out of memory or temporary disk. */
    ENGINE_EXHAUSTED(ErrorKind.RESOURCE),
    /** Another writer changed the dataset meanwhile: look for the step's version, then retry. */
    LAKE_BUSY(ErrorKind.CONFLICT),
    /** The catalog or a data file can't be read or written. */
    LAKE_FAILED(ErrorKind.RESOURCE);

    private final ErrorKind kind;

    DataError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
