package dev.millwright.serving.rollout;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The quality of versions on labelled predictions, with intervals that hold however often one looks: {@link ConfidenceSequence}.
 *
 * @param score what was measured, as a pipeline file says it
 * @param alpha chance that one of the intervals is ever wrong, for each of them
 * @param versions those with labels
 * @param difference of the candidate's mean score from the champion's, when both have labels and can be compared
 */
public record QualityFigures(
        String score, double alpha, List<VersionQuality> versions, Optional<QualityDifference> difference) {
    public QualityFigures {
        versions = List.copyOf(versions);
    }

    /**
     * One version's mean score.
     *
     * @param labels how many predictions it is over
     */
    public record VersionQuality(int version, long labels, double mean, double lower, double upper) {}

    /**
     * How much better the candidate is, negative when it is worse.
     *
     * @param labels how many predictions of the candidate it is over
     */
    public record QualityDifference(long labels, double mean, double lower, double upper) {
        /**
         * What two intervals say together that both hold: where they overlap. Where they don't, the difference has not been the same all
         * the time, and the later one counts.
         *
         * @param later of other requests, answered later
         */
        QualityDifference followedBy(QualityDifference later) {
            double least = Math.max(lower, later.lower);
            double most = Math.min(upper, later.upper);
            if (least > most) {
                return later;
            }
            long together = labels + later.labels;
            double common = (labels * mean + later.labels * later.mean) / together;
            return new QualityDifference(together, Math.clamp(common, least, most), least, most);
        }
    }

    /** Before there is a label. */
    static QualityFigures none(RolloutPlan plan) {
        return new QualityFigures(plan.score().label(), plan.alpha(), List.of(), Optional.empty());
    }

    /** In a few words. */
    String told() {
        return difference
                .map(found -> String.format(
                        Locale.ROOT,
                        "%s differs by %.4f [%.4f, %.4f] over %d labels (alpha %s)",
                        score,
                        found.mean(),
                        found.lower(),
                        found.upper(),
                        found.labels(),
                        Shares.percent(alpha)))
                .orElse("without labels of both");
    }

    /** Whether the candidate is surely worse by more than that. */
    boolean isWorse(double margin) {
        return difference.filter(found -> found.upper() < -margin).isPresent();
    }

    /** Whether the candidate is surely better. */
    boolean isBetter() {
        return difference.filter(found -> found.lower() > 0).isPresent();
    }
}
