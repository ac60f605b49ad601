package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.sql.SQLException;

/**
 * What the errors of the two databases mean for the caller: SQLite's result codes (sqlite.org/rescode.html), and the states of
 * the SQL standard that PostgreSQL gives (postgresql.org/docs/current/errcodes-appendix.html).
 */
final class SqlErrors {
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int OUT_OF_MEMORY = 7;
    private static final int READ_ONLY = 8;
    private static final int INTERRUPT = 9;
    private static final int INPUT_OUTPUT = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANNOT_OPEN = 14;
    private static final int NOT_A_DATABASE = 26;

    private static final int STATE_LENGTH = 5;
    private static final String CANCELLED = "57014";
    private static final String REJECTED = "08004";
    private static final String TOO_MANY_CONNECTIONS = "53300";

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
        return state(sql).isEmpty() ? ofSqlite(sql) : ofPostgres(sql);
    }

    private static MillwrightException ofSqlite(SQLException sql) {
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

    private static MillwrightException ofPostgres(SQLException sql) {
        String state = state(sql);
        String said = "PostgreSQL: " + sql.getMessage();
        if (state.equals(REJECTED)) {
            return refused(said, sql);
        }
        if (isConnectionLost(sql) || state.equals(TOO_MANY_CONNECTIONS)) {
            return exception(
                    RegistryError.DATABASE_UNAVAILABLE,
                    said + " (expected: a server that answers). Nothing was changed; retry when it does.",
                    sql);
        }
        return switch (state.substring(0, 2)) {
            case "28" -> refused(said, sql);
            case "3D" ->
                exception(
                        RegistryError.DATABASE_REFUSED,
                        said + " (expected: a database that exists). Create it with: createdb NAME",
                        sql);
            case "42" ->
                state.equals("42501")
                        ? exception(
                                RegistryError.DATABASE_REFUSED,
                                said + " (expected: the owner of the schema). Grant its user the rights on it.",
                                sql)
                        : defect(said, sql);
            case "40", "55" ->
                exception(RegistryError.BUSY, said + " (expected: no other writer). Nothing was changed; retry.", sql);
            case "53", "58" ->
                exception(
                        RegistryError.STORAGE_FAILED,
                        said + " (expected: a server with room). Nothing was changed; make room, then retry.",
                        sql);
            case "54" ->
                new InvalidInputException(said + " (expected: shorter names and keys, up to some 2,000 bytes)");
            case "XX" ->
                exception(
                        RegistryError.STATE_CORRUPT,
                        said + " (expected: an intact database). Restore it from a backup.",
                        sql);
            default -> defect(said, sql);
        };
    }

    private static MillwrightException refused(String said, SQLException sql) {
        return exception(
                RegistryError.DATABASE_REFUSED,
                said
                        + " (expected: a user and password that it takes). Give the password with the address, in PGPASSWORD or"
                        + " in ~/.pgpass.",
                sql);
    }

    private static MillwrightException defect(String said, SQLException sql) {
        return exception(RegistryError.DATABASE_FAILED, said + " (a defect)", sql);
    }

    static boolean isInputOutput(Throwable problem) {
        return problem instanceof SQLException sql && state(sql).isEmpty() && primary(sql) == INPUT_OUTPUT;
    }

    /** Whether a statement took longer than it was allowed to. */
    static boolean isStopped(SQLException problem) {
        return state(problem).equals(CANCELLED) || (state(problem).isEmpty() && primary(problem) == INTERRUPT);
    }

    /** Whether the connection is gone, or the server is going: what was not committed is undone. */
    static boolean isConnectionLost(Throwable problem) {
        return problem instanceof SQLException sql
                && (state(sql).startsWith("08") || state(sql).startsWith("57P"));
    }

    /** Empty for SQLite, whose driver sets none. */
    private static String state(SQLException problem) {
        String state = problem.getSQLState();
        return state != null && state.length() == STATE_LENGTH ? state : "";
    }

    /** The low byte; the higher ones say more precisely where it happened. */
    private static int primary(SQLException problem) {
        return problem.getErrorCode() & 0xff;
    }

    private static MillwrightException exception(RegistryError code, String message, SQLException cause) {
        return new MillwrightException(code, message, cause);
    }
}
