package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings a database to the schema of this program: numbered files of SQL, applied in order, each in one transaction with
 * the version it leads to. The version is SQLite's {@code user_version}; an {@code application_id} marks the file as ours.
 */
final class Migrations {
    private static final List<String> FILES = List.of("V001__state.sql", "V002__tracking.sql", "V003__access.sql");
    /** "Mill" in ASCII. */
    private static final int APPLICATION = 0x4d696c6c;

    private Migrations() {}

    static int latest() {
        return FILES.size();
    }

    /** Keeps a copy of a database of an older schema, {@code state-vN.db}, before it is brought up to date. */
    static void backUp(Session session, Path folder) throws SQLException {
        int version = check(session);
        Path copy = folder.resolve("state-v" + version + ".db");
        if (version == 0 || version == latest() || Files.exists(copy)) {
            return;
        }
        Path aside = folder.resolve("state-v" + version + ".db.tmp");
        try {
            Files.deleteIfExists(aside);
            session.executeOnce("VACUUM INTO '" + aside.toString().replace("'", "''") + "'");
            Files.move(aside, copy, StandardCopyOption.ATOMIC_MOVE);
            HomeDirectory.sync(folder);
        } catch (IOException failed) {
            throw HomeDirectory.failure(copy, failed);
        }
    }

    /** Applies what is missing; refuses a foreign or newer database. */
    static void apply(Session session) throws SQLException {
        for (int version = check(session); version < latest(); version++) {
            session.executeOnce("BEGIN IMMEDIATE");
            try {
                for (String statement : statements(FILES.get(version))) {
                    session.executeOnce(statement);
                }
                session.executeOnce("PRAGMA application_id = " + APPLICATION);
                session.executeOnce("PRAGMA user_version = " + (version + 1));
                session.executeOnce("COMMIT");
            } catch (SQLException failed) {
                session.executeOnce("ROLLBACK");
                throw failed;
            }
        }
    }

    /** Refuses a database that is not exactly at the schema of this program: for readers, which cannot change it. */
    static void requireLatest(Session session) throws SQLException {
        int version = check(session);
        if (version < latest()) {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "state.db: schema version " + version + " (expected: " + latest()
                            + "). Start the server once, or run a pipeline, to bring it up to date.");
        }
    }

    /** The version of the stored schema, 0 for an empty database. */
    private static int check(Session session) throws SQLException {
        int application = pragma(session, "application_id");
        int version = pragma(session, "user_version");
        boolean empty = !session.exists("SELECT 1 FROM sqlite_master LIMIT 1");
        if (application != APPLICATION && !(empty && application == 0 && version == 0)) {
            throw new MillwrightException(
                    RegistryError.STATE_CORRUPT,
                    "state.db: a database of another program (expected: one written by Millwright). Name another home.");
        }
        if (version > latest()) {
            throw new MillwrightException(
                    RegistryError.STATE_NEWER,
                    "state.db: schema version " + version + " (expected: at most " + latest()
                            + "). It was written by a newer Millwright: use that one.");
        }
        return version;
    }

    private static int pragma(Session session, String name) throws SQLException {
        return session.find("PRAGMA " + name, row -> row.getInt(1)).orElse(0);
    }

    /** Statements end with a semicolon at the end of a line. */
    private static List<String> statements(String file) {
        List<String> statements = new ArrayList<>();
        for (String statement : text(file).split(";\n")) {
            if (!statement.isBlank()) {
                statements.add(statement);
            }
        }
        return statements;
    }

    private static String text(String file) {
        try (InputStream stream = Migrations.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException(file + ": missing from the program");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalStateException(file + ": unreadable in the program", unreadable);
        }
    }
}
