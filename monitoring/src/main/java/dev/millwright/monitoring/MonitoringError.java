package dev.millwright.monitoring;

import dev.millwright.core.ErrorCode;
import dev.millwright.core.ErrorKind;

/** The failures of monitoring. */
public enum MonitoringError implements ErrorCode {
    /** The prediction log can't be read or written. */
    PREDICTION_LOG_FAILED(ErrorKind.RESOURCE),
    /** The feedback can't be stored: it was not acknowledged, send it again. */
    FEEDBACK_FAILED(ErrorKind.RESOURCE),
    FEEDBACK_OVERLOADED(ErrorKind.UNAVAILABLE),
    FEEDBACK_CLOSED(ErrorKind.UNAVAILABLE),
    MONITOR_NOT_FOUND(ErrorKind.NOT_FOUND);

    private final ErrorKind kind;

    MonitoringError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
