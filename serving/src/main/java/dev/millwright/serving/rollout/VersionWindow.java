package dev.millwright.serving.rollout;

import dev.millwright.serving.AnswerComparison;
import dev.millwright.serving.StatisticsSnapshot;
import dev.millwright.serving.VersionStatistics;
import dev.millwright.serving.VersionStatistics.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The last stretch of time of a champion and another version side by side, from snapshots taken at each tick, thinned to
 * some twenty. Not thread-safe.
 */
final class VersionWindow {
    private static final int SNAPSHOTS = 20;
    /** Chance of a false alarm at one look; the looks of a rollout are some dozens. */
    private static final double ALPHA = 1e-4;

    private final Duration length;
    private final VersionStatistics champion;
    private final VersionStatistics candidate;
    private final Deque<Observation> observations = new ArrayDeque<>();
    private final Observation start;
    private StatisticsSnapshot stageStart;

    /** Counts at one moment, or between two. */
    record Observation(
            Instant time,
            StatisticsSnapshot champion,
            StatisticsSnapshot candidate,
            AnswerComparison.Snapshot comparison) {
        Observation minus(Observation earlier) {
            return new Observation(
                    time,
                    champion.minus(earlier.champion),
                    candidate.minus(earlier.candidate),
                    comparison.minus(earlier.comparison));
        }
    }

    VersionWindow(Duration length, VersionStatistics champion, VersionStatistics candidate, Instant now) {
        this.length = length;
        this.champion = champion;
        this.candidate = candidate;
        this.start = take(now);
        this.stageStart = start.candidate();
        observe(now);
    }

    private Observation take(Instant now) {
        return new Observation(
                now,
                champion.snapshot(),
                candidate.snapshot(),
                candidate.comparison().snapshot().plus(champion.comparison().snapshot()));
    }

    void startStage() {
        stageStart = candidate.snapshot();
    }

    /** The candidate's since the stage began. */
    StatisticsSnapshot stage() {
        return candidate.snapshot().minus(stageStart);
    }

    /** Everything since the window was made. */
    Observation total(Instant now) {
        return take(now).minus(start);
    }

    void observe(Instant now) {
        Instant from = now.minus(length);
        while (observations.size() > 1 && !secondTime().isAfter(from)) {
            observations.removeFirst();
        }
        Duration spacing = length.dividedBy(SNAPSHOTS);
        if (observations.isEmpty()
                || Duration.between(observations.getLast().time(), now).compareTo(spacing) >= 0) {
            observations.addLast(take(now));
        }
    }

    /** The window begins at the first observation; it goes when the second is old enough to begin it. */
    private Instant secondTime() {
        return observations.stream().skip(1).findFirst().orElseThrow().time();
    }

    /** Why to turn back: the first rule that is broken, with the figures. */
    Optional<String> findBreach(RolloutPlan plan, QualityFigures quality, Instant now) {
        Observation lately = take(now).minus(observations.getFirst());
        return plan.rollBackIf().stream()
                .flatMap(rule -> findBreach(rule, lately, quality, plan.minimumRequests()).stream())
                .findFirst();
    }

    private Optional<String> findBreach(RollBackRule rule, Observation lately, QualityFigures quality, long minimum) {
        StatisticsSnapshot candidate = lately.candidate();
        boolean enough = candidate.requests() >= minimum;
        return switch (rule) {
            case RollBackRule.ErrorRate(double above) ->
                errors(rule, above, candidate, minimum).or(() -> overload(rule, above, lately, minimum));
            case RollBackRule.Latency(double quantile, Duration above) -> {
                Duration latency = candidate.latency(quantile);
                boolean breached = enough && latency.compareTo(above) > 0;
                yield found(
                        breached,
                        rule,
                        () -> String.format(
                                Locale.ROOT,
                                "%.3f ms over %d requests",
                                latency.toNanos() / 1e6,
                                candidate.requests()));
            }
            case RollBackRule.OutputShift(double psi) ->
                enough && lately.champion().requests() >= minimum ? shift(rule, psi, lately) : Optional.empty();
            case RollBackRule.Disagreement(double above) -> {
                AnswerComparison.Snapshot compared = lately.comparison();
                boolean breached =
                        isAbove(compared.disagreements(), compared.rows(), above, compared.rows() >= minimum);
                yield found(
                        breached,
                        rule,
                        () -> String.format(
                                Locale.ROOT,
                                "another answer for %d of %d rows that both answered",
                                compared.disagreements(),
                                compared.rows()));
            }
            case RollBackRule.MeanDifference(double above) -> {
                AnswerComparison.Snapshot compared = lately.comparison();
                boolean breached =
                        compared.rows() >= minimum && (compared.unmatched() > 0 || compared.meanDifference() > above);
                yield found(breached, rule, () -> difference(compared));
            }
            case RollBackRule.QualityLoss(double margin) ->
                quality.isWorse(margin) ? Optional.of(rule.label() + ": " + quality.told()) : Optional.empty();
        };
    }

