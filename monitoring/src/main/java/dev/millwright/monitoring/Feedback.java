package dev.millwright.monitoring;

import dev.millwright.core.InvalidInputException;
import dev.millwright.serving.RowKey;
import java.util.regex.Pattern;

/**
 * What turned out to be true.
 *
 * @param label the class, or a number for a regression
 */
public record Feedback(Key key, String label) {
    /** Which prediction it is about. */
    public sealed interface Key {}

    /**
     * The row's prediction id.
     *
     * @param id a request's prediction id, {@code -}, and the row; a request's id alone means its first row
     */
    public record ById(String id) implements Key {
        private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-\\d{1,9})?");

        public ById {
            if (!ID.matcher(id).matches()) {
                throw new InvalidInputException("prediction_id: '" + id
                        + "' (expected: the id that the prediction's answer gave, then '-' and the row's number)");
            }
            if (id.length() == 36) {
                id = id + "-0";
            }
        }
    }

    /** The entity that was predicted for, and as of when, on an endpoint. */
    public record ByRow(String endpoint, RowKey row) implements Key {}

    public Feedback {
        if (label.isEmpty()) {
            throw new InvalidInputException("label: '' (expected: what turned out to be true)");
        }
    }

    public static Feedback of(String predictionId, String label) {
        return new Feedback(new ById(predictionId), label);
    }
}
