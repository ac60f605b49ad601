package dev.millwright.serving.remote;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.serving.BackendStatus;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.TensorModel;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A model that other servers answer for. A call that fails is made again at another server as {@link Retries} allows, within its
 * deadline and the budget for that. Thread-safe; blocks its thread while it waits.
 */
public final class RemoteModel implements TensorModel {
    private static final int MOST_ATTEMPTS = 3;

    /** Whoever gives a server less time than that can't hold it against the server. */
    private static final long FAIR_NANOS = Duration.ofSeconds(1).toNanos();

    private static final Duration PATIENCE_FOR_CHECKS = Duration.ofSeconds(2);

    private final String name;
    private final RemoteLink link;
    private final BackendPool pool;
    private final RetryBudget budget;
    private volatile Runnable onClose = () -> {};
    private volatile boolean closed;

    RemoteModel(String name, RemoteLink link, List<Backend> backends, LongSupplier nanoTime, RandomGenerator random) {
        this.name = name;
        this.link = link;
        this.pool = new BackendPool(backends, nanoTime, random);
        this.budget = new RetryBudget(link.target().calls());
    }

    @Override
    public List<TensorMetadata> inputs() {
        return link.tensors().inputs();
    }

    @Override
    public List<TensorMetadata> outputs() {
        return link.tensors().outputs();
    }

    /** The servers that answer join calls better. */
    @Override
    public boolean takesBatches() {
        return false;
    }

    @Override
    public OptionalInt callsElsewhere() {
        return OptionalInt.of(link.target().calls());
    }

    @Override
    public List<BackendStatus> backends() {
        return pool.status();
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        return run(inputs, Deadline.NONE);
    }