    private static Optional<String> errors(
            RollBackRule rule, double above, StatisticsSnapshot candidate, long minimum) {
        long errors = candidate.errors();
        long judged = errors + candidate.count(Outcome.OK);
        return found(
                isAbove(errors, judged, above, judged >= minimum),
                rule,
                () -> String.format(Locale.ROOT, "%d of %d requests failed", errors, judged));
    }

    /**
     * Refusals for overload, as far as they are surely more than the champion's in the same time; where that answers too little, as after
     * a swap, than all that it had since the start.
     */
    private Optional<String> overload(RollBackRule rule, double above, Observation lately, long minimum) {
        StatisticsSnapshot mine = lately.candidate();
        StatisticsSnapshot others = lately.champion().requests() >= minimum ? lately.champion() : champion.snapshot();
        long refused = mine.count(Outcome.OVERLOADED);
        long usual = others.count(Outcome.OVERLOADED);
        boolean breached = refused > 0
                && isBeyondDoubt(
                        mine.failures(), mine.requests(), Math.min(1, above + atMost(usual, others.requests())));
        return found(
                breached,
                rule,
                () -> String.format(
                        Locale.ROOT,
                        "%d of %d requests were refused for overload and %d failed; of the champion's, %d of %d were refused",
                        refused,
                        mine.requests(),
                        mine.errors(),
                        usual,
                        others.requests()));
    }

    private static String difference(AnswerComparison.Snapshot compared) {
        return compared.unmatched() > 0
                ? compared.unmatched() + " of " + compared.rows()
                        + " rows that both answered have nothing to compare with"
                : String.format(
                        Locale.ROOT,
                        "%.4g on average over %d rows that both answered",
                        compared.meanDifference(),
                        compared.rows());
    }

    private static Optional<String> shift(RollBackRule rule, double psi, Observation lately) {
        TwoSamples samples = TwoSamples.compare(
                lately.champion().outputs().toArray(),
                lately.candidate().outputs().toArray());
        return found(
                samples.psi() > psi && samples.pValue() < ALPHA,
                rule,
                () -> String.format(
                        Locale.ROOT,
                        "PSI %.3f between %d rows of the champion and %d of the candidate (p = %.1e)",
                        samples.psi(),
                        lately.champion().rows(),
                        lately.candidate().rows(),
                        samples.pValue()));
    }

    private static Optional<String> found(boolean breached, RollBackRule rule, Supplier<String> figures) {
        return breached ? Optional.of(rule.label() + ": " + figures.get()) : Optional.empty();
    }

    private static boolean isAbove(long bad, long all, double accepted, boolean enough) {
        return enough ? (double) bad / Math.max(1, all) > accepted : isBeyondDoubt(bad, all, accepted);
    }

    /**
     * What a share is at most, of which so many of so many are known: the upper bound of C. J. Clopper and E. S. Pearson, The use of
     * confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26, 1934.
     */
    private static double atMost(long some, long all) {
        return some >= all
                ? 1
                : BetaDistribution.of(some + 1.0, (double) all - some).inverseSurvivalProbability(ALPHA);
    }

    /** Whether chance alone would hardly make so many bad at the rate that is still accepted: exact binomial test. */
    private static boolean isBeyondDoubt(long bad, long all, double accepted) {
        return bad > 0
                && BinomialDistribution.of(Math.toIntExact(all), accepted).survivalProbability(Math.toIntExact(bad) - 1)
                        < ALPHA;
    }
}
