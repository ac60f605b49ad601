package dev.millwright.data;

import java.util.List;

/**
 * What the checks found when a version was read.
 *
 * @param expectations in the order of the pipeline file
 * @param reasons why rows were set aside, the most frequent first, at most 20; without the values
 */
public record DatasetReport(String dataset, List<ExpectationResult> expectations, List<Reason> reasons) {

    /** A kind of reason, and the rows that were set aside for it. */
    public record Reason(String reason, long rows) {}

    public DatasetReport {
        expectations = List.copyOf(expectations);
        reasons = List.copyOf(reasons);
    }
}
