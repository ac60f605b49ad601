package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.Task;
import dev.millwright.plan.StagedQuery;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A training set to be written.
 *
 * @param view yields the feature columns, {@code _row_id} and {@code _label}; TIMESTAMP columns are naive UTC
 * @param labels the same rows with {@code _row_id}, {@code _label} and the timestamp alone
 * @param timing of labels that come later, both have {@code _pending} and {@code _label_time}, too
 * @param labelType of {@code _label}
 * @param task inferred from the labels when it is empty
 * @param timestamp the TIMESTAMP column of the view that says when a row happened, if there is one; rows are sorted by it
 * @param out the Parquet file to write; replaced when it exists
 */
public record TrainingSetRequest(
        StagedQuery view,
        StagedQuery labels,
        LabelTiming timing,
        ColumnType labelType,
        Optional<Task> task,
        SplitSpec split,
        Optional<String> timestamp,
        Path out) {
    public TrainingSetRequest {
        if (timestamp.isEmpty() && split instanceof SplitSpec.ByTime byTime) {
            timestamp = Optional.of(byTime.column());
        }
        out = out.toAbsolutePath().normalize();
    }
}
