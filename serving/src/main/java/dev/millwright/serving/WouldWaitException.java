package dev.millwright.serving;

/** Said by what would have to wait where it may not: ask again on a thread that may. Nothing was done or counted. */
public final class WouldWaitException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Without a stack, which would cost more than all the rest: it is thrown often, and says nothing but itself. */
    WouldWaitException() {
        super("would wait", null, false, false);
    }
}
