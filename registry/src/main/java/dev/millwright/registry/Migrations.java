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
 * the version it leads to. The files are written for SQLite, and {@link Dialect#definition} says the same to PostgreSQL; a
 * statement with a comment of {@link #ONLY_SQLITE} or {@link #ONLY_POSTGRESQL} is for one of them.
 */
final class Migrations {
    private static final List<String> FILES = List.of(
            "V001__state.sql",
            "V002__tracking.sql",
            "V003__search.sql",
            "V004__access.sql",
            "V005__caches.sql",
            "V006__tables_of_runs.sql",
            "V007__dataset_tags.sql");
    static final String ONLY_SQLITE = "-- Only SQLite";
    static final String ONLY_POSTGRESQL = "-- Only PostgreSQL";

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
        Dialect dialect = session.dialect();
        for (int version = check(session); version < latest(); version++) {
            dialect.begin(session);
            try {
                for (String statement : statements(version + 1, dialect)) {
                    session.executeOnce(statement);
                }
                dialect.setVersion(session, version + 1);
                dialect.commit(session);
            } catch (SQLException failed) {
                dialect.rollBack(session);
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
                    session.dialect().database() + ": schema version " + version + " (expected: " + latest()
                            + "). Start the server once, or run a pipeline, to bring it up to date.");
        }
    }

    /** The version of the stored schema, 0 for an empty database. */
    private static int check(Session session) throws SQLException {
        int version = session.dialect().version(session);
        if (version > latest()) {
            throw new MillwrightException(
                    RegistryError.STATE_NEWER,
                    session.dialect().database() + ": schema version " + version + " (expected: at most " + latest()
                            + "). It was written by a newer Millwright: use that one.");
        }
        return version;
    }

    /** The statements that lead to a version, in the words of a dialect. In the files they end with a semicolon and a line. */
    static List<String> statements(int version, Dialect dialect) {
        List<String> statements = new ArrayList<>();
        for (String statement : text(FILES.get(version - 1)).split(";\n")) {
            String definition = dialect.definition(statement);
            if (!definition.isBlank()) {
                statements.add(definition);
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
