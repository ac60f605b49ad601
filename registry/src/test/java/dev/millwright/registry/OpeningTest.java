package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpeningTest {
    private final SettableClock clock = new SettableClock();

    @TempDir
    Path home;

    private void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("state.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private AbstractThrowableAssert<?, ?> assertRefused(RegistryError code) {
        AbstractThrowableAssert<?, ?> refusal = assertThatThrownBy(() -> Registry.open(home, clock));
        refusal.isInstanceOfSatisfying(
                MillwrightException.class, refused -> assertThat(refused.code()).isEqualTo(code));
        assertThat(HomeLock.isHeld(home)).as("a refused open gives the home up").isFalse();
        return refusal;
    }

    @Test
    void keepsStateFromOneOpenToTheNext() {
        Experiment created;
        try (Registry registry = Registry.open(home, clock)) {
            created = registry.experiments().create("churn");
        }
        try (Registry registry = Registry.open(home, clock)) {
            assertThat(registry.experiments().list()).contains(created);
        }
    }

    @Test
    void refusesADatabaseOfANewerMillwright() throws SQLException {
        Registry.open(home, clock).close();
        change("PRAGMA user_version = 99");
        assertRefused(RegistryError.STATE_NEWER)
                .hasMessageContaining("state.db: schema version 99 (expected: at most " + Migrations.latest() + ")")
                .hasMessageContaining("use that one");
    }

    @Test
    void refusesADatabaseOfAnotherProgram() throws SQLException {
        change("CREATE TABLE bookmarks (url TEXT)");
        assertRefused(RegistryError.STATE_CORRUPT).hasMessageContaining("a database of another program");
    }

    @Test
    void refusesADamagedDatabase() throws IOException {
        Files.writeString(home.resolve("state.db"), "this is no database".repeat(1000));
        assertRefused(RegistryError.STATE_CORRUPT).hasMessageContaining("Restore the home from a backup.");
    }

    @Test
    void readersWorkBesideTheOwner_andChangeNothing() {
        try (Registry owner = Registry.open(home, clock);
                Registry reader = Registry.openReadOnly(home, clock)) {
            Experiment created = owner.experiments().create("churn");
            assertThat(reader.experiments().list()).contains(created);
            assertThat(reader.events().verify().checked()).isEqualTo(1);
            assertThatThrownBy(() -> reader.experiments().create("x"))
                    .isInstanceOf(MillwrightException.class)
                    .hasMessageContaining("open for reading only");
            assertThatThrownBy(() -> reader.database().read(session -> session.update("DELETE FROM experiments")))
                    .isInstanceOf(MillwrightException.class)
                    .hasMessageContaining("readonly");
            owner.events().record("trigger.fired", "x", Map.of());
        }
    }

    @Test
    void readsAHomeThatNobodyOwns() {
        try (Registry owner = Registry.open(home, clock)) {
            owner.experiments().create("churn");
        }
        try (Registry reader = Registry.openReadOnly(home, clock)) {
            assertThat(reader.experiments().findByName("churn")).isPresent();
        }
    }

    @Test
    void saysThatAnEmptyHomeHoldsNothing() {
        assertThatThrownBy(() -> Registry.openReadOnly(home, clock))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("holds no state (expected: state.db)");
        assertThat(home).isEmptyDirectory();
    }
}
