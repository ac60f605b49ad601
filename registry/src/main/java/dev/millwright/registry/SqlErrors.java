package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.sql.SQLException;

/** What SQLite's result codes (sqlite.org/rescode.html) mean for the caller. */
final class SqlErrors {
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int OUT_OF_MEMORY = 7;
    private static final int READ_ONLY = 8;
    private static final int INPUT_OUTPUT = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANNOT_OPEN = 14;
    private static final int NOT_A_DATABASE = 26;

    private SqlErrors() {}

    /** The exception for a caller: runtime exceptions as they are, anything else with a code. */
    static RuntimeException translateAny(Throwable problem) {
        return problem instanceof RuntimeException already ? already : translate(problem);
    }

    static MillwrightException translate(Throwable problem) {
        if (problem instanceof MillwrightException already) {
            return already;
        }
        if (!(problem instanceof SQLException sql)) {
            return new MillwrightException(
                    RegistryError.DATABASE_FAILED, "state: " + problem + " (expected: no failure)", problem);
        }
        return switch (primary(sql)) {
            case BUSY, LOCKED ->
                exception(
                        RegistryError.BUSY,
                        "state.db: locked by another connection (expected: free). Close what holds it, then retry.",
                        sql);
            case FULL, INPUT_OUTPUT, CANNOT_OPEN, OUT_OF_MEMORY, READ_ONLY ->
                exception(
                        RegistryError.STORAGE_FAILED,
                        "state.db: " + sql.getMessage()
                                + " (expected: a writable disk with free space). Nothing was changed; make room, then"
                                + " retry.",
                        sql);
            case CORRUPT, NOT_A_DATABASE ->
                exception(
                        RegistryError.STATE_CORRUPT,
                        "state.db: " + sql.getMessage()
                                + " (expected: an intact SQLite database). Restore the home from a backup.",
                        sql);
            default -> exception(RegistryError.DATABASE_FAILED, "state.db: " + sql.getMessage() + " (a defect)", sql);
        };
    }

    static boolean isInputOutput(Throwable problem) {
        return problem instanceof SQLException sql && primary(sql) == INPUT_OUTPUT;
    }

    static boolean isNoTransaction(SQLException problem) {
        return String.valueOf(problem.getMessage()).contains("no transaction is active");
    }

    /** The low byte; the higher ones say more precisely where it happened. */
    private static int primary(SQLException problem) {
        return problem.getErrorCode() & 0xff;
    }

    private static MillwrightException exception(RegistryError code, String message, SQLException cause) {
        return new MillwrightException(code, message, cause);
    }
}
