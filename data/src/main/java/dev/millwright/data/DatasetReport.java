package dev.millwright.data;

import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the checks found when a version was read.
 *
 * @param expectations in the order of the pipeline file
 * @param reasons why rows were set aside, the most frequent first, at most 20; without the values
 */
public record DatasetReport(String dataset, List<ExpectationResult> expectations, List<Reason> reasons) {

    private static final Problem.Position NOWHERE = new Problem.Position("report", 1, 1);

    /** A kind of reason, and the rows that were set aside for it. */
    public record Reason(String reason, long rows) {}

    public DatasetReport {
        expectations = List.copyOf(expectations);
        reasons = List.copyOf(reasons);
    }

    /** Columns that tell rows apart, as far as a passed {@code unique(…)} says so, the fewest first. */
    List<List<String>> keys(Schema schema) {
        return expectations.stream()
                .filter(ExpectationResult::passed)
                .map(result -> Expectation.parse(result.name(), NOWHERE, schema))
                .flatMap(parsed ->
                        parsed instanceof Expectation.Unique unique ? Stream.of(unique.columns()) : Stream.of())
                .sorted(Comparator.comparingInt(List::size))
                .toList();
    }
}
