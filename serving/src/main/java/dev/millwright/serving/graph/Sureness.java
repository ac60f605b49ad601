package dev.millwright.serving.graph;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem;
import java.util.List;

/** When a classifier is sure enough of a row. A probability that is NaN never is. */
public sealed interface Sureness {
    /** Whether it is. */
    boolean isSure(Predictions.Classes answers, int row);

    /** The likeliest class is at least so probable. */
    record Probability(double atLeast) implements Sureness {
        public Probability {
            requireShare("sure", atLeast);
        }

        @Override
        public boolean isSure(Predictions.Classes answers, int row) {
            return top(answers, row, -1) >= (float) atLeast;
        }
    }

    /** The likeliest class is by at least so much more probable than the next. */
    record Margin(double atLeast) implements Sureness {
        public Margin {
            requireShare("margin", atLeast);
        }

        @Override
        public boolean isSure(Predictions.Classes answers, int row) {
            int classes = answers.classes().size();
            int best = 0;
            for (int c = 1; c < classes; c++) {
                best = answers.probability(row, c) > answers.probability(row, best) ? c : best;
            }
            return answers.probability(row, best) - top(answers, row, best) >= (float) atLeast;
        }
    }

    private static float top(Predictions.Classes answers, int row, int except) {
        float top = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < answers.classes().size(); c++) {
            if (c != except) {
                // NaN when one is.
                top = Math.max(top, answers.probability(row, c));
            }
        }
        return top;
    }

    private static void requireShare(String name, double atLeast) {
        if (!(atLeast > 0 && atLeast <= 1)) {
            throw new InvalidInputException(
                    List.of(Problem.about(name, atLeast + " (expected: above 0 and at most 1, such as 0.9)")));
        }
    }
}
