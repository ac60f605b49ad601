package dev.millwright.pipelines;

import dev.millwright.core.ErrorCode;
import dev.millwright.core.ErrorKind;

/** How running a pipeline can fail. */
public enum PipelineError implements ErrorCode {
    /** A gate, or the parity replay, refused the model; the run is recorded and nothing was deployed. */
    GATE_REFUSED(ErrorKind.GATE_REFUSED),
    /** The endpoint serves another model: choose another name. */
    ENDPOINT_TAKEN(ErrorKind.CONFLICT),
    ENDPOINT_NOT_FOUND(ErrorKind.NOT_FOUND),
    /** There is no earlier version to go back to. */
    NOTHING_TO_RETURN_TO(ErrorKind.CONFLICT),
    /** The queue of runs is full: try again later. */
    TOO_MANY_RUNS(ErrorKind.UNAVAILABLE),
    /** The process ends while the run is under way: resume it. */
    STOPPED(ErrorKind.UNAVAILABLE),
    /** Somebody ended the run: it can be resumed all the same. */
    CANCELLED(ErrorKind.CONFLICT),
    /** There is no such run under way. */
    NOTHING_TO_CANCEL(ErrorKind.CONFLICT),
    /** A command that trains failed, or left no model that can be used: mend it. */
    COMMAND_FAILED(ErrorKind.USER),
    /** A command that trains took more time or memory than it was allowed. */
    COMMAND_LIMIT(ErrorKind.RESOURCE),
    /** Nothing to resume, or the run cannot be resumed. */
    NOT_RESUMABLE(ErrorKind.USER),
    /** A gate or the parity replay refused the model version. */
    REFUSED_VERSION(ErrorKind.CONFLICT),
    /** The model version was not made by a pipeline. */
    NO_PIPELINE(ErrorKind.USER),
    /** A file of the home could not be read or written. */
    HOME_FAILED(ErrorKind.RESOURCE);

    private final ErrorKind kind;

    PipelineError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
