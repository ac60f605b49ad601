package dev.millwright.data.profile;

import dev.millwright.core.Task;
import java.util.List;
import java.util.Optional;

/**
 * What gives the label away.
 *
 * @param task that the label's type and values mean
 * @param metric of the scores: {@code roc_auc}, {@code roc_auc_ovr} or {@code r2}
 * @param rows that columns were judged on: those of the sample that have a label
 * @param classes the most frequent ones of the label with all their rows; none for a number
 * @param scores the strongest column first
 * @param together the score of all columns together, without interactions; NaN with none
 * @param sharedRows empty where nothing is left to compare rows by
 * @param warnings the gravest first
 */
public record LeakageStudy(
        String label,
        Task task,
        String metric,
        long rows,
        List<ColumnSummary.ValueCount> classes,
        List<ColumnScore> scores,
        FoldScore together,
        Optional<SharedRows> sharedRows,
        List<LeakageWarning> warnings) {
    public LeakageStudy {
        classes = List.copyOf(classes);
        scores = List.copyOf(scores);
        warnings = List.copyOf(warnings);
    }

    /** How far from chance a column's score is; see {@link ColumnScore}. */
    public double strength(ColumnScore score) {
        return ColumnScore.strength(task, score.score().value());
    }
}
