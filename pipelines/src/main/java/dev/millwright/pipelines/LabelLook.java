package dev.millwright.pipelines;

import dev.millwright.data.Preview;
import dev.millwright.data.Preview.Extent;
import dev.millwright.plan.FeaturePlan;
import java.util.List;
import java.util.Optional;

/** Evaluates the label over sources that a check has looked at. What it refuses, a run would refuse too. */
final class LabelLook {
    /** Look-ups and windows over more rows are work, which is left to the run. */
    private static final long MOST_JOINED_ROWS = 1_000_000;

    private LabelLook() {}

    /**
     * Why nothing can be learnt from the labels, if that is so. Empty too when that can't be told: when a source that the
     * label needs is longer than what is looked at, or when the label needs look-ups or windows, and an expectation may set
     * aside some of their rows or there are too many of them.
     */
    static Optional<String> findProblem(FeaturePlan plan, Preview preview) {
        return plan.labelOnly()
                .filter(labels -> canTell(labels, preview))
                .flatMap(labels -> preview.findLabelProblem(
                        labels.duckDbSql(
                                dataset -> preview.rows(dataset).orElseThrow().reference()),
                        labels.labelType().orElseThrow()));
    }

    private static boolean canTell(FeaturePlan labels, Preview preview) {
        List<Preview.Rows> sources = labels.tables().stream()
                .flatMap(dataset -> preview.rows(dataset).stream())
                .toList();
        if (labels.isRowByRow()) {
            return sources.stream().noneMatch(source -> source.extent() == Extent.HEAD);
        }
        return sources.stream().allMatch(source -> source.extent() == Extent.KEPT)
                && sources.stream().mapToLong(Preview.Rows::count).sum() <= MOST_JOINED_ROWS;
    }
}
