package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresWriterTest {
    private final SettableClock clock = new SettableClock();

    @TempDir
    Path home;

    @TempDir
    Path otherHome;

    private DatabaseUrl url;
    private Registry registry;

    @BeforeEach
    void open() {
        url = PostgresForTests.emptySchema();
        registry = Registry.open(home, RegistryOptions.at(url), clock);
    }

    @AfterEach
    void close() {
        try (Registry closing = registry) {
            assertThat(closing.events().verify().firstBroken()).isEmpty();
        }
    }

    private List<String> names() {
        return registry.experiments().list().stream()
                .map(Experiment::name)
                .filter(name -> !name.equals("Default"))
                .toList();
    }

    private static int backend(Session session) throws SQLException {
        return session.find("SELECT pg_backend_pid()", row -> row.getInt(1)).orElseThrow();
    }

    private static void end(int backend) {
        PostgresForTests.execute("SELECT pg_terminate_backend(" + backend + ", 10000)");
    }

    @Test
    void goesOnAfterALostConnection() {
        registry.experiments().create("before");
        end(registry.database().write(PostgresWriterTest::backend));
        end(registry.database().read(PostgresWriterTest::backend));
        assertThat(names()).containsExactly("before");
        registry.experiments().create("after");
        assertThat(names()).containsExactly("before", "after");
    }

    @Test
    void doesAChangeAgain_whoseConnectionIsLostBeforeItsCommit() {
        List<Integer> attempts = new ArrayList<>();
        registry.database().write(transaction -> {
            attempts.add(backend(transaction));
            transaction.append("test.happened", "x", Map.of());
            if (attempts.size() == 1) {
                end(attempts.getFirst());
            }
            return transaction.update("INSERT INTO experiments (name, created) VALUES ('once', 0)");
        });
        assertThat(attempts).hasSize(2).doesNotHaveDuplicates();
        assertThat(names()).containsExactly("once");
    }

    @Test
    void aCommitWithoutAnAnswerIsInDoubt_andNotDoneAgain() {
        List<Integer> attempts = new ArrayList<>();
        assertThatThrownBy(() -> registry.database().write(transaction -> {
                    attempts.add(backend(transaction));
                    int rows = transaction.update("INSERT INTO experiments (name, created) VALUES ('lost', 0)");
                    end(attempts.getFirst());
                    return rows;
                }))
                .isInstanceOfSatisfying(
                        MillwrightException.class,
                        doubt -> assertThat(doubt.code()).isEqualTo(RegistryError.STATE_UNKNOWN))
                .hasMessageContaining("look first, then do it again if need be");
        assertThat(attempts).hasSize(1);
        registry.experiments().create("after");
        assertThat(names()).containsExactly("after");
    }

    @Test
    void writesNoMore_onceAnotherServerTookTheDatabase() {
        int mine = registry.database().write(PostgresWriterTest::backend);
        end(mine);
        try (Registry successor = Registry.open(otherHome, RegistryOptions.at(url), clock)) {
            assertThatThrownBy(() -> registry.experiments().create("late"))
                    .isInstanceOfSatisfying(
                            MillwrightException.class,
                            refused -> assertThat(refused.code()).isEqualTo(RegistryError.DATABASE_IN_USE));
            successor.experiments().create("successor");
        }
        assertThat(names()).containsExactly("successor");
        registry.experiments().create("again the owner");
    }

    @Test
    void inOneGroup_aFailingChangeIsUndone_andTheOthersAreKept() throws Exception {
        List<Future<?>> changes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Hold hold = new Hold();
            changes.add(threads.submit(() -> registry.database().write(hold::run)));
            hold.running.await();
            for (int i = 0; i < 30; i++) {
                String name = "experiment-" + i;
                boolean fails = i % 3 == 0;
                changes.add(threads.submit(() -> registry.database().write(transaction -> {
                    transaction.update("INSERT INTO experiments (name, created) VALUES (?, 0)", name);
                    transaction.append("test.happened", name, Map.of());
                    return fails ? transaction.update("INSERT INTO nowhere VALUES (1)") : 1;
                })));
            }
            hold.release.countDown();
        }
        for (int i = 0; i < 30; i++) {
            Future<?> change = changes.get(i + 1);
            if (i % 3 == 0) {
                assertThatThrownBy(change::get).hasMessageContaining("nowhere");
            } else {
                assertThat(change.get()).isEqualTo(1);
            }
        }
        assertThat(names()).hasSize(20).doesNotContain("experiment-0", "experiment-3");
        assertThat(registry.events().head().sequence()).isEqualTo(20);
    }

    @Test
    void commitsAreSynced_evenWhereTheServerIsSetNotTo() {
        Optional<String> setting = registry.database()
                .write(transaction -> transaction.find("SHOW synchronous_commit", row -> row.getString(1)));
        assertThat(setting).contains("on");
    }

    @Test
    void refusesTextThatPostgresCantStore() {
        String experiment = registry.experiments().create("odd").id();
        Run run = registry.runs().create(NewRun.of(experiment, "r", RunKind.TRACKED));
        assertThatThrownBy(() -> registry.runs().logParam(run.id(), "p", "a\u0000b"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("character 2 of 'a␀b' is U+0000 (expected: none");
        registry.runs().logParam(run.id(), "p", "half \ud83d pair");
        registry.runs().setTag(run.id(), "t", "whole 😀 pair");
        assertThat(registry.runs().params(run.id())).containsEntry("p", "half ? pair");
        assertThat(registry.runs().tags(run.id())).containsEntry("t", "whole 😀 pair");
    }

    @Test
    void takesValuesThatAreLongerThanAnIndexEntry() {
        String experiment = registry.experiments().create("long").id();
        Run run = registry.runs().create(NewRun.of(experiment, "r", RunKind.TRACKED));
        StringBuilder incompressible = new StringBuilder();
        new java.util.Random(1).ints(8000, 'a', 'z').forEach(incompressible::appendCodePoint);
        registry.runs().logParam(run.id(), "p", incompressible.toString());
        assertThat(registry.runs().params(run.id())).containsEntry("p", incompressible.toString());
    }
}
