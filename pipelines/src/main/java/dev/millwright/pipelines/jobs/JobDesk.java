package dev.millwright.pipelines.jobs;

import dev.millwright.core.Ids;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineError;
import dev.millwright.serving.ServingError;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;

/**
 * Takes requests that are answered later, and answers them while nobody waits for the endpoint: its own requests go first, and
 * endpoints take turns. What was accepted is on disk; after a kill it is begun again, and there is one answer. Thread-safe.
 */
public final class JobDesk implements AutoCloseable {
    /** A job that ends the process is not to end it for ever. */
    private static final int MOST_KILLS = 3;

    private static final JobAnswer KILLED = JobAnswer.failure(
            500,
            "job: the server ended each time that it was at work on it (expected: an answer). Ask the model at once, with less"
                    + " at a time, to see why.");
    private static final JobAnswer TOO_LATE = JobAnswer.failure(
            503,
            "job: the endpoint had no time for it as long as it was kept (expected: an idle moment). Send it again.");

    private final JobStore store;
    private final JobOptions options;
    private final JobWebhooks webhooks;
    private final JobWorkers workers;
    private final JobCalls calls;
    private final InstantSource clock;
    private final JobThreads threads;
    private final Ids ids;

    private JobDesk(
            JobStore store,
            JobOptions options,
            Predicate<String> isIdle,
            JobWebhooks webhooks,
            InstantSource clock,
            JobThreads threads) {
        this.store = store;
        this.options = options;
        this.webhooks = webhooks;
        this.workers = new JobWorkers(store, options, isIdle, clock);
        this.calls = new JobCalls(store, options, webhooks, clock);
        this.clock = clock;
        this.threads = threads;
        this.ids = new Ids(clock);
    }

    /**
     * Opens the jobs of a home; they are gone on with once there is {@linkplain #serve a door}.
     *
     * @param file {@code HOME/jobs.db}, made when absent
     * @param isIdle whether nobody waits for an endpoint
     * @param threads makes the threads that answer, and those that call webhooks
     * @throws MillwrightException {@link PipelineError#HOME_FAILED}
     */
    public static JobDesk open(
            Path file,
            JobOptions options,
            Predicate<String> isIdle,
            JobWebhooks webhooks,
            InstantSource clock,
            ThreadFactory threads) {
        JobStore store = JobStore.open(file, clock);
        store.change(table -> table.recover(MOST_KILLS, KILLED, clock.millis()));
        return new JobDesk(store, options, isIdle, webhooks, clock, new JobThreads(threads, options.pause()));
    }

    /** Answers what waits, and what comes, by this door until the desk is closed. */
    public void serve(JobDoor door) {
        workers.start(door, threads);
        calls.start(threads);
    }

    /**
     * Takes a request; it is on disk when this returns.
     *
     * @throws MillwrightException {@link ServingError#OVERLOADED} when too many wait, or too much is kept
     */
    public Job submit(JobRequest request) {
        // No call is promised that can't be signed.
        request.webhook().ifPresent(_ -> webhooks.secret());
        return store.write(table -> {
            requireRoom(table, request);
            String id = ids.uuid().toString();
            table.insert(id, request, clock.millis());
            return table.find(id).orElseThrow();
        });
    }

    private void requireRoom(JobTable table, JobRequest request) throws SQLException {
        int waiting = table.waiting(request.endpoint());
        if (waiting >= options.mostWaiting()) {
            throw new MillwrightException(
                    ServingError.OVERLOADED,
                    "jobs: " + waiting + " of " + request.endpoint() + " wait (expected: at most "
                            + options.mostWaiting() + "). Send it again later.");
        }
        long bytes = table.bytes() + request.body().length;
        if (bytes > options.mostBytes()) {
            throw new MillwrightException(
                    ServingError.OVERLOADED,
                    "jobs: " + bytes + " bytes of requests and answers are kept (expected: at most "
                            + options.mostBytes() + "). Fetch answers and delete them, or send it again later.");
        }
    }

    /** How a job stands; empty when there is none of that id. */
    public Optional<Job> find(String id) {
        return store.read(table -> table.find(id));
    }

    /** The answer to a job; empty as long as there is none. */
    public Optional<JobAnswer> findAnswer(String id) {
        return store.read(table -> table.findAnswer(id));
    }

    /** How many jobs there are, by endpoint and state. */
    public List<JobCount> counts() {
        return store.read(JobTable::counts);
    }

    /** What requests and answers take together, in bytes. */
    public long bytes() {
        return store.read(JobTable::bytes);
    }

    /** Withdraws a job, or forgets its answer. One that is under way is finished for nobody. False when there is none of that id. */
    public boolean delete(String id) {
        return store.read(table -> table.delete(id));
    }

    /** Forgets answers that are older than they are kept, and gives up what has waited as long. */
    public void sweep() {
        long before = clock.instant().minus(options.keep()).toEpochMilli();
        store.change(table -> {
            table.sweep(before);
            table.giveUp(before, TOO_LATE, clock.millis());
        });
    }

    /** Forgets everything. */
    public void empty() {
        store.change(JobTable::empty);
    }

    /** Stops; what is under way is begun again at the next start. */
    @Override
    public void close() {
        store.end();
        threads.close();
        webhooks.close();
        store.close();
    }
}
