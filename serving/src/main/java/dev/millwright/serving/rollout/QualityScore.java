package dev.millwright.serving.rollout;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import dev.millwright.core.Words;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How good one prediction was, once its label is known: from 0, the worst, to 1. */
public sealed interface QualityScore {
    /** As a pipeline file says it. */
    String label();

    /** What a person calls it. */
    String meaning();

    /** Empty when a label says nothing about the prediction. */
    OptionalDouble of(Predictions predictions, Labels labels, int row);

    /** Why the predictions of such a model have no such score; empty when they do. */
    Optional<String> problem(Task task);

    /** 1 when the model chose the label that was right. */
    record Correct() implements QualityScore {
        @Override
        public String label() {
            return "correct";
        }

        @Override
        public String meaning() {
            return "share of right labels";
        }

        @Override
        public OptionalDouble of(Predictions predictions, Labels labels, int row) {
            return predictions instanceof Predictions.Classes said && labels instanceof Labels.Classes known
                    ? OptionalDouble.of(said.labels()[row] == known.indices()[row] ? 1 : 0)
                    : OptionalDouble.empty();
        }

        @Override
        public Optional<String> problem(Task task) {
            return needsClasses(task, this);
        }
    }

    /**
     * One minus half the squared distance between the probabilities and what came true: G. W. Brier, Verification of forecasts
     * expressed in terms of probability, Monthly Weather Review 78(1), 1950. With two classes, 1 − (p − y)².
     */
    record Brier() implements QualityScore {
        @Override
        public String label() {
            return "brier";
        }

        @Override
        public String meaning() {
            return "1 − Brier score";
        }

        @Override
        public OptionalDouble of(Predictions predictions, Labels labels, int row) {
            if (!(predictions instanceof Predictions.Classes said && labels instanceof Labels.Classes known)) {
                return OptionalDouble.empty();
            }
            double distance = 0;
            for (int c = 0; c < said.classes().size(); c++) {
                double error = said.probability(row, c) - (c == known.indices()[row] ? 1 : 0);
                distance += error * error;
            }
            double score = 1 - distance / 2;
            return Double.isNaN(score) ? OptionalDouble.empty() : OptionalDouble.of(Math.clamp(score, 0.0, 1.0));
        }

        @Override
        public Optional<String> problem(Task task) {
            return needsClasses(task, this);
        }
    }

    /** 1 when the positive class came true, whatever was predicted: a click, a sale. */
    record Label() implements QualityScore {
        @Override
        public String label() {
            return "label";
        }

        @Override
        public String meaning() {
            return "share of positive labels";
        }

        @Override
        public OptionalDouble of(Predictions predictions, Labels labels, int row) {
            return labels instanceof Labels.Classes known
                    ? OptionalDouble.of(known.indices()[row] == known.classes().size() - 1 ? 1 : 0)
                    : OptionalDouble.empty();
        }

        @Override
        public Optional<String> problem(Task task) {
            return task == Task.BINARY
                    ? Optional.empty()
                    : Optional.of("score: label (expected: a score for this model, which does not choose between two"
                            + " classes). Write score: " + (task.isClassification() ? "brier" : "within 5")
                            + ".");
        }
    }

    /** 1 when a number was off by at most this. */
    record Within(double error) implements QualityScore {
        public Within {
            if (!(error > 0 && Double.isFinite(error))) {
                throw new IllegalArgumentException("within: " + error + " (expected: above 0)");
            }
        }

        @Override
        public String label() {
            return "within " + error;
        }

        @Override
        public String meaning() {
            return "share off by at most " + error;
        }

        @Override
        public OptionalDouble of(Predictions predictions, Labels labels, int row) {
            return predictions instanceof Predictions.Values said && labels instanceof Labels.Values known
                    ? OptionalDouble.of(Math.abs(said.values()[row] - known.values()[row]) <= error ? 1 : 0)
                    : OptionalDouble.empty();
        }

        @Override
        public Optional<String> problem(Task task) {
            return task.isClassification()
                    ? Optional.of("score: " + label() + " (expected: brier, correct or label for a model that chooses"
                            + " between classes)")
                    : Optional.empty();
        }
    }

    private static Optional<String> needsClasses(Task task, QualityScore score) {
        return task.isClassification()
                ? Optional.empty()
                : Optional.of("score: " + score.label() + " (expected: within ERROR for a model that predicts numbers,"
                        + " such as within 5)");
    }

    /**
     * Reads what {@link #label} writes.
     *
     * @throws InvalidInputException when it is no score
     */
    static QualityScore parse(String text) {
        String stripped = text.strip();
        Matcher within = Pattern.compile("within\\s+([0-9]*\\.?[0-9]+)").matcher(stripped);
        if (within.matches() && Double.parseDouble(within.group(1)) > 0) {
            return new Within(Double.parseDouble(within.group(1)));
        }
        return switch (stripped) {
            case "correct" -> new Correct();
            case "brier" -> new Brier();
            case "label" -> new Label();
            default ->
                throw new InvalidInputException("score: " + Words.shortened(text)
                        + " (expected: brier, correct, label, or within ERROR for numbers)."
                        + Words.nearest(stripped, List.of("brier", "correct", "label", "within"))
                                .map(near -> " Did you mean '" + near + "'?")
                                .orElse(""));
        };
    }
}
