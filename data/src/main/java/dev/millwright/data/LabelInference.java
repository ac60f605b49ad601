package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Task;

/** Tells from its labels what there is to learn, when nobody said. */
public final class LabelInference {
    private static final long MOST_INTEGER_CLASSES = 20;

    private LabelInference() {}

    /**
     * What was counted about the labels that are not missing.
     *
     * @param distinct different labels
     * @param minimum of numeric labels
     * @param maximum of numeric labels
     */
    public record Facts(long distinct, double minimum, double maximum, Integers integers) {}

    /** Whether all numeric labels are whole. */
    public enum Integers {
        ALL,
        NOT_ALL
    }

    /**
     * Texts and booleans are classes. Integers are, when there are at most 20 different ones close together (a count of rare
     * events has gaps, a code has few); other numbers only when there are exactly two, both whole.
     */
    public static Task infer(ColumnType type, Facts facts) {
        Task classification = facts.distinct() <= 2 ? Task.BINARY : Task.MULTICLASS;
        return switch (type) {
            case BOOLEAN, VARCHAR -> classification;
            case BIGINT -> {
                boolean close = facts.maximum() - facts.minimum() < 2.0 * MOST_INTEGER_CLASSES;
                yield facts.distinct() == 2 || (facts.distinct() <= MOST_INTEGER_CLASSES && close)
                        ? classification
                        : Task.REGRESSION;
            }
            case DOUBLE -> facts.distinct() == 2 && facts.integers() == Integers.ALL ? Task.BINARY : Task.REGRESSION;
            case TIMESTAMP ->
                throw new InvalidInputException("label: timestamp (expected: a boolean, number or text); compute a"
                        + " difference, such as hours, from it");
        };
    }

    /** Whether a model of {@code task} can be trained on labels of {@code type}; says why not. */
    static void require(Task task, ColumnType type, Facts facts) {
        if (type == ColumnType.TIMESTAMP) {
            infer(type, facts);
        }
        if (task == Task.REGRESSION && !type.isNumeric()) {
            throw new InvalidInputException("label: " + type.label()
                    + " (expected: a number for a regression); or let the task be classification");
        }
        if (task == Task.BINARY && facts.distinct() > 2) {
            throw new InvalidInputException("label: " + facts.distinct()
                    + " different values (expected: 2 for a binary classification); or let the task be multiclass");
        }
    }
}
