package dev.millwright.serving.graph;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.serving.Deadline;
import java.util.List;

/**
 * The weighted mean of what the members say: of numbers, or of the probabilities of classes (soft voting). The label follows from
 * the mean probabilities: of two classes the second from the threshold on, of more the first of the likeliest.
 */
public final class Average implements RowNode {
    private final Members members;
    private final double[] shares;
    private final Together together;

    private Average(Members members, double[] shares, Together together) {
        this.members = members;
        this.shares = shares;
        this.together = together;
    }

    /**
     * @param weights one a member, or none for equal ones
     * @param threshold of two classes
     * @throws dev.millwright.core.InvalidInputException with problems about {@code of[n]} and {@code weights}
     */
    public static Average of(List<RowNode> members, List<Double> weights, double threshold, Together together) {
        Members.checkWeights(weights, members.size());
        Members checked = Members.of(members, place -> "of[" + place + "]", List.of(), threshold);
        return new Average(checked, Members.normalised(weights, members.size()), together);
    }

    @Override
    public ModelSignature signature() {
        return members.signature();
    }

    @Override
    public Predictions predict(Frame rows, Deadline deadline) {
        float[] mean = Means.of(members.predictAll(rows, deadline, together), shares);
        return members.classify()
                ? new Predictions.Classes(
                        signature().classes(),
                        mean,
                        Means.labels(
                                mean, signature().classes().size(), signature().threshold()))
                : new Predictions.Values(mean);
    }

    @Override
    public long recentNanos() {
        return members.sumOfNanos();
    }
}
