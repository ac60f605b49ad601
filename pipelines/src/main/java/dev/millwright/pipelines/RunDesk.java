package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.PipelineRuns.Started;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * Where runs are handed in: they are done one after the other, since each takes all cores, and can be followed from any
 * thread. Thread-safe.
 */
public final class RunDesk {
    private static final int REMEMBERED = 200;

    private final PipelineRuns runs;
    private final ExecutorService worker;
    private final Map<String, RunJournal> journals = new LinkedHashMap<>();

    /**
     * Makes a desk.
     *
     * @param worker one thread and a bounded queue; the caller closes it
     */
    public RunDesk(PipelineRuns runs, ExecutorService worker) {
        this.runs = runs;
        this.worker = worker;
    }

    /** A run that was taken in: its outcome comes when it is done. */
    public record Ticket(String run, RunJournal journal, CompletableFuture<Outcome> outcome) {}

    /**
     * Checks the file, records the run and queues its work.
     *
     * @throws dev.millwright.core.InvalidInputException with every mistake of the file
     * @throws MillwrightException when too many runs wait
     */
    public Ticket submit(RunRequest request, RunListener listener) {
        return take(runs.start(request), listener);
    }

    /** Queues an interrupted run, from its last finished step; the newest such run when none is named. */
    public Ticket resume(Optional<String> idOrPrefix, RunListener listener) {
        return take(runs.resume(idOrPrefix), listener);
    }

    private Ticket take(Started started, RunListener listener) {
        String id = started.run().id();
        RunJournal journal = new RunJournal();
        remember(id, journal);
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        try {
            worker.execute(() -> work(started, journal, listener, outcome));
        } catch (RejectedExecutionException full) {
            throw new MillwrightException(
                    PipelineError.TOO_MANY_RUNS,
                    "run: too many wait already (expected: fewer). Try again later.",
                    full);
        }
        return new Ticket(id, journal, outcome);
    }

    private void work(Started started, RunJournal journal, RunListener listener, CompletableFuture<Outcome> outcome) {
        try {
            outcome.complete(runs.follow(started, event -> {
                journal.on(event);
                listener.on(event);
            }));
        } catch (RuntimeException | Error failed) {
            outcome.completeExceptionally(failed);
        }
    }

    private synchronized void remember(String id, RunJournal journal) {
        journals.put(id, journal);
        Iterator<RunJournal> oldest = journals.values().iterator();
        while (journals.size() > REMEMBERED && oldest.hasNext()) {
            if (oldest.next().hasEnded()) {
                oldest.remove();
            }
        }
    }

    /** The journal of a run of this process; older runs are in the registry. */
    public synchronized Optional<RunJournal> find(String run) {
        return Optional.ofNullable(journals.get(run));
    }
}
