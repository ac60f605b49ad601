package dev.millwright.monitoring;

import dev.millwright.core.CoreError;
import dev.millwright.core.Labels;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Labels that come later. {@link #accept} returns once they are on disk; sending one twice changes nothing, the latest
 * wins. Labels may come before their prediction is in the log; those that match none wait thirty days and are counted.
 * One thread writes, with one commit for all that waited. Thread-safe.
 */
public final class FeedbackStore implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofDays(30);
    private static final int WAITING_CALLS = 1_024;
    /** Ids tell milliseconds of the clock that also stamps the log; a little room costs nothing. */
    private static final long SLACK_MICROS = 1_000_000;
    /** Predictions are in the log by then. */
    private static final Duration LOGGED_WITHIN = Duration.ofSeconds(3);

    private static final int PART = 2_000;

    private final FeedbackTable table;
    private final PredictionHistory history;
    private final InstantSource clock;
    private final Thread writer;
    private final ArrayBlockingQueue<Call> calls = new ArrayBlockingQueue<>(WAITING_CALLS);
    /** Held by whoever uses the table. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean closing;

    /** Labels of one caller, and where it waits. */
    private record Call(List<FeedbackTable.Row> rows, CompletableFuture<Integer> done) {}

    private FeedbackStore(FeedbackTable table, PredictionHistory history, InstantSource clock, ThreadFactory threads) {
        this.table = table;
        this.history = history;
        this.clock = clock;
        this.writer = threads.newThread(this::writeUntilClosed);
    }

    /**
     * Opens the store and starts its writer.
     *
     * @param file {@code HOME/feedback.db}, made when absent
     * @param history where predictions are found
     * @throws MillwrightException {@link MonitoringError#FEEDBACK_FAILED}
     */
    public static FeedbackStore open(Path file, PredictionHistory history, InstantSource clock, ThreadFactory threads) {
        try {
            FeedbackStore store = new FeedbackStore(new FeedbackTable(file), history, clock, threads);
            store.writer.start();
            return store;
        } catch (SQLException e) {
            throw failed("open " + file, e);
        }
    }

    private static MillwrightException failed(String what, SQLException e) {
        return new MillwrightException(
                MonitoringError.FEEDBACK_FAILED,
                "feedback: can't " + what + ": " + e.getMessage() + " (expected: a writable file with room)",
                e);
    }

    /**
     * Stores labels. They are durable when this returns; when it throws, none of them is acknowledged: send them again.
     *
     * @return how many
     * @throws MillwrightException {@link MonitoringError#FEEDBACK_OVERLOADED}, {@link MonitoringError#FEEDBACK_FAILED}
     */
    public int accept(List<Feedback> labels) {
        if (labels.isEmpty()) {
            return 0;
        }
        long received = FeedbackTable.received(clock.instant());
        Call call = new Call(
                labels.stream()
                        .map(label -> new FeedbackTable.Row(
                                FeedbackTable.key(label.key()), FeedbackTable.at(label.key()), label.label(), received))
                        .toList(),
                new CompletableFuture<>());
        if (closing) {
            throw closed();
        }
        if (!calls.offer(call)) {
            throw new MillwrightException(
                    MonitoringError.FEEDBACK_OVERLOADED,
                    "feedback: " + WAITING_CALLS + " calls wait (expected: fewer). Send it again later.");
        }
        if (closing) {
            // The writer may have looked for the last time before the call came.
            failWaiting();
        }
        return await(call);
    }

    private static int await(Call call) {
        try {
            return call.done().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof MillwrightException known ? known : e;
        }
    }

    private static MillwrightException closed() {
        return new MillwrightException(
                MonitoringError.FEEDBACK_CLOSED, "feedback: the server is stopping. Send it again when it is back.");
    }

    private void failWaiting() {
        for (Call call = calls.poll(); call != null; call = calls.poll()) {
            call.done().completeExceptionally(closed());
        }
    }

    private void writeUntilClosed() {
        while (true) {
            try {
                List<Call> batch = new ArrayList<>();
                batch.add(calls.take());
                calls.drainTo(batch);
                write(batch);
            } catch (InterruptedException e) {
                if (closing) {
                    break;
                }
            }
        }
        List<Call> last = new ArrayList<>();
        calls.drainTo(last);
        write(last);
    }

    private void write(List<Call> batch) {
        if (batch.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            table.inTransaction(() -> {
                for (Call call : batch) {
                    table.put(call.rows());
                }
            });
            batch.forEach(call -> call.done().complete(call.rows().size()));
        } catch (SQLException e) {
            MillwrightException failure = failed("store the labels", e);
            batch.forEach(call -> call.done().completeExceptionally(failure));
        } catch (RuntimeException e) {
            batch.forEach(call -> call.done().completeExceptionally(e));
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all labels. */
    public void empty() {
        lock.lock();
        try {
            table.inTransaction(table::empty);
        } catch (SQLException e) {
            throw failed("forget the labels", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The predictions of an endpoint whose outcome is known, one element a version and role.
     *
     * @param from time of the prediction, inclusive
     * @param to exclusive
     */
    public List<LabelledPredictions> join(String endpoint, Instant from, Instant to) {
        List<LoggedPredictions> logged = history.read(endpoint, from, to);
        List<LabelledPredictions> labelled = new ArrayList<>();
        lock.lock();
        try {
            for (LoggedPredictions predictions : logged) {
                join(predictions, labelsFor(predictions)).ifPresent(labelled::add);
            }
            return labelled;
        } catch (SQLException e) {
            throw failed("read the labels", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Labels of an endpoint's predictions in the order in which they first came, for whoever looks at each once. Those that came within
     * the last seconds are left for the next time, as their predictions may not be in the log yet; those that name no prediction by its
     * id are left out.
     */
    public LabelFeed.Part arrived(String endpoint, Instant since, String after) {
        List<FeedbackTable.Arrival> arrivals;
        lock.lock();
        try {
            long from = FeedbackTable.received(since);
            arrivals = table.arrivals(
                    after, from, FeedbackTable.received(clock.instant().minus(LOGGED_WITHIN)), PART);
        } catch (SQLException e) {
            throw failed("read the labels", e);
        } finally {
            lock.unlock();
        }
        if (arrivals.isEmpty()) {
            return new LabelFeed.Part(List.of(), after, 0);
        }
        return new LabelFeed.Part(
                labelled(endpoint, since, arrivals), arrivals.getLast().cursor(), arrivals.size());
    }

    private List<LabelledPredictions> labelled(String endpoint, Instant since, List<FeedbackTable.Arrival> arrivals) {
        long first = PredictionTable.micros(since);
        Map<String, String> labels = new HashMap<>();
        LongSummaryStatistics times = new LongSummaryStatistics();
        for (FeedbackTable.Arrival arrival : arrivals) {
            // Ids know milliseconds only.
            if (arrival.at() >= first - 1000) {
                labels.put(arrival.key(), arrival.label());
                times.accept(arrival.at());
            }
        }
        if (labels.isEmpty()) {
            return List.of();
        }
        Instant from = PredictionTable.instant(Math.max(first, times.getMin() - SLACK_MICROS));
        Instant to = PredictionTable.instant(times.getMax() + SLACK_MICROS);
        Set<String> ids =
                labels.keySet().stream().map(FeedbackTable::predictionId).collect(Collectors.toSet());
        List<LabelledPredictions> labelled = new ArrayList<>();
        List<LoggedPredictions> logged = history.read(endpoint, from, to, ids);
        lock.lock();
        try {
            for (LoggedPredictions predictions : logged) {
                join(predictions, labels).ifPresent(labelled::add);
            }
            return labelled;
        } catch (SQLException e) {
            throw failed("read the labels", e);
        } finally {
            lock.unlock();
        }
    }

    /** Labels by the predictions' times, and by the rows' timestamps where there are any. */
    private Map<String, String> labelsFor(LoggedPredictions predictions) throws SQLException {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        List<Instant> times = new ArrayList<>(predictions.times());
        predictions.keys().forEach(key -> key.ifPresent(found -> times.add(found.timestamp())));
        for (Instant time : times) {
            first = Math.min(first, PredictionTable.micros(time));
            last = Math.max(last, PredictionTable.micros(time));
        }
        return table.labels(first - SLACK_MICROS, last + SLACK_MICROS);
    }

    private Optional<LabelledPredictions> join(LoggedPredictions predictions, Map<String, String> labels)
            throws SQLException {
        List<Integer> rows = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        List<String> matched = new ArrayList<>();
        long unusable = 0;
        for (int row = 0; row < predictions.ids().size(); row++) {
            Optional<String> key = findKey(predictions, row, labels);
            if (key.isEmpty()) {
                continue;
            }
            matched.add(key.get());
            Optional<Double> value = value(predictions.predictions(), Objects.requireNonNull(labels.get(key.get())));
            if (value.isEmpty()) {
                unusable++;
            } else {
                rows.add(row);
                values.add(value.get());
            }
        }
        if (!matched.isEmpty()) {
            table.inTransaction(() -> table.markMatched(matched));
        }
        return matched.isEmpty() ? Optional.empty() : Optional.of(select(predictions, rows, values, unusable));
    }

    private static Optional<String> findKey(LoggedPredictions predictions, int row, Map<String, String> labels) {
        String byId = FeedbackTable.key(new Feedback.ById(predictions.ids().get(row)));
        if (labels.containsKey(byId)) {
            return Optional.of(byId);
        }
        return predictions
                .keys()
                .get(row)
                .map(key -> FeedbackTable.key(new Feedback.ByRow(predictions.endpoint(), key)))
                .filter(labels::containsKey);
    }

    /** The position of the class, or the number. */
    private static Optional<Double> value(Predictions predictions, String label) {
        return switch (predictions) {
            case Predictions.Classes classes -> {
                int position = classes.classes().indexOf(label);
                yield position < 0 ? Optional.empty() : Optional.of((double) position);
            }
            case Predictions.Values values -> {
                try {
                    yield Optional.of(Double.valueOf(label)).filter(Double::isFinite);
                } catch (NumberFormatException e) {
                    yield Optional.empty();
                }
            }
        };
    }

    private static LabelledPredictions select(
            LoggedPredictions all, List<Integer> rows, List<Double> values, long unusable) {
        LoggedPredictions selected =
                all.select(rows.stream().mapToInt(Integer::intValue).toArray());
        Labels labels = switch (all.predictions()) {
            case Predictions.Classes classes ->
                new Labels.Classes(
                        classes.classes(),
                        values.stream().mapToInt(Double::intValue).toArray());
            case Predictions.Values numbers ->
                new Labels.Values(
                        values.stream().mapToDouble(Double::doubleValue).toArray());
        };
        return new LabelledPredictions(selected, labels, unusable);
    }

    /** Deletes labels that have matched no prediction for thirty days, and says how many; call it daily. */
    public long expire() {
        lock.lock();
        try {
            long[] expired = new long[1];
            table.inTransaction(() -> expired[0] =
                    table.expire(FeedbackTable.received(clock.instant().minus(PATIENCE))));
            return expired[0];
        } catch (SQLException e) {
            throw failed("delete old labels", e);
        } finally {
            lock.unlock();
        }
    }

    /** How the labels stand. A label counts as matched once {@link #join} has found its prediction. */
    public FeedbackCounts counts() {
        lock.lock();
        try {
            return table.counts();
        } catch (SQLException e) {
            throw failed("count the labels", e);
        } finally {
            lock.unlock();
        }
    }

    /** Stores what has come, refuses what comes. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        writer.interrupt();
        try {
            writer.join();
            failWaiting();
            table.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillwrightException(CoreError.INTERRUPTED, "feedback: interrupted while closing", e);
        } catch (SQLException e) {
            throw failed("close", e);
        }
    }
}
