package dev.millwright.serving.graph;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem;
import dev.millwright.serving.Deadline;
import java.util.Arrays;
import java.util.List;

/**
 * The label that most members chose (hard voting); among labels with equally many votes the one with the highest mean probability,
 * then the first. The probabilities are the weighted means of the members', so that they can be watched; the label need not be the
 * likeliest by them.
 */
public final class Vote implements RowNode {
    private final Members members;
    private final double[] shares;
    private final Together together;

    private Vote(Members members, double[] shares, Together together) {
        this.members = members;
        this.shares = shares;
        this.together = together;
    }

    /**
     * @param weights one a member, or none for equal ones
     * @throws InvalidInputException with problems about {@code of[n]} and {@code weights}
     */
    public static Vote of(List<RowNode> members, List<Double> weights, Together together) {
        Members.checkWeights(weights, members.size());
        Members checked = Members.of(members, place -> "of[" + place + "]", List.of(), Members.HALF);
        if (!checked.classify()) {
            throw new InvalidInputException(List.of(Problem.about(
                    "of", "numbers (expected: classifiers, whose labels can be counted). Use average instead.")));
        }
        return new Vote(checked, Members.normalised(weights, members.size()), together);
    }

    @Override
    public ModelSignature signature() {
        return members.signature();
    }

    @Override
    public Predictions predict(Frame rows, Deadline deadline) {
        List<Predictions> answers = members.predictAll(rows, deadline, together);
        List<String> classes = signature().classes();
        float[] mean = Means.of(answers, shares);
        int[] labels = new int[rows.rows()];
        double[] votes = new double[classes.size()];
        for (int row = 0; row < labels.length; row++) {
            count(answers, row, votes);
            labels[row] = winner(votes, mean, row * votes.length);
        }
        return new Predictions.Classes(classes, mean, labels);
    }

    private void count(List<Predictions> answers, int row, double[] votes) {
        Arrays.fill(votes, 0);
        for (int member = 0; member < shares.length; member++) {
            votes[((Predictions.Classes) answers.get(member)).labels()[row]] += shares[member];
        }
    }

    /** Votes are sums of shares: what differs by rounding alone is a tie. */
    private static int winner(double[] votes, float[] mean, int from) {
        int best = 0;
        for (int c = 1; c < votes.length; c++) {
            double more = votes[c] - votes[best];
            if (more > 1e-9 || (more > -1e-9 && mean[from + c] > mean[from + best])) {
                best = c;
            }
        }
        return best;
    }

    @Override
    public long recentNanos() {
        return members.sumOfNanos();
    }
}
