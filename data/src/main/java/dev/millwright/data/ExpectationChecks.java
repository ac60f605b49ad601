package dev.millwright.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Counts what breaks each expectation: row checks over all rows that were read whole, table checks over those kept. */
final class ExpectationChecks {
    private static final int EXAMPLES = 3;

    private final Session session;
    private final SourceSpec spec;
    private final UnaryOperator<String> columns;
    private final long kept;

    ExpectationChecks(Session session, SourceSpec spec, UnaryOperator<String> columns, long kept) {
        this.session = session;
        this.spec = spec;
        this.columns = columns;
        this.kept = kept;
    }

    List<ExpectationResult> run() {
        List<ExpectationResult> results = new ArrayList<>();
        for (Expectation expectation : spec.expectations()) {
            results.add(
                    switch (expectation) {
                        case Expectation.OfRow row -> ofRow(row);
                        case Expectation.OfTable table -> ofTable(table);
                    });
        }
        return results;
    }

    private ExpectationResult ofRow(Expectation.OfRow expectation) {
        String broken = new ExpectationSql(columns, spec.zone()).broken(expectation);
        long count = session.count("SELECT count(*) FROM " + Ingestion.CHECKED + " WHERE " + broken);
        List<String> examples = count == 0
                ? List.of()
                : session.query(
                        "SELECT left(CAST(" + columns.apply(expectation.column()) + " AS VARCHAR), 60), _line FROM "
                                + Ingestion.CHECKED + " WHERE " + broken + " ORDER BY _file, _line LIMIT " + EXAMPLES,
                        row -> row.getString(1) + " (line " + row.getLong(2) + ")");
        return result(expectation, count == 0, count, examples);
    }

    private ExpectationResult ofTable(Expectation.OfTable expectation) {
        return switch (expectation) {
            case Expectation.Unique check -> unique(check);
            case Expectation.Missing check -> missing(check);
            case Expectation.Rows check ->
                result(check, check.comparator().holds(kept, check.count()), kept, List.of());
            case Expectation.RowsBetween check ->
                result(check, check.low() <= kept && kept <= check.high(), kept, List.of());
        };
    }

    private ExpectationResult unique(Expectation.Unique check) {
        List<String> values = check.columns().stream().map(columns).toList();
        String present = values.stream().map(value -> value + " IS NOT NULL").collect(Collectors.joining(" AND "));
        String groups = "(SELECT concat_ws(', ', " + String.join(", ", values) + ") AS example, count(*) AS n FROM "
                + Ingestion.KEPT + " WHERE " + present + " GROUP BY " + String.join(", ", values)
                + " HAVING count(*) > 1)";
        long repeated = session.count("SELECT coalesce(sum(n - 1), 0) FROM " + groups);
        List<String> examples = repeated == 0
                ? List.of()
                : session.query(
                        "SELECT left(example, 60), n FROM " + groups + " ORDER BY n DESC, example LIMIT " + EXAMPLES,
                        row -> row.getString(1) + " (" + row.getLong(2) + " times)");
        return result(check, repeated == 0, repeated, examples);
    }

    private ExpectationResult missing(Expectation.Missing check) {
        long missing = session.count(
                "SELECT count(*) FROM " + Ingestion.KEPT + " WHERE " + columns.apply(check.column()) + " IS NULL");
        double share = kept == 0 ? 0 : (double) missing / kept;
        return result(check, check.comparator().holds(share, check.share()), missing, List.of());
    }

    private static ExpectationResult result(Expectation check, boolean holds, long count, List<String> examples) {
        return new ExpectationResult(
                check.text(),
                holds ? ExpectationResult.Outcome.PASSED : ExpectationResult.Outcome.BROKEN,
                count,
                examples);
    }
}
