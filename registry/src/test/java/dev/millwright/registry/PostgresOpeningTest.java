package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresOpeningTest {
    private final SettableClock clock = new SettableClock();

    @TempDir
    Path home;

    @TempDir
    Path otherHome;

    private Registry open(DatabaseUrl url) {
        return Registry.open(home, RegistryOptions.at(url), clock);
    }

    private AbstractThrowableAssert<?, ?> assertRefused(Runnable opening, RegistryError code) {
        AbstractThrowableAssert<?, ?> refusal = assertThatThrownBy(opening::run);
        refusal.isInstanceOfSatisfying(
                MillwrightException.class, refused -> assertThat(refused.code()).isEqualTo(code));
        assertThat(HomeLock.isHeld(home)).as("a refused open gives the home up").isFalse();
        return refusal;
    }

    @Test
    void aHomeRemembersItsDatabase() {
        DatabaseUrl url = PostgresForTests.emptySchema();
        Experiment created;
        try (Registry registry = open(url)) {
            created = registry.experiments().create("churn");
            try (Registry reader = Registry.openReadOnly(home, clock)) {
                assertThat(reader.experiments().list()).contains(created);
                assertThatThrownBy(() -> reader.experiments().create("x"))
                        .hasMessageContaining("open for reading only");
            }
        }
        try (Registry registry = Registry.open(home, clock)) {
            assertThat(registry.experiments().list()).contains(created);
            assertThat(registry.events().verify().checked()).isEqualTo(1);
        }
        assertThat(home.resolve("state.db")).doesNotExist();
        assertThat(Registry.hasState(home)).isTrue();
    }

    @Test
    void neverKeepsThePassword() throws IOException {
        DatabaseUrl url = PostgresForTests.emptySchema();
        DatabaseUrl withPassword = new DatabaseUrl(
                url.host(), url.port(), url.database(), url.user(), Optional.of("s3cret"), url.options());
        open(withPassword).close();
        Path file = home.resolve("database.json");
        assertThat(Files.readString(file))
                .contains("postgresql://postgres@localhost")
                .doesNotContain("s3cret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesAHomeOfAnotherDatabase() {
        open(PostgresForTests.emptySchema()).close();
        DatabaseUrl another = PostgresForTests.emptySchema();
        assertRefused(() -> open(another), RegistryError.STATE_CONFLICT)
                .hasMessageContaining("database: " + another + " is not that of " + home);
        Registry.open(otherHome, RegistryOptions.at(another), clock).close();
        assertRefused(() -> open(another), RegistryError.STATE_CONFLICT);
    }

    @Test
    void refusesAHomeThatHasItsStateInAFile() {
        Registry.open(home, clock).close();
        assertThatThrownBy(() -> open(PostgresForTests.emptySchema()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has its state in state.db (expected: a new home, or no database)");
    }

    @Test
    void refusesASecondServer_untilTheFirstIsGone() {
        DatabaseUrl url = PostgresForTests.emptySchema();
        try (Registry owner = Registry.open(otherHome, RegistryOptions.at(url), clock)) {
            assertThat(owner.experiments().list()).hasSize(1);
            assertRefused(() -> open(url), RegistryError.DATABASE_IN_USE)
                    .hasMessageContaining("is owned by another server (expected: a free one)");
        }
        open(url).close();
    }

    @Test
    void refusesADatabaseOfANewerMillwright() {
        DatabaseUrl url = PostgresForTests.emptySchema();
        open(url).close();
        PostgresForTests.execute(
                "UPDATE " + url.options().get("currentSchema") + ".millwright SET schema_version = 99");
        assertRefused(() -> open(url), RegistryError.STATE_NEWER)
                .hasMessageContaining("PostgreSQL: schema version 99 (expected: at most " + Migrations.latest() + ")");
    }

    @Test
    void refusesADatabaseOfAnotherProgram() {
        DatabaseUrl url = PostgresForTests.emptySchema();
        PostgresForTests.execute("CREATE TABLE " + url.options().get("currentSchema") + ".bookmarks (url TEXT)");
        assertRefused(() -> open(url), RegistryError.STATE_CORRUPT)
                .hasMessageContaining("tables of another program, among them bookmarks");
    }

    @Test
    void refusesASchemaThatIsNotThere() {
        DatabaseUrl url = PostgresForTests.url("no_such_schema");
        assertRefused(() -> open(url), RegistryError.DATABASE_REFUSED).hasMessageContaining("CREATE SCHEMA");
    }

    @Test
    void saysThatTheServerDoesNotAnswer_orLacksTheDatabase() {
        assertRefused(
                        () -> open(DatabaseUrl.parse("postgresql://me:s3cret@localhost:1/db")),
                        RegistryError.DATABASE_UNAVAILABLE)
                .hasMessageNotContaining("s3cret");
        DatabaseUrl there = PostgresForTests.url("public");
        assertRefused(
                        () -> open(DatabaseUrl.parse("postgresql://postgres@localhost:" + there.port() + "/nothing")),
                        RegistryError.DATABASE_REFUSED)
                .hasMessageContaining("createdb");
    }
}
