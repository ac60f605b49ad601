package dev.millwright.data.profile;

import dev.millwright.core.Task;

/**
 * How well one column predicts the label without any other: on rows that had no part in what it is judged by.
 *
 * @param basis what of the column predicts best
 * @param score of it: the area under the ROC curve for two classes, the mean of these areas for more, R² for a number
 * @param missingness the same score of no more than whether there is a value
 * @param rows with a value and a label
 */
public record ColumnScore(String column, Basis basis, FoldScore score, double missingness, long rows) {
    /** What of a column was used. */
    public enum Basis {
        /** Which value it is. */
        VALUE,
        /** Where it stands in the order of the values, in up to 64 steps. */
        ORDER,
        /** Whether there is a value. */
        MISSINGNESS
    }

    /**
     * How far a score is from chance, on a scale without upper end: 0 is chance, and twice as much is twice as far. For classes
     * the logarithm of the odds that a row of the class is above one of another, for numbers signal to noise, the root of
     * explained over unexplained variance (Cohen's f).
     */
    static double strength(Task task, double score) {
        double share = Math.clamp(Double.isNaN(score) ? 0 : score, 0, 1 - 1e-9);
        return switch (task) {
            case BINARY, MULTICLASS -> Math.max(0, Math.log(share / (1 - share)));
            case REGRESSION -> Math.sqrt(share / (1 - share));
        };
    }
}
