package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.MillwrightException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterTest {
    private static final int SQLITE_IOERR_FSYNC = 1034;

    private final SettableClock clock = new SettableClock();

    @TempDir
    Path home;

    private Registry registry;

    @BeforeEach
    void open() {
        registry = Registry.open(home, clock);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private List<String> names() {
        return registry.experiments().list().stream()
                .map(Experiment::name)
                .filter(name -> !name.equals("Default"))
                .toList();
    }

    private void limitPages(String limit) {
        registry.database().write(transaction -> {
            transaction.executeOnce("PRAGMA max_page_count = " + limit);
            return true;
        });
    }

    private String fill(int megabytes) {
        Run run = registry.runs()
                .create(NewRun.of(registry.experiments().findOrCreate("e").id(), "r", RunKind.TRAINING));
        registry.runs().setTag(run.id(), "ballast", "x".repeat(megabytes << 20));
        return run.id();
    }

    @Test
    void aFullDiskRefusesTheChange_andTheWriterGoesOn() {
        fill(1);
        long before = registry.events().head().sequence();
        limitPages("1"); // SQLite raises it to what the database has
        assertThatThrownBy(() -> fill(1))
                .isInstanceOfSatisfying(
                        MillwrightException.class,
                        full -> assertThat(full.code()).isEqualTo(RegistryError.STORAGE_FAILED))
                .hasMessageContaining("database or disk is full")
                .hasMessageContaining("Nothing was changed; make room, then retry.");
        limitPages("1000000");
        long after = registry.events().head().sequence();
        fill(1);
        assertThat(registry.events().head().sequence()).isEqualTo(after + 1);
        assertThat(after).isBetween(before, before + 1);
        assertThat(registry.events().verify().ok()).isTrue();
    }

    @Test
    void inOneGroup_aChangeThatFillsTheDisk_doesNotHurtItsNeighbours() throws Exception {
        String run = fill(1);
        registry.runs().setTag(run, "ballast", ""); // leaves free pages for small changes
        limitPages("1");
        List<Future<?>> small = new ArrayList<>();
        Future<?> large;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Hold hold = new Hold();
            Future<?> first = threads.submit(() -> registry.database().write(hold::run));
            hold.running.await();
            for (int i = 0; i < 20; i++) {
                String key = "small-" + i;
                small.add(threads.submit(() -> registry.runs().setTag(run, key, "x")));
            }
            large = threads.submit(() -> registry.runs().setTag(run, "large", "x".repeat(8 << 20)));
            hold.release.countDown();
            first.get();
        }
        assertThatThrownBy(large::get).hasMessageContaining("database or disk is full");
        for (Future<?> one : small) {
            one.get();
        }
        assertThat(registry.runs().tags(run)).hasSize(21).doesNotContainKey("large");
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
                    if (fails) {
                        throw new IllegalStateException("third");
                    }
                    return name;
                })));
            }
            hold.release.countDown();
        }
        for (int i = 0; i < 30; i++) {
            Future<?> change = changes.get(i + 1);
            if (i % 3 == 0) {
                assertThatThrownBy(change::get).hasRootCauseMessage("third");
            } else {
                assertThat(change.get()).isEqualTo("experiment-" + i);
            }
        }
        assertThat(names()).hasSize(20).doesNotContain("experiment-0", "experiment-3");
        assertThat(registry.events().head().sequence()).isEqualTo(20);
        assertThat(registry.events().verify().ok()).isTrue();
    }

    @Test
    void afterAnInputOutputError_theWriterRefusesEverything_untilReopened() {
        registry.experiments().create("before");
        assertThatThrownBy(() -> registry.database().write(transaction -> {
                    transaction.update("INSERT INTO experiments (name, created) VALUES ('lost', 0)");
                    throw new SQLException("disk I/O error", "", SQLITE_IOERR_FSYNC);
                }))
                .hasMessageContaining("disk I/O error");
        assertThatThrownBy(() -> registry.experiments().create("after"))
                .isInstanceOfSatisfying(
                        MillwrightException.class,
                        refused -> assertThat(refused.code()).isEqualTo(RegistryError.STORAGE_FAILED))
                .hasMessageContaining("refuses changes after a failure of the disk");
        assertThat(names()).containsExactly("before");
        registry.close();
        open();
        registry.experiments().create("after");
        assertThat(names()).containsExactly("before", "after");
    }

    @Test
    void aChangeFromWithinAChange_isADefect() {
        assertThatThrownBy(() -> registry.database()
                        .write(transaction -> registry.experiments().create("inner")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a change was submitted from within a change");
    }

    @Test
    void anEventNeedsASyncedChange() {
        assertThatThrownBy(() -> registry.database().log(transaction -> {
                    transaction.append("test.happened", "x", Map.of());
                    return true;
                }))
                .hasMessageContaining("an event in a change that is not synced");
    }

    @Test
    void aClosedRegistryRefuses() {
        registry.close();
        registry.close();
        assertThatThrownBy(() -> registry.experiments().create("late"))
                .isInstanceOf(MillwrightException.class)
                .hasMessage("registry: closed (expected: open)");
        assertThatThrownBy(() -> registry.experiments().list()).hasMessage("registry: closed (expected: open)");
    }

    @Test
    void anInterruptedCaller_learnsTheOutcome_andStaysInterrupted() {
        Thread.currentThread().interrupt();
        Experiment created = registry.experiments().create("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(names()).containsExactly(created.name());
    }
}
