package dev.millwright.pipelines;

import dev.millwright.core.Actor;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.PipelineRuns.Started;
import dev.millwright.registry.PipelineRun;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunStatus;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * Where runs are handed in: they are done one after the other, since each takes all cores, and can be followed from any
 * thread. Thread-safe. Close it before its worker: the run under way then stops at its next step or report of progress,
 * and can be resumed.
 */
public final class RunDesk implements AutoCloseable {
    private static final int REMEMBERED = 200;

    private final PipelineRuns runs;
    private final ExecutorService worker;
    private final Map<String, RunJournal> journals = new LinkedHashMap<>();
    private volatile boolean closing;

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
        requireOpen();
        return take(runs.start(request), listener);
    }

    /** Queues an interrupted run, from its last finished step; the newest such run when none is named. */
    public Ticket resume(Optional<String> idOrPrefix, RunListener listener) {
        requireOpen();
        return take(runs.resume(idOrPrefix), listener);
    }

    private void requireOpen() {
        if (closing) {
            throw stopped();
        }
    }

    /**
     * Queues the runs that were interrupted, the oldest first. Left out are those that a later run of their pipeline made
     * needless, and those that ended the process several times at the same step. One that cannot go on stays as it is, and
     * the record says why.
     */
    public List<Ticket> resumeInterrupted() {
        List<Ticket> tickets = new ArrayList<>();
        for (PipelineRun run : runs.interrupted()) {
            try {
                tickets.add(resume(Optional.of(run.id()), RunListener.NONE));
            } catch (RuntimeException refused) {
                runs.recordNotResumed(run.id(), String.valueOf(refused.getMessage()));
            }
        }
        return tickets;
    }

    private Ticket take(Started started, RunListener listener) {
        String id = started.run().id();
        RunJournal journal = new RunJournal();
        remember(id, journal);
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        try {
            worker.execute(inTheNameOf(started.run(), () -> work(started, journal, listener, outcome)));
        } catch (RejectedExecutionException full) {
            forget(id);
            if (closing) {
                runs.end(started, RunStatus.INTERRUPTED, "the process ended");
                throw stopped();
            }
            runs.end(started, RunStatus.FAILED, "too many runs waited");
            throw new MillwrightException(
                    PipelineError.TOO_MANY_RUNS,
                    "run: too many wait already (expected: fewer). Try again later.",
                    full);
        }
        return new Ticket(id, journal, outcome);
    }

    /** A run is done for whoever handed it in, also when it goes on after the process was gone. */
    private static Runnable inTheNameOf(Run run, Runnable work) {
        return run.user().isEmpty() ? work : () -> Actor.run(run.user(), work);
    }

    private void work(Started started, RunJournal journal, RunListener listener, CompletableFuture<Outcome> outcome) {
        try {
            outcome.complete(runs.follow(started, event -> {
                stopIfClosing(event);
                journal.on(event);
                listener.on(event);
            }));
        } catch (RuntimeException | Error failed) {
            outcome.completeExceptionally(failed);
        }
    }

    private void stopIfClosing(RunEvent event) {
        boolean working = event instanceof RunEvent.StepStarted || event instanceof RunEvent.StepProgress;
        if (closing && working) {
            throw stopped();
        }
    }

    private static MillwrightException stopped() {
        return new MillwrightException(
                PipelineError.STOPPED,
                "the process that holds the home ends. Go on with 'run --resume', or start a server, which does so by itself.");
    }

    @Override
    public void close() {
        closing = true;
    }

    /** Whether no run is under way or waits. */
    public synchronized boolean isIdle() {
        return journals.values().stream().allMatch(RunJournal::hasEnded);
    }

    private synchronized void forget(String id) {
        journals.remove(id);
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