    /**
     * The same for whoever waits until then.
     *
     * @throws InvalidInputException when a server says that the inputs are wrong
     * @throws MillwrightException {@link ServingError#BACKEND_UNAVAILABLE}, {@link ServingError#BACKEND_FAILED},
     *     {@link ServingError#BACKEND_TIMED_OUT}; {@link ServingError#OVERLOADED} when the servers have too much to do;
     *     {@link ServingError#DEADLINE_PASSED}; {@link ServingError#TOO_MANY_HOPS}
     */
    @Override
    public List<Tensor> run(List<Tensor> inputs, Deadline deadline) {
        if (closed) {
            throw new MillwrightException(
                    ServingError.RUNTIME_CLOSED, name + ": closed (expected: a version that serves). Send it again.");
        }
        budget.earn();
        Set<Backend> tried = new HashSet<>();
        Failure last = null;
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            long left = Math.min(deadline.left(), link.target().timeout().toNanos());
            if (left <= 0) {
                throw last == null ? passed() : last.asException();
            }
            BackendPool.Asked asked = pool.pick(tried).orElse(null);
            if (asked == null) {
                throw last == null ? noneWorks() : last.asException();
            }
            if (last != null) {
                pool.retried(last.backend());
            }
            try {
                return ask(asked, inputs, Duration.ofNanos(left));
            } catch (BackendException failed) {
                last = new Failure(asked.backend(), failed, left, Optional.ofNullable(last));
                tried.add(asked.backend());
                if (attempt == MOST_ATTEMPTS || !mayAskAgain(failed.kind(), tried.size())) {
                    throw last.asException();
                }
            }
        }
        throw new IllegalStateException("the last attempt returns or throws");
    }

    private List<Tensor> ask(BackendPool.Asked asked, List<Tensor> inputs, Duration within) throws BackendException {
        BackendPool.Ending ending = BackendPool.Ending.PUT_OFF;
        try {
            List<Tensor> outputs = fitted(asked.backend().client.infer(inputs, within));
            ending = BackendPool.Ending.ANSWERED;
            return outputs;
        } catch (BackendException failed) {
            ending = switch (failed.kind()) {
                case UNPROCESSED, LOST, FAILED, NO_ANSWER -> BackendPool.Ending.FAILED;
                case TIMED_OUT ->
                    within.toNanos()
                                    >= Math.min(
                                            FAIR_NANOS, link.target().timeout().toNanos())
                            ? BackendPool.Ending.FAILED
                            : BackendPool.Ending.PUT_OFF;
                case BUSY -> BackendPool.Ending.PUT_OFF;
                case REFUSED -> BackendPool.Ending.ANSWERED;
            };
            throw failed;
        } finally {
            pool.end(asked, ending);
        }
    }

    /** The outputs that the model was connected with, in their order; others are left out. */
    private List<Tensor> fitted(List<Tensor> answer) throws BackendException {
        Map<String, Tensor> found = new HashMap<>();
        for (Tensor tensor : answer) {
            if (found.put(tensor.name(), tensor) != null) {
                throw new BackendException(
                        BackendException.Kind.NO_ANSWER,
                        "outputs: " + Words.shortened(tensor.name()) + " twice (expected: each output once)");
            }
        }
        List<Tensor> outputs = new ArrayList<>();
        for (TensorMetadata expected : outputs()) {
            Tensor tensor = found.get(expected.name());
            if (tensor == null) {
                throw new BackendException(
                        BackendException.Kind.NO_ANSWER,
                        "outputs: " + expected.name() + " is missing (expected: a tensor for each output)");
            }
            String misfit = expected.misfit(tensor).orElse(null);
            if (misfit != null) {
                throw new BackendException(
                        BackendException.Kind.NO_ANSWER, "outputs: " + misfit + ". Output: " + expected.name());
            }
            outputs.add(tensor);
        }
        return outputs;
    }

    /** Elsewhere, or once more at the only server if it just lost the connection. */
    private boolean mayAskAgain(BackendException.Kind kind, int tried) {
        boolean others = tried < pool.backends().size();
        return switch (kind) {
            case REFUSED -> false;
            case UNPROCESSED -> others || tried == 1;
            case BUSY -> others && budget.trySpend();
            case LOST -> link.target().retries() == Retries.ALWAYS && (others || tried == 1) && budget.trySpend();
            case TIMED_OUT, FAILED, NO_ANSWER ->
                link.target().retries() == Retries.ALWAYS && others && budget.trySpend();
        };
    }

    /** A call that failed, after others of the same request. */
    private record Failure(Backend backend, BackendException cause, long nanosGiven, Optional<Failure> earlier) {
        private String text() {
            return "backend " + backend.url + ": " + cause.getMessage()
                    + earlier.map(before -> ". Before that, " + before.text()).orElse("");
        }

        RuntimeException asException() {
            String text = text();
            @Nullable
            ServingError code = switch (cause.kind()) {
                case REFUSED -> null;
                case UNPROCESSED -> ServingError.BACKEND_UNAVAILABLE;
                case BUSY -> ServingError.OVERLOADED;
                case LOST, FAILED, NO_ANSWER -> ServingError.BACKEND_FAILED;
                case TIMED_OUT ->
                    nanosGiven >= FAIR_NANOS ? ServingError.BACKEND_TIMED_OUT : ServingError.DEADLINE_PASSED;
            };
            return code == null ? new InvalidInputException(text) : new MillwrightException(code, text, cause);
        }
    }

    private MillwrightException passed() {
        return new MillwrightException(
                ServingError.DEADLINE_PASSED,
                "deadline: passed before a server was asked for " + name
                        + " (expected: an answer in time). Wait longer.");
    }

    private MillwrightException noneWorks() {
        return new MillwrightException(
                ServingError.BACKEND_UNAVAILABLE,
                name + ": each of its servers failed too often of late, and is left alone for a moment: "
                        + pool.backends().stream()
                                .map(backend -> backend.url.toString())
                                .toList()
                        + " (expected: one that answers). Send it again in a while; see what is wrong with them.");
    }

    /** Asks each server whether it is ready, one after the other on this thread. */
    void check(Backend backend) {
        pool.says(backend, backend.client.isReady(PATIENCE_FOR_CHECKS));
    }

    BackendPool pool() {
        return pool;
    }

    /** What else ends with it. */
    void onClose(Runnable work) {
        onClose = work;
    }

    @Override
    public void close() {
        closed = true;
        onClose.run();
    }

    @Override
    public String toString() {
        return name;
    }
}
