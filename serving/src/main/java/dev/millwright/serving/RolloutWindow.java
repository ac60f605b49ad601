package dev.millwright.serving;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The last stretch of time of a champion and a candidate side by side, from snapshots taken at each tick, thinned to
 * some twenty. Not thread-safe.
 */
final class RolloutWindow {
    private static final int SNAPSHOTS = 20;
    /** Chance of a false alarm at one look; the looks of a rollout are some dozens. */
    private static final double ALPHA = 1e-4;

    private final Duration length;
    private final VersionStatistics champion;
    private final VersionStatistics candidate;
    private final Deque<Observation> observations = new ArrayDeque<>();
    private StatisticsSnapshot stageStart;

    private record Observation(Instant time, StatisticsSnapshot champion, StatisticsSnapshot candidate) {}

    RolloutWindow(Duration length, VersionStatistics champion, VersionStatistics candidate) {
        this.length = length;
        this.champion = champion;
        this.candidate = candidate;
        this.stageStart = candidate.snapshot();
    }

    void startStage() {
        stageStart = candidate.snapshot();
    }

    long candidateRequestsInStage() {
        return candidate.snapshot().minus(stageStart).requests();
    }

    void observe(Instant now) {
        Instant from = now.minus(length);
        while (observations.size() > 1 && !secondTime().isAfter(from)) {
            observations.removeFirst();
        }
        Duration spacing = length.dividedBy(SNAPSHOTS);
        if (observations.isEmpty()
                || Duration.between(observations.getLast().time(), now).compareTo(spacing) >= 0) {
            observations.addLast(new Observation(now, champion.snapshot(), candidate.snapshot()));
        }
    }

    /** The window begins at the first observation; it goes when the second is old enough to begin it. */
    private Instant secondTime() {
        return observations.stream().skip(1).findFirst().orElseThrow().time();
    }

    /** Why to turn back: the first rule that the window breaks, with the figures. */
    Optional<String> findBreach(RolloutPlan plan) {
        Observation oldest = observations.getFirst();
        StatisticsSnapshot before = champion.snapshot().minus(oldest.champion());
        StatisticsSnapshot now = candidate.snapshot().minus(oldest.candidate());
        return plan.rollBackIf().stream()
                .flatMap(rule -> findBreach(rule, before, now, plan.minimumRequests()).stream())
                .findFirst();
    }

    private static Optional<String> findBreach(
            RollBackRule rule, StatisticsSnapshot champion, StatisticsSnapshot candidate, long minimum) {
        boolean enough = candidate.requests() >= minimum;
        return switch (rule) {
            case RollBackRule.ErrorRate(double above) -> {
                boolean breached = enough ? candidate.errorRate() > above : isBeyondDoubt(candidate, above);
                yield breached
                        ? Optional.of(rule.label() + ": " + candidate.failures() + " of " + candidate.requests()
                                + " requests failed")
                        : Optional.empty();
            }
            case RollBackRule.Latency(double quantile, Duration above) -> {
                Duration latency = candidate.latency(quantile);
                yield enough && latency.compareTo(above) > 0
                        ? Optional.of(rule.label() + ": "
                                + String.format(
                                        Locale.ROOT,
                                        "%.3f ms over %d requests",
                                        latency.toNanos() / 1e6,
                                        candidate.requests()))
                        : Optional.empty();
            }
            case RollBackRule.OutputShift(double psi) -> {
                TwoSamples samples = TwoSamples.compare(champion.outputs(), candidate.outputs());
                yield enough && champion.requests() >= minimum && samples.psi() > psi && samples.pValue() < ALPHA
                        ? Optional.of(rule.label() + ": "
                                + String.format(
                                        Locale.ROOT,
                                        "PSI %.3f between %d rows of the champion and %d of the candidate (p = %.1e)",
                                        samples.psi(),
                                        champion.rows(),
                                        candidate.rows(),
                                        samples.pValue()))
                        : Optional.empty();
            }
        };
    }

    /** Whether chance alone would hardly fail so many requests at the rate that is still accepted: exact binomial test. */
    private static boolean isBeyondDoubt(StatisticsSnapshot candidate, double accepted) {
        int failures = Math.toIntExact(candidate.failures());
        return failures > 0
                && BinomialDistribution.of(Math.toIntExact(candidate.requests()), accepted)
                                .survivalProbability(failures - 1)
                        < ALPHA;
    }
}
