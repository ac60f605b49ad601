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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Where runs are handed in: they are done one after the other, since each takes all cores, and can be followed from any
 * thread. A run stops at its next step or report of progress when it is cancelled, or when the desk is closed, which is to
 * be done before its worker is; either way it can be resumed. Thread-safe.
 */
public final class RunDesk implements AutoCloseable {
    private static final int REMEMBERED = 200;

    private final PipelineRuns runs;
    private final ExecutorService worker;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
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

    /** A run between its being taken in and its end. */
    private static final class Job {
        final Started started;
        final RunJournal journal = new RunJournal();
        final RunListener listener;
        final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final AtomicBoolean taken = new AtomicBoolean();
        private volatile @Nullable String cancelled;

        Job(Started started, RunListener listener) {
            this.started = started;
            this.listener = listener;
        }

        String id() {
            return started.run().id();
        }

        /** Whether the caller is the first who may work on it. */
        boolean take() {
            return taken.compareAndSet(false, true);
        }
    }

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
        Job job = new Job(started, listener);
        remember(job);
        try {
            worker.execute(inTheNameOf(job.started.run(), () -> work(job)));
        } catch (RejectedExecutionException full) {
            forget(job.id());
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
        return new Ticket(job.id(), job.journal, job.outcome);
    }

    /** A run is done for whoever handed it in, also when it goes on after the process was gone. */
    private static Runnable inTheNameOf(Run run, Runnable work) {
        return run.user().isEmpty() ? work : () -> Actor.run(run.user(), work);
    }

    private void work(Job job) {
        if (!job.take()) {
            return; // it was cancelled while it waited
        }
        try {
            job.outcome.complete(runs.follow(job.started, event -> {
                stopIfAsked(job, event);
                job.journal.on(event);
                job.listener.on(event);
            }));
        } catch (RuntimeException | Error failed) {
            job.outcome.completeExceptionally(failed);
        }
    }

    private void stopIfAsked(Job job, RunEvent event) {
        boolean working = event instanceof RunEvent.StepStarted || event instanceof RunEvent.StepProgress;
        if (working && closing) {
            throw stopped();
        }
        String reason = job.cancelled;
        if (working && reason != null) {
            throw new MillwrightException(
                    PipelineError.CANCELLED,
                    "the run was cancelled: " + reason + ". Go on with 'run --resume " + job.id() + "'.");
        }
    }

    /**
     * Cancels a run that waits or is under way, and returns its id. One that waits has ended when this returns; one that is under
     * way ends at its next step or report of progress, with all processes that a command of it started.
     *
     * @param idOrPrefix of the run
     * @throws MillwrightException {@link PipelineError#NOTHING_TO_CANCEL} when it has ended already, or is none of this desk's
     */
    public String cancel(String idOrPrefix, String reason) {
        Run run = runs.load(idOrPrefix);
        Job job = findJob(run.id())
                .filter(known -> !known.journal.hasEnded())
                .orElseThrow(
                        () -> new MillwrightException(
                                PipelineError.NOTHING_TO_CANCEL,
                                "run: " + run.id() + " is "
                                        + run.status().name().toLowerCase(Locale.ROOT)
                                        + " (expected: a pipeline's run that waits or is under way). There is nothing to cancel."));
        job.cancelled = reason;
        work(job);
        return run.id();
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
        return jobs.values().stream().allMatch(job -> job.journal.hasEnded());
    }

    private synchronized void forget(String id) {
        jobs.remove(id);
    }

    private synchronized void remember(Job job) {
        jobs.put(job.id(), job);
        Iterator<Job> oldest = jobs.values().iterator();
        while (jobs.size() > REMEMBERED && oldest.hasNext()) {
            if (oldest.next().journal.hasEnded()) {
                oldest.remove();
            }
        }
    }

    private synchronized Optional<Job> findJob(String run) {
        return Optional.ofNullable(jobs.get(run));
    }

    /** The journal of a run of this process; older runs are in the registry. */
    public Optional<RunJournal> find(String run) {
        return findJob(run).map(job -> job.journal);
    }
}
