package dev.millwright.pipelines.jobs;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millwright.core.ErrorKind;
import dev.millwright.core.Ids;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineError;
import dev.millwright.serving.ServingError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests that are answered later, and answers them while nobody waits for the endpoint: its own requests go first, and
 * endpoints take turns. What was accepted is on disk; after a kill it is begun again, and there is one answer. Thread-safe.
 */
public final class JobDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobDesk.class);

    /** How long to wait before a busy endpoint is looked at again. */
    private static final Duration BUSY = Duration.ofMillis(20);

    /** A job that ends the process is not to end it for ever. */
    private static final int MOST_KILLS = 3;

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final JobAnswer KILLED = failure(
            500,
            "job: the server ended each time that it was at work on it"
                    + " (expected: an answer). Ask the model at once, with less at a time, to see why.");
    private static final JobAnswer TOO_LATE =
            failure(503, "job: the endpoint had no time for it as long as it was kept. Send it again.");

    private final JobTable table;
    private final JobOptions options;
    private final Predicate<String> isIdle;
    private final InstantSource clock;
    private final ThreadFactory threads;
    private final JobWebhooks webhooks;
    private final Ids ids;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<Thread> workers = new ArrayList<>();
    private String lastEndpoint = "";
    private volatile boolean closing;

    private JobDesk(
            JobTable table,
            JobOptions options,
            Predicate<String> isIdle,
            JobWebhooks webhooks,
            InstantSource clock,
            ThreadFactory threads) {
        this.table = table;
        this.options = options;
        this.isIdle = isIdle;
        this.webhooks = webhooks;
        this.clock = clock;
        this.threads = threads;
        this.ids = new Ids(clock);
    }

    /**
     * Opens the jobs of a home; they are gone on with once there is {@linkplain #serve a door}.
     *
     * @param file {@code HOME/jobs.db}, made when absent
     * @param isIdle whether nobody waits for an endpoint
     * @param threads makes the threads that answer, and the one that calls webhooks
     * @throws MillwrightException {@link PipelineError#HOME_FAILED}
     */
    public static JobDesk open(
            Path file,
            JobOptions options,
            Predicate<String> isIdle,
            JobWebhooks webhooks,
            InstantSource clock,
            ThreadFactory threads) {
        try {
            JobTable table = new JobTable(file);
            table.recover(MOST_KILLS, KILLED, clock.millis());
            return new JobDesk(table, options, isIdle, webhooks, clock, threads);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static MillwrightException failed(SQLException e) {
        return new MillwrightException(
                PipelineError.HOME_FAILED,
                "jobs.db: " + e.getMessage() + " (expected: a writable file with room). See that the disk isn't full.",
                e);
    }

    private static JobAnswer failure(int status, String message) {
        return new JobAnswer(
                status,
                "application/json",
                Optional.empty(),
                new JsonMapper()
                        .createObjectNode()
                        .put("error", message)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Answers what waits, and what comes, by this door until the desk is closed. */
    public void serve(JobDoor door) {
        for (int i = 0; i < options.running(); i++) {
            workers.add(threads.newThread(() -> untilClosed(() -> answerNext(door))));
        }
        workers.add(threads.newThread(() -> untilClosed(this::callNext)));
        workers.forEach(Thread::start);
    }

    /** Something done with the table. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T locked(Work<T> work) {
        lock.lock();
        try {
            return work.run();
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a request; it is on disk when this returns.
     *
     * @throws MillwrightException {@link ServingError#OVERLOADED} when too many wait, or too much is kept
     */
    public Job submit(JobRequest request) {
        return locked(() -> {
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
            String id = ids.uuid().toString();
            request.webhook().ifPresent(_ -> webhooks.prepare());
            table.insert(id, request, clock.millis());
            news.signalAll();
            return table.find(id).orElseThrow();
        });
    }

    /** How a job stands; empty when there is none of that id. */
    public Optional<Job> find(String id) {
        return locked(() -> table.find(id));
    }

    /** The answer to a job; empty as long as there is none. */
    public Optional<JobAnswer> findAnswer(String id) {
        return locked(() -> table.findAnswer(id));
    }

    /** Withdraws a job, or forgets its answer. One that is under way is finished for nobody. False when there is none of that id. */
    public boolean delete(String id) {
        return locked(() -> table.delete(id));
    }

    /** Forgets answers that are older than they are kept, and gives up what has waited as long. */
    public void sweep() {
        locked(() -> {
            long before = clock.instant().minus(options.keep()).toEpochMilli();
            table.sweep(before);
            table.giveUp(before, TOO_LATE, clock.millis());
            return true;
        });
    }

    /** Forgets everything. */
    public void empty() {
        locked(() -> {
            table.empty();
            return true;
        });
    }

    /** Does some work, or waits for some. */
    @FunctionalInterface
    private interface Turn {
        void take() throws InterruptedException;
    }

    private void untilClosed(Turn turn) {
        while (!closing) {
            try {
                turn.take();
            } catch (InterruptedException stopping) {
                // Closing; else it was meant for nobody.
            } catch (RuntimeException failed) {
                LOG.error("a job could not be gone on with", failed);
                pauseAfterFailure();
            }
        }
    }

    private void pauseAfterFailure() {
        lock.lock();
        try {
            // Whoever signals has news, not a remedy: whether it comes or not, the next turn will tell.
            var _ = news.await(options.pause().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            // Closing.
        } finally {
            lock.unlock();
        }
    }

    private void answerNext(JobDoor door) throws InterruptedException {
        JobTable.@Nullable Begun begun = beginNext();
        if (begun == null) {
            return;
        }
        Optional<JobAnswer> answer = answer(door, begun);
        locked(() -> {
            if (answer.isPresent()) {
                table.end(begun, answer.get(), clock.millis());
            } else {
                table.putOff(begun, clock.millis() + pause(begun.attempt()));
            }
            news.signalAll();
            return true;
        });
    }

    /** Empty when it is to be tried again. */
    private Optional<JobAnswer> answer(JobDoor door, JobTable.Begun begun) {
        try {
            return Optional.of(door.answer(begun.request()));
        } catch (RuntimeException unexpected) {
            if (unexpected instanceof MillwrightException known && known.code().kind() == ErrorKind.UNAVAILABLE) {
                return begun.attempt() < options.attempts()
                        ? Optional.empty()
                        : Optional.of(failure(503, String.valueOf(known.getMessage())));
            }
            LOG.error("the job {} of {} failed", begun.id(), begun.request().endpoint(), unexpected);
            return Optional.of(failure(500, "Something went wrong inside Millwright; the server's log says what"));
        }
    }

    private long pause(int attempt) {
        return Math.min(LONGEST_PAUSE.toMillis(), options.pause().toMillis() << Math.min(attempt - 1, 20));
    }

    /** The next job, of the endpoint whose turn it is; waits for a while when there is none. */
    private JobTable.@Nullable Begun beginNext() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            List<String> due = table.due(clock.millis());
            for (String endpoint : inTurn(due)) {
                if (isIdle.test(endpoint)) {
                    Optional<JobTable.Begun> begun = table.begin(endpoint, clock.millis());
                    if (begun.isPresent()) {
                        lastEndpoint = endpoint;
                        return begun.get();
                    }
                }
            }
            await(due.isEmpty() ? table.nextDue() : Optional.of(clock.millis() + BUSY.toMillis()));
            return null;
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }

    /** Those after the one that was last, then those up to it. */
    private List<String> inTurn(List<String> endpoints) {
        List<String> inTurn = new ArrayList<>();
        endpoints.stream().filter(name -> name.compareTo(lastEndpoint) > 0).forEach(inTurn::add);
        endpoints.stream().filter(name -> name.compareTo(lastEndpoint) <= 0).forEach(inTurn::add);
        return inTurn;
    }

    /** Waits for news, or until a time. */
    private void await(Optional<Long> until) throws InterruptedException {
        if (closing) {
            return;
        }
        if (until.isEmpty()) {
            news.await();
        } else {
            // Either way the next turn looks for itself.
            var _ = news.await(Math.max(1, until.get() - clock.millis()), TimeUnit.MILLISECONDS);
        }
    }

    private void callNext() throws InterruptedException {
        JobTable.@Nullable WebhookCall call = nextCall();
        if (call == null) {
            return;
        }
        JobWebhooks.Result result = webhooks.call(call, Instant.ofEpochMilli(clock.millis()));
        locked(() -> {
            table.called(
                    call.job().id(), result.state(), result.again().map(pause -> clock.millis() + pause.toMillis()));
            return true;
        });
    }

    private JobTable.@Nullable WebhookCall nextCall() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Optional<JobTable.WebhookCall> call = table.nextCall(clock.millis());
            if (call.isEmpty()) {
                await(table.nextCallDue());
            }
            return call.orElse(null);
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }

    /** Stops; what is under way is begun again at the next start. */
    @Override
    public void close() {
        closing = true;
        workers.forEach(Thread::interrupt);
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        webhooks.close();
        locked(() -> {
            table.close();
            return true;
        });
    }
}
