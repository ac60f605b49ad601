package dev.millwright.monitoring;

import dev.millwright.core.Labels;

/**
 * Logged predictions of one version whose outcome is known.
 *
 * @param labels one a row
 * @param unusable labels that are none of the model's classes, or no number; their rows are left out
 */
public record LabelledPredictions(LoggedPredictions predictions, Labels labels, long unusable) {
    public LabelledPredictions {
        if (labels.rows() != predictions.rows().rows()) {
            throw new IllegalArgumentException("labels: " + labels.rows() + " (expected: "
                    + predictions.rows().rows() + ", one a row)");
        }
    }
}
