package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody changes the files of a home behind the program's back. */
class EventRecordTest {
    private final SettableClock clock = new SettableClock();

    @TempDir
    Path home;

    private Verification.Broken brokenAfter(String... sql) throws SQLException {
        try (Registry registry = Registry.open(home, clock)) {
            for (int i = 1; i <= 10; i++) {
                registry.events().record("trigger.fired", "endpoint-" + i, Map.of("reason", "drift " + i));
            }
            assertThat(registry.events().verify()).isEqualTo(new Verification(10, java.util.Optional.empty()));
        }
        tamper(sql);
        try (Registry registry = Registry.open(home, clock)) {
            Verification verification = registry.events().verify();
            assertThat(verification.ok()).isFalse();
            return verification.firstBroken().orElseThrow();
        }
    }

    private void tamper(String... sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("state.db"));
                Statement statement = connection.createStatement()) {
            for (String one : sql) {
                statement.executeUpdate(one);
            }
        }
    }

    @Test
    void detectsAnEdit() throws SQLException {
        assertThat(brokenAfter("UPDATE events SET data = '{\"reason\":\"other\"}' WHERE sequence = 4"))
                .isEqualTo(new Verification.Broken(4, "changed: its content does not give its hash"));
    }

    @Test
    void detectsAnEditOfTheTime() throws SQLException {
        assertThat(brokenAfter("UPDATE events SET time = time + 1 WHERE sequence = 1")
                        .sequence())
                .isEqualTo(1);
    }

    @Test
    void detectsDataThatIsNoLongerJson() throws SQLException {
        assertThat(brokenAfter("UPDATE events SET data = '{' WHERE sequence = 2")
                        .why())
                .startsWith("unreadable");
    }

    @Test
    void detectsAHashMadeAnewForAnEdit() throws SQLException {
        Verification.Broken broken = brokenAfter(
                "UPDATE events SET hash = '" + "a".repeat(64) + "' WHERE sequence = 6",
                "UPDATE events SET previous_hash = '" + "a".repeat(64) + "' WHERE sequence = 7");
        assertThat(broken.sequence()).isEqualTo(6);
    }

    @Test
    void detectsADeletion() throws SQLException {
        assertThat(brokenAfter("DELETE FROM events WHERE sequence IN (5, 6)"))
                .isEqualTo(new Verification.Broken(5, "missing: the next entry that exists is 7"));
    }

    @Test
    void detectsADeletionWithLaterEntriesMovedUp() throws SQLException {
        assertThat(brokenAfter(
                                "DELETE FROM events WHERE sequence = 5",
                                "UPDATE events SET sequence = 5 WHERE sequence = 6",
                                "UPDATE events SET sequence = 6 WHERE sequence = 7",
                                "DELETE FROM events WHERE sequence > 6")
                        .sequence())
                .isEqualTo(5);
    }

    @Test
    void detectsReordering() throws SQLException {
        assertThat(brokenAfter(
                                "UPDATE events SET sequence = 100 WHERE sequence = 3",
                                "UPDATE events SET sequence = 3 WHERE sequence = 4",
                                "UPDATE events SET sequence = 4 WHERE sequence = 100")
                        .sequence())
                .isEqualTo(3);
    }

    @Test
    void detectsEntriesCutOffTheEnd_alsoAfterNewOnes() throws SQLException {
        assertThat(brokenAfter("DELETE FROM events WHERE sequence > 7"))
                .isEqualTo(new Verification.Broken(8, "missing: events.head says that the record reached 10"));
        try (Registry registry = Registry.open(home, clock)) {
            for (int i = 8; i <= 12; i++) {
                registry.events().record("trigger.fired", "another", Map.of());
            }
            assertThat(registry.events().verify().firstBroken())
                    .contains(new Verification.Broken(10, "rewritten: events.head holds another hash for it"));
        }
    }

    @Test
    void detectsARecordThatWasEmptied() throws SQLException {
        assertThat(brokenAfter("DELETE FROM events").sequence()).isEqualTo(1);
    }

    @Test
    void doesNotTrustADamagedHead() throws SQLException, IOException {
        try (Registry registry = Registry.open(home, clock)) {
            registry.events().record("trigger.fired", "x", Map.of());
        }
        Files.writeString(home.resolve("events.head"), "nonsense");
        try (Registry registry = Registry.open(home, clock)) {
            assertThat(registry.events().verify().firstBroken().orElseThrow().why())
                    .contains("not a sequence number and a hash");
        }
        assertThat(home.resolve("events.head")).hasContent("nonsense");
    }

    @Test
    void comparesWithAHeadThatWasKeptElsewhere() throws SQLException {
        ChainHead kept;
        try (Registry registry = Registry.open(home, clock)) {
            registry.events().record("trigger.fired", "x", Map.of());
            kept = registry.events().head();
            registry.events().record("trigger.fired", "y", Map.of());
            assertThat(registry.events().verify(kept).ok()).isTrue();
            assertThat(registry.events().verify(new ChainHead(2, kept.hash())).firstBroken())
                    .contains(new Verification.Broken(2, "missing or rewritten since its hash was kept"));
        }
    }

    @Test
    void aHeadThatLagsBehind_isCaughtUp() throws SQLException, IOException {
        String early;
        try (Registry registry = Registry.open(home, clock)) {
            registry.events().record("trigger.fired", "x", Map.of());
            early = Files.readString(home.resolve("events.head"));
            registry.events().record("trigger.fired", "y", Map.of());
        }
        Files.writeString(home.resolve("events.head"), early);
        try (Registry registry = Registry.open(home, clock)) {
            assertThat(registry.events().verify().ok()).isTrue();
            assertThat(home.resolve("events.head")).content().startsWith("0000000000000000002 ");
        }
    }

    /** Computed by the script in {@code src/test/resources/event_hash.py} from the documented encoding alone. */
    @Test
    void hashesAsDocumented() {
        assertThat(EventChain.hash(
                        42,
                        Instant.parse("2026-03-29T01:30:00.123456Z"),
                        "endpoint.promoted",
                        "churn",
                        new TreeMap<>(Map.of("reason", "größer", "", "x", "a", "")),
                        "0".repeat(64)))
                .isEqualTo("bed83a7d0a9bde4fa44c6a85bd65b558a4254ee0b1e875c5db6b775e17cab0fa");
    }

    @Test
    void noTwoEntriesShareAnEncoding() {
        assertThat(hash("ab", "c")).isNotEqualTo(hash("a", "bc"));
        assertThat(hash("a", "", "k", "v")).isNotEqualTo(hash("a", "k", "v", ""));
    }

    private static String hash(String type, String subject, String... data) {
        TreeMap<String, String> map = new TreeMap<>();
        for (int i = 0; i < data.length; i += 2) {
            map.put(data[i], data[i + 1]);
        }
        return EventChain.hash(1, Instant.EPOCH, type, subject, map, "0".repeat(64));
    }
}
