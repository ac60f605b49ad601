package dev.millwright.pipelines.jobs;

import dev.millwright.core.ErrorKind;
import dev.millwright.core.MillwrightException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that answer jobs while nobody waits for their endpoints, and the one that says so to webhooks. */
final class JobWorkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobWorkers.class);

    /** How long to wait before a busy endpoint is looked at again. */
    private static final Duration BUSY = Duration.ofMillis(20);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final JobStore store;
    private final JobOptions options;
    private final Predicate<String> isIdle;
    private final JobWebhooks webhooks;
    private final InstantSource clock;
    private final List<Thread> threads = new ArrayList<>();
    /** Guarded by the store. */
    private String lastEndpoint = "";

    private volatile boolean closing;

    JobWorkers(
            JobStore store, JobOptions options, Predicate<String> isIdle, JobWebhooks webhooks, InstantSource clock) {
        this.store = store;
        this.options = options;
        this.isIdle = isIdle;
        this.webhooks = webhooks;
        this.clock = clock;
    }

    void start(JobDoor door, ThreadFactory factory) {
        for (int i = 0; i < options.running(); i++) {
            threads.add(factory.newThread(() -> untilClosed(() -> answerNext(door))));
        }
        threads.add(factory.newThread(() -> untilClosed(this::callNext)));
        threads.forEach(Thread::start);
    }

    /** Does some work, or waits for some. */
    @FunctionalInterface
    private interface Turn {
        void take() throws InterruptedException;
    }

    private void untilClosed(Turn turn) {
        while (!closing) {
            try {
                try {
                    turn.take();
                } catch (RuntimeException failed) {
                    LOG.error("a job could not be gone on with", failed);
                    TimeUnit.MILLISECONDS.sleep(options.pause().toMillis());
                }
            } catch (InterruptedException stopping) {
                // Closing; else it was meant for nobody.
            }
        }
    }

    private void answerNext(JobDoor door) throws InterruptedException {
        Optional<JobTable.Begun> next = store.await(
                this::begin,
                table -> table.due(clock.millis()).isEmpty()
                        ? table.nextDue()
                        : Optional.of(clock.millis() + BUSY.toMillis()));
        if (next.isEmpty()) {
            return;
        }
        JobTable.Begun begun = next.get();
        Optional<JobAnswer> answer = answer(door, begun);
        store.change(table -> {
            if (answer.isPresent()) {
                table.end(begun, answer.get(), clock.millis());
            } else {
                table.putOff(begun, clock.millis() + pause(begun.attempt()));
            }
        });
    }

    /** The next job, of the endpoint whose turn it is. */
    private Optional<JobTable.Begun> begin(JobTable table) throws SQLException {
        for (String endpoint : inTurn(table.due(clock.millis()))) {
            if (isIdle.test(endpoint)) {
                lastEndpoint = endpoint;
                return table.begin(endpoint, clock.millis());
            }
        }
        return Optional.empty();
    }

    /** Those after the one that was last, then those up to it. */
    private List<String> inTurn(List<String> endpoints) {
        List<String> inTurn = new ArrayList<>();
        endpoints.stream().filter(name -> name.compareTo(lastEndpoint) > 0).forEach(inTurn::add);
        endpoints.stream().filter(name -> name.compareTo(lastEndpoint) <= 0).forEach(inTurn::add);
        return inTurn;
    }

    /** Empty when it is to be tried again. */
    private Optional<JobAnswer> answer(JobDoor door, JobTable.Begun begun) {
        try {
            return Optional.of(door.answer(begun.request()));
        } catch (RuntimeException unexpected) {
            if (unexpected instanceof MillwrightException known && known.code().kind() == ErrorKind.UNAVAILABLE) {
                return begun.attempt() < options.attempts()
                        ? Optional.empty()
                        : Optional.of(JobAnswer.failure(503, String.valueOf(known.getMessage())));
            }
            LOG.error("the job {} of {} failed", begun.id(), begun.request().endpoint(), unexpected);
            return Optional.of(
                    JobAnswer.failure(500, "Something went wrong inside Millwright; the server's log says what"));
        }
    }

    private long pause(int attempt) {
        return Math.min(LONGEST_PAUSE.toMillis(), options.pause().toMillis() << Math.min(attempt - 1, 20));
    }

    private void callNext() throws InterruptedException {
        Optional<JobTable.WebhookCall> next =
                store.await(table -> table.nextCall(clock.millis()), JobTable::nextCallDue);
        if (next.isEmpty()) {
            return;
        }
        JobWebhooks.Result result = webhooks.call(next.get(), clock.instant());
        store.change(table -> table.called(
                next.get().job().id(), result.state(), result.again().map(pause -> clock.millis() + pause.toMillis())));
    }

    /** Waits for what is under way, unless it heeds interruptions. */
    @Override
    public void close() {
        closing = true;
        store.end();
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
