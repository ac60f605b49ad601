package dev.millwright.monitoring;

import dev.millwright.core.Labels;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.core.Words;
import dev.millwright.monitoring.MonitorEvent.Kind;
import dev.millwright.monitoring.QualityReport.Verdict;
import dev.millwright.serving.PredictionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Watches endpoints: counts their predictions as an observer of the {@link PredictionLog}, judges drift and quality at
 * each due {@link #tick}, and tells the sinks of alerts that open and close. Thread-safe.
 */
public final class MonitorEngine implements PredictionObserver {
    /** A judgement that takes long is made more rarely, so that watching takes a twentieth of a core at most. */
    private static final int PAUSE_PER_COST = 20;

    private final LabelSource labels;
    private final List<AlertSink> sinks;
    private final LongSupplier nanoTime;
    private final Map<String, Watched> watches = new TreeMap<>();
    private final Map<String, JudgementHistory> histories = new TreeMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Where outcomes come from: {@link FeedbackStore#join}. */
    @FunctionalInterface
    public interface LabelSource {
        List<LabelledPredictions> join(String endpoint, Instant from, Instant to);
    }

    /**
     * How a watched endpoint stands.
     *
     * @param drift as of the last judgement
     * @param quality as of the last judgement
     * @param open alerts that are open
     */
    public record Health(
            MonitorConfig config, Optional<DriftReport> drift, Optional<QualityReport> quality, List<Kind> open) {}

    /** What is known about one endpoint; guarded by the engine's lock. */
    private static final class Watched {
        final MonitorConfig config;
        final SlidingDrift window;
        final Alert driftAlert;
        final Alert qualityAlert;
        Optional<Instant> judged = Optional.empty();
        Duration cost = Duration.ZERO;
        Optional<DriftReport> drift = Optional.empty();
        Optional<QualityReport> quality = Optional.empty();

        Watched(MonitorConfig config) {
            this.config = config;
            this.window = new SlidingDrift(config.reference(), config.window());
            this.driftAlert = new Alert(config.openAfter(), config.closeAfter(), config.coolDown());
            this.qualityAlert = new Alert(config.openAfter(), config.closeAfter(), config.coolDown());
        }

        Health health() {
            List<Kind> open = new ArrayList<>();
            if (driftAlert.isOpen()) {
                open.add(Kind.DRIFT);
            }
            if (qualityAlert.isOpen()) {
                open.add(Kind.QUALITY);
            }
            return new Health(config, drift, quality, open);
        }
    }

    public MonitorEngine(LabelSource labels, List<AlertSink> sinks) {
        this(labels, sinks, System::nanoTime);
    }

    /**
     * An engine that watches nothing yet.
     *
     * @param nanoTime by which judgements are timed
     */
    MonitorEngine(LabelSource labels, List<AlertSink> sinks, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.labels = labels;
        this.sinks = List.copyOf(sinks);
    }

    /** Begins to watch, with empty windows; what was watched on the endpoint before is forgotten, open alerts too. */
    public void watch(MonitorConfig config) {
        lock.lock();
        try {
            watches.put(config.endpoint(), new Watched(config));
        } finally {
            lock.unlock();
        }
    }

    /** False when the endpoint wasn't watched. */
    public boolean unwatch(String endpoint) {
        lock.lock();
        try {
            histories.remove(endpoint);
            return watches.remove(endpoint) != null;
        } finally {
            lock.unlock();
        }
    }

    /** Watches nothing any more. */
    public void empty() {
        lock.lock();
        try {
            histories.clear();
            watches.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Fills an endpoint's window from the log after a restart; call it after {@link #watch}, before traffic comes. */
    public void replay(List<LoggedPredictions> logged) {
        lock.lock();
        try {
            for (LoggedPredictions predictions : logged) {
                Watched watch = watches.get(predictions.endpoint());
                if (watch == null || !isWatched(watch, predictions.version(), predictions.role())) {
                    continue;
                }
                for (int row = 0; row < predictions.ids().size(); row++) {
                    int[] one = {row};
                    watch.window.add(
                            predictions.times().get(row),
                            predictions.rows().select(one),
                            PredictionRows.select(predictions.predictions(), one));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean isWatched(Watched watch, int version, PredictionEvent.Role role) {
        return watch.config.version() == version && role == PredictionEvent.Role.SERVED;
    }

    @Override
    public void observe(PredictionEvent event) {
        lock.lock();
        try {
            Watched watch = watches.get(event.endpoint());
            if (watch != null
                    && isWatched(watch, event.version(), event.role())
                    && event.exchange() instanceof PredictionEvent.Rows rows) {
                watch.window.add(event.time(), rows.frame(), rows.predictions());
            }
        } finally {
            lock.unlock();
        }
    }

    /** How an endpoint stands; the figures are those of the last judgement. */
    public Health load(String endpoint) {
        lock.lock();
        try {
            Watched watch = watches.get(endpoint);
            if (watch == null) {
                throw new MillwrightException(
                        MonitoringError.MONITOR_NOT_FOUND,
                        "monitor: none on " + endpoint + " (expected: a watched endpoint)."
                                + Words.suggestion(endpoint, watches.keySet()));
            }
            return watch.health();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What was found on the endpoint since the process started, oldest first, over all versions that were watched; a few
     * hundred judgements at most, evenly spaced. Empty when it isn't watched.
     */
    public List<Judgement> history(String endpoint) {
        lock.lock();
        try {
            JudgementHistory history = histories.get(endpoint);
            return history == null ? List.of() : history.list();
        } finally {
            lock.unlock();
        }
    }

    public List<Health> list() {
        lock.lock();
        try {
            return watches.values().stream().map(Watched::health).toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Judges what is due and tells the sinks.
     *
     * @throws RuntimeException the first failure of a sink or a metric, after everything else was done
     */
    public void tick(Instant now) {
        List<RuntimeException> failures = new ArrayList<>();
        for (Watched watch : due(now)) {
            long start = nanoTime.getAsLong();
            try {
                judge(watch, now).forEach(event -> tell(event, failures));
            } catch (RuntimeException e) {
                failures.add(e);
            }
            watch.cost = Duration.ofNanos(nanoTime.getAsLong() - start);
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    private List<Watched> due(Instant now) {
        lock.lock();
        try {
            List<Watched> due = watches.values().stream()
                    .filter(watch -> watch.judged.isEmpty()
                            || !now.isBefore(watch.judged.get().plus(pause(watch))))
                    .toList();
            due.forEach(watch -> watch.judged = Optional.of(now));
            return due;
        } finally {
            lock.unlock();
        }
    }

    private static Duration pause(Watched watch) {
        Duration least = watch.cost.multipliedBy(PAUSE_PER_COST);
        Duration asked = watch.config.evaluateEvery();
        return asked.compareTo(least) < 0 ? least : asked;
    }

    private void tell(MonitorEvent event, List<RuntimeException> failures) {
        for (AlertSink sink : sinks) {
            try {
                sink.accept(event);
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
    }

    private List<MonitorEvent> judge(Watched watch, Instant now) {
        // Labels are read and the metric is computed without the lock: the log's writer waits for it in observe.
        Optional<QualityReport> quality = watch.config.quality().map(monitor -> quality(watch.config, monitor, now));
        List<MonitorEvent> events = new ArrayList<>();
        lock.lock();
        try {
            watch.config.drift().ifPresent(options -> {
                ReferenceProfile profile = watch.window.profile(now);
                DriftReport report = DriftDetector.compare(watch.config.reference(), profile, options);
                watch.drift = Optional.of(report);
                boolean judged = report.enoughRows() && watch.window.isWhole();
                watch.driftAlert
                        .judge(driftFinding(report, judged), now)
                        .ifPresent(state -> events.add(MonitorEvents.drift(watch.config, report, state, now)));
            });
            watch.quality = quality;
            quality.ifPresent(report -> watch.qualityAlert
                    .judge(qualityFinding(report.verdict()), now)
                    .ifPresent(state -> events.add(MonitorEvents.quality(watch.config, report, state, now))));
            remember(watch, now);
            return events;
        } finally {
            lock.unlock();
        }
    }

    private void remember(Watched watch, Instant now) {
        Map<String, Double> psi = new TreeMap<>();
        watch.drift
                .filter(report -> report.enoughRows() && watch.window.isWhole())
                .ifPresent(report -> report.columns().forEach(column -> psi.put(column.column(), column.psi())));
        Optional<QualityReport> quality = watch.quality.filter(report -> report.verdict() != Verdict.TOO_FEW_LABELS);
        boolean current = watches.get(watch.config.endpoint()) == watch;
        if (current && !(psi.isEmpty() && quality.isEmpty())) {
            histories
                    .computeIfAbsent(watch.config.endpoint(), endpoint -> new JudgementHistory())
                    .add(new Judgement(now, watch.config.version(), psi, quality));
        }
    }

    /** Between four fifths of the threshold and the threshold nothing changes: no alert flutters at the edge. */
    private static Alert.Finding driftFinding(DriftReport report, boolean judged) {
        if (!judged) {
            return Alert.Finding.UNSURE;
        }
        if (!report.drifted().isEmpty()) {
            return Alert.Finding.BREACH;
        }
        boolean near = report.columns().stream()
                .anyMatch(column -> column.psi() > 0.8 * report.options().psiThreshold()
                        && column.correctedPValue() < report.options().alpha());
        return near ? Alert.Finding.UNSURE : Alert.Finding.FINE;
    }

    private static Alert.Finding qualityFinding(Verdict verdict) {
        return switch (verdict) {
            case BAD -> Alert.Finding.BREACH;
            case GOOD -> Alert.Finding.FINE;
            case UNSURE, TOO_FEW_LABELS -> Alert.Finding.UNSURE;
        };
    }

    private QualityReport quality(MonitorConfig config, QualityMonitor monitor, Instant now) {
        List<LabelledPredictions> found =
                labels.join(config.endpoint(), now.minus(config.qualityWindow()), now.plusNanos(1000)).stream()
                        .filter(labelled -> labelled.predictions().version() == config.version()
                                && labelled.predictions().role() == PredictionEvent.Role.SERVED)
                        .toList();
        if (found.isEmpty()) {
            return new QualityReport(
                    monitor.metric(), Double.NaN, Double.NaN, Double.NaN, monitor.limit(), 0, Verdict.TOO_FEW_LABELS);
        }
        Labels outcomes = found.getFirst().labels();
        Predictions predictions = found.getFirst().predictions().predictions();
        return monitor.evaluate(outcomes, predictions);
    }
}
