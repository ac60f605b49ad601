package dev.millwright.data;

import dev.millwright.plan.RowExpression;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Prints measures as DuckDB aggregates of DOUBLE; NULL where there is nothing to measure. */
final class MeasureSql {
    private final UnaryOperator<String> columns;
    private final ReferenceSql references;
    private final long now;

    /**
     * @param columns from the name of a column to its expression; timestamps are naive, in UTC
     * @param tables from the name of a table to what stands in FROM
     * @param now against which freshness is measured
     */
    MeasureSql(UnaryOperator<String> columns, UnaryOperator<String> tables, Instant now) {
        this.columns = columns;
        this.references = new ReferenceSql(columns, tables);
        this.now = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    }

    String aggregate(Measure.Aggregation measure) {
        String value = switch (measure) {
            case Measure.Rows _ -> "count(*)";
            case Measure.Aggregate aggregate ->
                aggregate.function().name().toLowerCase(Locale.ROOT) + "(" + print(aggregate.argument()) + ")";
            case Measure.Quantile quantile ->
                "quantile_cont(CAST(" + print(quantile.argument()) + " AS DOUBLE), " + quantile.probability() + ")";
            case Measure.Count count -> "count(" + print(count.argument()) + ")";
            case Measure.Distinct distinct -> distinct(distinct.of());
            case Measure.Repeated repeated ->
                "count(*) FILTER (WHERE " + present(repeated.of()) + ") - " + distinct(repeated.of());
            case Measure.Missing missing -> share(print(missing.argument()) + " IS NULL");
            case Measure.Share share -> share(print(share.condition()));
            case Measure.Partnered partnered -> share(references.met(partnered.reference()));
            case Measure.Freshness freshness -> freshness(print(freshness.time()));
        };
        return "CAST(" + value + " AS DOUBLE)";
    }

    private String distinct(List<RowExpression> values) {
        return "count(DISTINCT " + row(values) + ") FILTER (WHERE " + present(values) + ")";
    }

    /** Several values as one. */
    String row(List<RowExpression> values) {
        return values.stream().map(this::print).collect(Collectors.joining(", ", "row(", ")"));
    }

    /** Where none of the values is missing. */
    String present(List<RowExpression> values) {
        return values.stream().map(value -> print(value) + " IS NOT NULL").collect(Collectors.joining(" AND "));
    }

    private static String share(String condition) {
        return "count(*) FILTER (WHERE " + condition + ") / count(*)";
    }

    private String freshness(String time) {
        String micros = "epoch_us(" + time + ")";
        return "(" + now + " - max(" + micros + ") FILTER (WHERE " + micros + " <= " + now + ")) / 1000000";
    }

    String print(RowExpression expression) {
        return expression.duckDbSql(columns);
    }
}
