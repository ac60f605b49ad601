package dev.millwright.registry;

import dev.millwright.core.ErrorCode;
import dev.millwright.core.ErrorKind;

/** The failures of the registry. */
public enum RegistryError implements ErrorCode {
    /** No such experiment, run, model version, endpoint, alert or artifact. */
    NOT_FOUND(ErrorKind.NOT_FOUND),
    /** The name is taken. */
    ALREADY_EXISTS(ErrorKind.CONFLICT),
    /** The thing is in a state that does not allow this, or somebody changed it first: load it again. */
    STATE_CONFLICT(ErrorKind.CONFLICT),
    /** A model version whose files this program can't serve. */
    NOT_SERVABLE(ErrorKind.USER),
    /** A param has another value already. */
    PARAM_CONFLICT(ErrorKind.USER),
    /** Another process owns the home. */
    HOME_IN_USE(ErrorKind.CONFLICT),
    /** The home was opened for reading only, or the registry is closed. */
    NOT_WRITABLE(ErrorKind.UNAVAILABLE),
    /** Another connection kept the database locked for too long: retry. */
    BUSY(ErrorKind.UNAVAILABLE),
    /** Another server works with the database: stop it, or name another database. */
    DATABASE_IN_USE(ErrorKind.CONFLICT),
    /** The database does not answer: nothing was changed, retry. */
    DATABASE_UNAVAILABLE(ErrorKind.UNAVAILABLE),
    /** The database does not let this user in, or is none that Millwright can use. */
    DATABASE_REFUSED(ErrorKind.USER),
    /** The connection was lost while a change was being committed: look whether it is there before doing it again. */
    STATE_UNKNOWN(ErrorKind.CONFLICT),
    /** The disk is full or failed: nothing was acknowledged. */
    STORAGE_FAILED(ErrorKind.RESOURCE),
    /** Stored state is damaged: restore it from a backup. */
    STATE_CORRUPT(ErrorKind.INTERNAL),
    /** The home was written by a newer Millwright. */
    STATE_NEWER(ErrorKind.USER),
    /** The database refused a statement: a defect of the program. */
    DATABASE_FAILED(ErrorKind.INTERNAL);

    private final ErrorKind kind;

    RegistryError(ErrorKind kind) {
        this.kind = kind;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
