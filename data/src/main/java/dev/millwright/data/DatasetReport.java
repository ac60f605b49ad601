package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the checks found when a version was read.
 *
 * @param expectations in the order of the pipeline file
 * @param reasons why rows were set aside, the most frequent first, at most 20; without the values
 * @param repairs what became of rows that were repaired by hand; null where there were none
 */
public record DatasetReport(
        String dataset,
        List<ExpectationResult> expectations,
        List<Reason> reasons,
        @Nullable RepairUse repairs) {

    private static final Pattern UNIQUE = Pattern.compile("unique\\s*\\(.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
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
                .map(ExpectationResult::name)
                .filter(name -> UNIQUE.matcher(name).matches())
                .map(name -> Expectation.parse(name, NOWHERE, new ExpectationScope(schema, ZoneOffset.UTC, Map.of())))
                .flatMap(DatasetReport::key)
                .sorted(Comparator.comparingInt(List::size))
                .toList();
    }

    /** Columns alone: an expression that tells rows apart is none that both versions have. */
    static Stream<List<String>> key(Expectation expectation) {
        if (expectation instanceof Expectation.OfTable table && table.measure() instanceof Measure.Repeated repeated) {
            List<String> columns = repeated.of().stream()
                    .flatMap(value -> value.column().stream())
                    .map(Column::name)
                    .toList();
            return columns.size() == repeated.of().size() ? Stream.of(columns) : Stream.of();
        }
        return Stream.of();
    }
}
