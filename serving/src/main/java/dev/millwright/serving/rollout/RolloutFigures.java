package dev.millwright.serving.rollout;

import dev.millwright.serving.AnswerComparison;
import dev.millwright.serving.StatisticsSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * What is known when a decision about a rollout is made. Counts are since the rollout began, or since the process started if that was
 * later; quality is over all labels.
 *
 * @param versions that take part, the candidate first
 * @param outputPsi population stability index of the candidate's answers against the champion's; empty before there are any
 * @param disagreement empty as long as no request was answered by both
 * @param quality empty when the plan doesn't ask for it
 */
public record RolloutFigures(
        List<VersionCounts> versions,
        Optional<Double> outputPsi,
        Optional<AnswerDisagreement> disagreement,
        Optional<QualityFigures> quality) {
    /** Before anything is known. */
    public static final RolloutFigures NONE =
            new RolloutFigures(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public RolloutFigures {
        versions = List.copyOf(versions);
    }

    /**
     * One version's requests.
     *
     * @param failures errors, and refusals for overload
     * @param p50Millis 0 without requests
     */
    public record VersionCounts(int version, long requests, long failures, double p50Millis, double p99Millis) {
        static VersionCounts of(int version, StatisticsSnapshot counts) {
            return new VersionCounts(
                    version,
                    counts.requests(),
                    counts.failures(),
                    counts.latency(0.5).toNanos() / 1e6,
                    counts.latency(0.99).toNanos() / 1e6);
        }
    }

    /**
     * How the candidate's answers differ from the champion's to the same requests.
     *
     * @param rows answered by both
     * @param share of rows that disagree: with different labels, or tensors
     * @param meanDifference of values, probabilities or the floating-point numbers of tensors
     */
    public record AnswerDisagreement(long rows, double share, double meanDifference, double largestDifference) {
        static Optional<AnswerDisagreement> of(AnswerComparison.Snapshot counts) {
            return counts.rows() == 0
                    ? Optional.empty()
                    : Optional.of(new AnswerDisagreement(
                            counts.rows(), counts.disagreement(), counts.meanDifference(), counts.largest()));
        }
    }
}
