package dev.millwright.app;

import dev.millwright.core.ErrorKind;
import dev.millwright.core.MillwrightException;

/** What the process tells its caller. */
enum ExitCode {
    DONE(0),
    UNEXPECTED(1),
    WRONG_INPUT(2),
    DATA_REFUSED(3),
    GATE_REFUSED(4);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static ExitCode of(Throwable failure) {
        return failure instanceof MillwrightException expected
                ? of(expected.code().kind())
                : UNEXPECTED;
    }

    static ExitCode of(ErrorKind kind) {
        return switch (kind) {
            case USER, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND -> WRONG_INPUT;
            case DATA_REFUSED -> DATA_REFUSED;
            case GATE_REFUSED -> GATE_REFUSED;
            case CONFLICT, UNAVAILABLE, RESOURCE, INTERNAL -> UNEXPECTED;
        };
    }
}
