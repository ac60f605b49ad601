package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The database of PostgreSQL that a home belongs to, as {@code HOME/database.json} says. The password is never kept there.
 *
 * @param url where it was reached last, without a password
 * @param id what the database calls itself
 */
record HomeDatabase(String url, String id) {
    static final String FILE = "database.json";

    /** Empty when the home keeps its state in a file, or keeps none yet. */
    static Optional<HomeDatabase> find(Path home) {
        try {
            Map<String, String> fields = Json.map(Files.readString(home.resolve(FILE)));
            String url = fields.getOrDefault("url", "");
            String id = fields.getOrDefault("id", "");
            if (url.isEmpty() || id.isEmpty()) {
                throw new MillwrightException(
                        RegistryError.STATE_CORRUPT, home.resolve(FILE) + ": damaged (expected: url and id)");
            }
            return Optional.of(new HomeDatabase(url, id));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw HomeDirectory.failure(home.resolve(FILE), failed);
        }
    }

    /** Which database to open for a home; empty for the file in it. */
    static Optional<DatabaseUrl> choose(Path home, Optional<HomeDatabase> known, Optional<DatabaseUrl> wanted) {
        if (known.isEmpty() && wanted.isPresent() && Files.exists(home.resolve("state.db"))) {
            throw new InvalidInputException(
                    "database: " + wanted.get() + ", but " + home
                            + " has its state in state.db (expected: a new home, or no database). Name another with --home DIR.");
        }
        return wanted.or(() -> known.map(it -> DatabaseUrl.parse(it.url())));
    }

    /** Refuses a database that is not the one the home belongs to. */
    void require(Session session, DatabaseUrl asked, Path home) throws SQLException {
        Optional<String> found = PostgresDialect.databaseId(session);
        if (!found.equals(Optional.of(id))) {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "database: " + asked + " is not that of " + home + " (expected: " + url
                            + "). Name that one, or another home.");
        }
    }

    /** Notes that the home belongs to this database, which is at the schema of this program. */
    static void bind(Path home, DatabaseUrl url, Session session) throws SQLException {
        String id = PostgresDialect.databaseId(session).orElseThrow();
        session.dialect().commit(session);
        HomeDatabase binding = new HomeDatabase(url.toString(), id);
        if (find(home).equals(Optional.of(binding))) {
            return;
        }
        Path file = home.resolve(FILE);
        Path aside = home.resolve(FILE + ".new");
        try {
            Files.deleteIfExists(aside);
            Files.createFile(aside, HomeDirectory.permissions(aside, "rw-------"));
            Files.writeString(aside, Json.text(new TreeMap<>(Map.of("url", binding.url(), "id", binding.id()))));
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            HomeDirectory.sync(home);
        } catch (IOException failed) {
            throw HomeDirectory.failure(file, failed);
        }
    }
}
