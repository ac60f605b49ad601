package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The migrations make the same tables, columns and indexes in both databases. */
class SchemaTest {
    private final SettableClock clock = new SettableClock();

    @TempDir
    Path home;

    @TempDir
    Path otherHome;

    private static Set<String> names(Registry registry, String sql) {
        return registry.database().read(session -> new TreeSet<>(session.list(sql, row -> row.getString(1))));
    }

    @Test
    void isTheSameInBothDatabases() {
        try (Registry sqlite = Registry.open(home, clock);
                Registry postgres =
                        Registry.open(otherHome, RegistryOptions.at(PostgresForTests.emptySchema()), clock)) {
            Set<String> columns = names(
                    sqlite,
                    "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
                            + " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'");
            assertThat(columns).hasSizeGreaterThan(100);
            assertThat(names(
                            postgres,
                            "SELECT table_name || '.' || column_name FROM information_schema.columns"
                                    + " WHERE table_schema = current_schema() AND table_name <> 'millwright'"))
                    .isEqualTo(columns);
            assertThat(names(
                            postgres,
                            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexdef LIKE"
                                    + " 'CREATE INDEX%'"))
                    .isEqualTo(names(
                            sqlite,
                            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'"));
        }
    }

    @Test
    void textsAreOrderedByTheirBytes() {
        try (Registry postgres = Registry.open(otherHome, RegistryOptions.at(PostgresForTests.emptySchema()), clock)) {
            assertThat(names(
                            postgres,
                            "SELECT table_name || '.' || column_name FROM information_schema.columns"
                                    + " WHERE table_schema = current_schema() AND data_type = 'text'"
                                    + " AND collation_name IS DISTINCT FROM 'C'"))
                    .isEmpty();
        }
    }
}
