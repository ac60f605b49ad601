package dev.millwright.core;

/** Who can do something about an error; the command line and HTTP map it to exit codes and statuses, once. */
public enum ErrorKind {
    /** The input is wrong: mend it. */
    USER,
    /** Nobody knows who asks: log in, or send a valid token. */
    UNAUTHENTICATED,
    /** Who asks may not do this: ask somebody who may. */
    FORBIDDEN,
    /** What was named does not exist. */
    NOT_FOUND,
    /** Something else holds or changed the thing: look again, then retry. */
    CONFLICT,
    /** A check on the data refused it. */
    DATA_REFUSED,
    /** A gate, or the parity replay, refused the model. */
    GATE_REFUSED,
    /** Not now: retry later. */
    UNAVAILABLE,
    /** Disk, memory or a limit is used up. */
    RESOURCE,
    /** A defect of the program. */
    INTERNAL
}
