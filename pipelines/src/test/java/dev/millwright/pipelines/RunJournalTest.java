package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.pipelines.RunJournal.Entry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RunJournalTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final RunJournal journal = new RunJournal();

    @Test
    void keepsTheLastProgressOnly_andNoneOnceTheStepIsOver() throws InterruptedException {
        journal.on(new RunEvent.StepStarted("features", 1, 2));
        journal.on(new RunEvent.StepProgress("features", "rows", 1, 3));
        journal.on(new RunEvent.StepProgress("features", "rows", 2, 3));

        assertThat(journal.after(0, Duration.ZERO)).extracting(Entry::number).containsExactly(1L, 3L);

        journal.on(new RunEvent.StepFinished("features", 0.1, false, "3 rows"));

        assertThat(journal.after(0, Duration.ZERO))
                .extracting(Entry::event)
                .containsExactly(
                        new RunEvent.StepStarted("features", 1, 2),
                        new RunEvent.StepFinished("features", 0.1, false, "3 rows"));
    }

    @Test
    void givesAReaderWhatIsNewToIt() throws InterruptedException {
        journal.on(new RunEvent.StepStarted("features", 1, 1));
        List<Entry> first = journal.after(0, Duration.ZERO);
        journal.on(new RunEvent.StepFailed("features", "no rows"));

        assertThat(journal.after(first.getLast().number(), LONG))
                .extracting(Entry::event)
                .containsExactly(new RunEvent.StepFailed("features", "no rows"));
        assertThat(journal.after(2, Duration.ZERO)).isEmpty();
        assertThat(journal.hasEnded()).isFalse();
    }

    @Test
    void wakesAReaderThatWaits() throws InterruptedException {
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            journal.on(new RunEvent.StepStarted("features", 1, 1));
            journal.on(new RunEvent.RunEnded("r1", "finished", "{}"));
        });

        assertThat(journal.awaitEnd(LONG)).isTrue();
        assertThat(journal.after(0, LONG)).hasSize(2);
        assertThat(journal.after(2, LONG)).isEmpty();
        writer.join();
    }

    @Test
    void keepsTheLatestOfWhatIsPrinted() throws InterruptedException {
        journal.on(new RunEvent.StepStarted("train command", 1, 1));
        for (int i = 0; i < 200; i++) {
            journal.on(new RunEvent.StepPrinted("train command", i + 1, List.of("x".repeat(999))));
        }
        journal.on(new RunEvent.StepFinished("train command", 1, false, "done"));

        List<Entry> entries = journal.after(0, Duration.ZERO);

        assertThat(entries).hasSize(1 + 64 + 1);
        assertThat(entries.get(1).event())
                .isInstanceOfSatisfying(
                        RunEvent.StepPrinted.class,
                        oldest -> assertThat(oldest.first()).isEqualTo(137));
    }
}
