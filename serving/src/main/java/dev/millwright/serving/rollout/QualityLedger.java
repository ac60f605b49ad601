package dev.millwright.serving.rollout;

import dev.millwright.serving.PredictionEvent.Role;
import dev.millwright.serving.rollout.OutcomeSource.Outcomes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What the labels of a rollout's predictions say about its versions: a histogram of scores each, however many labels come. Nothing
 * of it is stored, as it is the same whenever it is read again from the labels. Used by one thread at a time, which may wait for the
 * source; what was found is read by any.
 */
final class QualityLedger {
    /** Looking for labels takes a fiftieth of a core at most. */
    private static final int PAUSE_PER_COST = 50;

    private static final long SHORTEST_PAUSE = Duration.ofSeconds(1).toNanos();

    /** That one look takes, so that other rollouts needn't wait long for their turn. */
    private static final int MOST_PAGES = 4;

    private final RolloutState rollout;
    private final LongSupplier nanoTime;
    private final Map<Integer, ScoreHistogram> scores = new TreeMap<>();
    private final ScoreHistogram pairs = new ScoreHistogram();

    /** By version, of requests that the champion and the candidate did not both answer. */
    private final Map<Integer, ScoreHistogram> unpaired = new TreeMap<>();

    private String end = OutcomeSource.START;
    private long nextLook;
    private volatile Found found;

    /** What is known so far. */
    record Found(QualityFigures figures, Map<Integer, BestArm.Arm> rewards) {
        Found {
            rewards = Map.copyOf(rewards);
        }
    }

    QualityLedger(RolloutState rollout, LongSupplier nanoTime) {
        this.rollout = rollout;
        this.nanoTime = nanoTime;
        this.nextLook = nanoTime.getAsLong();
        this.found = new Found(QualityFigures.none(rollout.plan()), Map.of());
    }

    Found found() {
        return found;
    }

    /** Reads what has come since the last time, unless that was just now. */
    void look(OutcomeSource source) {
        long start = nanoTime.getAsLong();
        if (!rollout.plan().judgesQuality() || start - nextLook < 0) {
            return;
        }
        boolean changed = false;
        boolean more = true;
        for (int pages = 0; more && pages < MOST_PAGES; pages++) {
            OutcomeSource.Page page = source.read(rollout.endpoint(), rollout.started(), end);
            changed |= !page.outcomes().isEmpty();
            add(page.outcomes());
            end = page.end();
            more = page.labels() > 0;
        }
        if (changed) {
            found = new Found(figures(), rewards());
        }
        long now = nanoTime.getAsLong();
        // While there is more, as after a start, the next look is the next tick.
        nextLook = more ? now : now + Math.max(SHORTEST_PAUSE, (now - start) * PAUSE_PER_COST);
    }

    /** Labels of one page: what two versions answered to one request comes together. */
    void add(List<Outcomes> outcomes) {
        Map<String, Double> champion = new HashMap<>();
        Map<String, Double> candidate = new HashMap<>();
        List<Served> served = new ArrayList<>();
        for (Outcomes some : outcomes) {
            if (!rollout.versions().contains(some.version())) {
                continue;
            }
            for (int row = 0; row < some.ids().size(); row++) {
                OptionalDouble score = rollout.plan().score().of(some.predictions(), some.labels(), row);
                if (score.isPresent()) {
                    if (some.role() == Role.SERVED) {
                        served.add(new Served(some.version(), some.ids().get(row), score.getAsDouble()));
                    }
                    Map<String, Double> byId = some.version() == rollout.champion() ? champion : candidate;
                    byId.put(some.ids().get(row), score.getAsDouble());
                }
            }
        }
        Set<String> paired = new HashSet<>();
        if (rollout.strategy() instanceof Shadow) {
            candidate.forEach((id, score) -> {
                Double other = champion.get(id);
                if (other != null) {
                    pairs.add((1 + score - other) / 2);
                    paired.add(id);
                }
            });
        }
        for (Served one : served) {
            add(scores, one);
            if (!paired.contains(one.id())) {
                add(unpaired, one);
            }
        }
    }

    /** The score of an answer that a client was given. */
    private record Served(int version, String id, double score) {}

    private static void add(Map<Integer, ScoreHistogram> histograms, Served one) {
        histograms.computeIfAbsent(one.version(), _ -> new ScoreHistogram()).add(one.score());
    }

    QualityFigures figures() {
        double alpha = rollout.plan().alpha();
        List<QualityFigures.VersionQuality> versions = new ArrayList<>();
        scores.forEach((version, histogram) -> {
            ConfidenceSequence mean = ConfidenceSequence.ofMean(histogram, alpha);
            versions.add(new QualityFigures.VersionQuality(
                    version, histogram.scores(), histogram.mean(), mean.lower(), mean.upper()));
        });
        return new QualityFigures(rollout.plan().score().label(), alpha, versions, difference(alpha));
    }

    /**
     * Where a canary follows a shadow, labels come both ways: in pairs, then of either version's own requests. Each is a confidence
     * sequence at half of alpha, so that by the union bound both hold at all times but for alpha, and so does what they have in common.
     */
    private Optional<QualityFigures.QualityDifference> difference(double alpha) {
        boolean bothWays = rollout.strategy() instanceof Shadow shadow && shadow.then() instanceof Shadow.Then.Continue;
        double each = bothWays ? alpha / 2 : alpha;
        Optional<QualityFigures.QualityDifference> paired = differenceOfPairs(each);
        Optional<QualityFigures.QualityDifference> apart = differenceApart(each);
        return paired.isPresent() && apart.isPresent()
                ? Optional.of(paired.get().followedBy(apart.get()))
                : paired.or(() -> apart);
    }

    private Optional<QualityFigures.QualityDifference> differenceOfPairs(double alpha) {
        if (pairs.scores() == 0) {
            return Optional.empty();
        }
        ConfidenceSequence found = ConfidenceSequence.ofPairs(pairs, alpha);
        return Optional.of(new QualityFigures.QualityDifference(
                pairs.scores(), 2 * pairs.mean() - 1, found.lower(), found.upper()));
    }

    private Optional<QualityFigures.QualityDifference> differenceApart(double alpha) {
        ScoreHistogram champion = unpaired.get(rollout.champion());
        ScoreHistogram candidate = unpaired.get(rollout.candidate());
        if (champion == null || candidate == null || !rollout.strategy().isComparable()) {
            return Optional.empty();
        }
        ConfidenceSequence found = ConfidenceSequence.ofDifference(champion, candidate, alpha);
        return Optional.of(new QualityFigures.QualityDifference(
                candidate.scores(), candidate.mean() - champion.mean(), found.lower(), found.upper()));
    }

    private Map<Integer, BestArm.Arm> rewards() {
        Map<Integer, BestArm.Arm> rewards = new TreeMap<>();
        scores.forEach(
                (version, histogram) -> rewards.put(version, new BestArm.Arm(histogram.sum(), histogram.scores())));
        return rewards;
    }
}
