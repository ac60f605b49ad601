package dev.millwright.evaluation;

import dev.millwright.core.ErrorCode;
import dev.millwright.core.ErrorKind;

/** What can go wrong when a model is judged. */
public enum EvaluationError implements ErrorCode {
    /** No metric has that name, or it does not fit the task. */
    METRIC_UNKNOWN(ErrorKind.USER),
    /** There is no row to judge on. */
    NO_ROWS(ErrorKind.USER),
    /** Labels and predictions are of different tasks, lengths or classes. */
    LABELS_DO_NOT_MATCH(ErrorKind.USER),
    /** A label or a prediction is NaN or infinite. */
    NOT_FINITE(ErrorKind.USER);

    private final ErrorKind kind;

    EvaluationError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
