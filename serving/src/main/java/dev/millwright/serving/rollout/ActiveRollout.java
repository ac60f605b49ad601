package dev.millwright.serving.rollout;

import dev.millwright.serving.AnswerComparison;
import dev.millwright.serving.ModelLease;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.StatisticsSnapshot;
import dev.millwright.serving.VersionStatistics;
import dev.millwright.serving.WeightedVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rollout under way, in this process: its state, its route, what is observed, and the models that it keeps ready. Its owner holds
 * a lock around all but {@link #look} and {@link #keepReady}.
 */
final class ActiveRollout {
    private final Map<Integer, WeightedVersion> versions = new TreeMap<>();
    private final Map<Integer, VersionWindow> windows = new TreeMap<>();
    private final QualityLedger quality;
    /** By version; also the lock of what follows. */
    private final Map<Integer, ModelLease> leases = new TreeMap<>();

    private final Map<Integer, RuntimeException> told = new TreeMap<>();
    private boolean closed;
    private volatile RolloutState state;

    /** Installs its route. */
    ActiveRollout(RolloutState state, List<WeightedVersion> versions, Router router, Instant now) {
        this.state = state;
        versions.forEach(version -> this.versions.put(version.version(), version));
        this.quality = new QualityLedger(state, System::nanoTime);
        install(router);
        VersionStatistics champion = statistics(router, state.champion());
        for (int version : state.versions()) {
            if (version != state.champion()) {
                windows.put(
                        version, new VersionWindow(state.plan().window(), champion, statistics(router, version), now));
            }
        }
    }

    private VersionStatistics statistics(Router router, int version) {
        return router.findStatistics(state.endpoint(), version).orElseThrow();
    }

    private void install(Router router) {
        Split split = state.split();
        List<WeightedVersion> weighted = new ArrayList<>();
        split.weights()
                .forEach((version, weight) -> weighted.add(version(version).withWeight(weight)));
        router.install(
                state.endpoint(),
                new Route(state.endpoint(), weighted, split.shadow().map(this::version), split.assignment()));
    }

    RolloutState state() {
        return state;
    }

    WeightedVersion version(int number) {
        WeightedVersion version = versions.get(number);
        if (version == null) {
            throw new IllegalArgumentException(
                    "version: " + number + " of " + state.endpoint() + " (expected: one of " + versions.keySet() + ")");
        }
        return version;
    }

    /** Another state with the same route. */
    void note(RolloutState other) {
        state = other;
    }

    /** Another state, and its route. */
    void advance(RolloutState next, Router router) {
        state = next;
        install(router);
        windows.values().forEach(window -> {
            window.startStage();
            window.observe(next.stageStarted());
        });
    }

    /** Reads labels; may take a while. */
    void look(OutcomeSource outcomes) {
        quality.look(outcomes);
    }

    /** Why to turn back, if there is a reason. */
    Optional<String> findBreach(Instant now) {
        Optional<String> found = Optional.empty();
        for (Map.Entry<Integer, VersionWindow> window : windows.entrySet()) {
            window.getValue().observe(now);
            Optional<String> breach =
                    window.getValue().findBreach(state.plan(), quality.found().figures(), now);
            if (found.isEmpty() && breach.isPresent()) {
                found = windows.size() == 1
                        ? breach
                        : breach.map(reason -> "version " + window.getKey() + ": " + reason);
            }
        }
        return found;
    }

    private VersionWindow candidate() {
        VersionWindow window = windows.get(state.candidate());
        if (window == null) {
            throw new IllegalStateException("the candidate of " + state.endpoint() + " is not observed");
        }
        return window;
    }

    Evidence evidence(Instant now) {
        QualityLedger.Found found = quality.found();
        AnswerComparison.Snapshot compared = candidate().total(now).comparison();
        StatisticsSnapshot stage = candidate().stage();
        return new Evidence(
                stage.count(VersionStatistics.Outcome.OK),
                stage.failures(),
                isReady(state.candidate()),
                compared,
                found.figures(),
                found.rewards());
    }

    RolloutFigures figures(Instant now) {
        VersionWindow.Observation total = candidate().total(now);
        List<RolloutFigures.VersionCounts> counts = new ArrayList<>();
        for (int version : state.versions()) {
            VersionWindow window = windows.get(version);
            counts.add(RolloutFigures.VersionCounts.of(
                    version,
                    window == null ? total.champion() : window.total(now).candidate()));
        }
        boolean bothAnswered = total.champion().rows() > 0 && total.candidate().rows() > 0;
        return new RolloutFigures(
                counts,
                bothAnswered
                        ? Optional.of(TwoSamples.compare(
                                        total.champion().outputs().toArray(),
                                        total.candidate().outputs().toArray())
                                .psi())
                        : Optional.empty(),
                RolloutFigures.AnswerDisagreement.of(total.comparison()),
                state.plan().judgesQuality() ? Optional.of(quality.found().figures()) : Optional.empty());
    }

    /**
     * Loads every model that is not held yet, and holds it until the rollout is over. One that can't be loaded is tried again the next
     * time, and holds up no other; each failure is thrown once.
     */
    void keepReady(Router router) {
        List<RuntimeException> failures = new ArrayList<>();
        for (WeightedVersion version : versions.values()) {
            if (isReady(version.version())) {
                continue;
            }
            try {
                keep(version.version(), router.lease(version.source()));
            } catch (RuntimeException failed) {
                if (isNews(version.version(), failed)) {
                    failures.add(failed);
                }
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** A load that is not tried again so soon fails with what it failed with before. */
    private boolean isNews(int version, RuntimeException failed) {
        synchronized (leases) {
            return told.put(version, failed) != failed;
        }
    }

    private void keep(int version, ModelLease lease) {
        synchronized (leases) {
            if (closed || leases.putIfAbsent(version, lease) != null) {
                lease.close();
            }
        }
    }

    /** Whether a version is in memory, and stays there. */
    private boolean isReady(int version) {
        synchronized (leases) {
            return closed || leases.containsKey(version);
        }
    }

    /** Lets the models go; those that still serve stay. */
    void close() {
        synchronized (leases) {
            closed = true;
            leases.values().forEach(ModelLease::close);
            leases.clear();
        }
    }
}
