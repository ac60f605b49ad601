package dev.millwright.data.profile;

import java.util.List;

/**
 * A cause to look at columns before a model learns from them. It asks a question, for data alone can't answer when a value was
 * known.
 *
 * @param columns what it is about; none when it is about rows
 * @param message one sentence or two, with the figures
 */
public record LeakageWarning(Kind kind, List<String> columns, String message) {
    public LeakageWarning {
        columns = List.copyOf(columns);
    }

    /** What was seen. */
    public enum Kind {
        /** A column alone predicts nearly every label. */
        NEARLY_THE_LABEL,
        /** A column alone predicts far better than any other, and than all others together. */
        FAR_ABOVE_THE_REST,
        /** A column is the mean label of the rows that share its value. */
        MADE_FROM_THE_LABEL,
        /** A column has values, or none, in the rows of one class alone. */
        MISSING_BY_LABEL,
        /** A column is known only after the moment at which a prediction is made. */
        KNOWN_AFTER,
        /** Train and test share rows. */
        SHARED_ROWS
    }
}
