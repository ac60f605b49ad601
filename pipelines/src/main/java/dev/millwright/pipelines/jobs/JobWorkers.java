package dev.millwright.pipelines.jobs;

import dev.millwright.core.ErrorKind;
import dev.millwright.core.MillwrightException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that answer jobs while nobody waits for their endpoints. */
final class JobWorkers {
    private static final Logger LOG = LoggerFactory.getLogger(JobWorkers.class);

    /** How long to wait before a busy endpoint is looked at again. */
    private static final Duration BUSY = Duration.ofMillis(20);

    private final JobStore store;
    private final JobOptions options;
    private final Predicate<String> isIdle;
    private final InstantSource clock;
    /** Guarded by the store. */
    private String lastEndpoint = "";

    JobWorkers(JobStore store, JobOptions options, Predicate<String> isIdle, InstantSource clock) {
        this.store = store;
        this.options = options;
        this.isIdle = isIdle;
        this.clock = clock;
    }

    void start(JobDoor door, JobThreads threads) {
        for (int i = 0; i < options.running(); i++) {
            threads.repeat(() -> answerNext(door));
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
        if (answer.isPresent()) {
            store.persist(options, end(begun, answer.get()), unwritable -> end(begun, unstored(unwritable)));
        } else {
            JobStore.Change later = table -> table.putOff(
                    begun, clock.millis() + options.pauseAfter(begun.attempt()).toMillis());
            store.persist(options, later, _ -> later);
        }
    }

    private JobStore.Change end(JobTable.Begun begun, JobAnswer answer) {
        return table -> table.end(begun, answer, clock.millis());
    }

    /** Short enough to be stored where the answer was not. */
    private static JobAnswer unstored(MillwrightException unwritable) {
        return JobAnswer.failure(
                500,
                "job: its answer could not be stored (expected: room for it). Send it again. "
                        + unwritable.getMessage());
    }

    /** The next job, of the endpoint whose turn it is. */
    private Optional<JobTable.Begun> begin(JobTable table) throws SQLException {
        for (String endpoint : Turns.after(lastEndpoint, table.due(clock.millis()))) {
            if (isIdle.test(endpoint)) {
                lastEndpoint = endpoint;
                return table.begin(endpoint, clock.millis());
            }
        }
        return Optional.empty();
    }

    /** Empty when it is to be tried again. */
    private Optional<JobAnswer> answer(JobDoor door, JobTable.Begun begun) {
        try {
            return Optional.of(door.answer(begun.request()));
        } catch (RuntimeException | Error unexpected) {
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
}
