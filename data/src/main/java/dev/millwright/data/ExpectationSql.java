package dev.millwright.data;

import java.time.ZoneId;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Prints row expectations as DuckDB predicates. */
final class ExpectationSql {
    private final UnaryOperator<String> columns;
    private final ZoneId zone;

    /**
     * @param columns from the name of a column to its expression
     * @param zone of times without an offset
     */
    ExpectationSql(UnaryOperator<String> columns, ZoneId zone) {
        this.columns = columns;
        this.zone = zone;
    }

    /** True where a row breaks the expectation, false elsewhere, never NULL. */
    String broken(Expectation.OfRow expectation) {
        String column = columns.apply(expectation.column());
        return switch (expectation) {
            case Expectation.Compared check ->
                isFalse(column + " " + check.comparator().sql() + " " + constant(check.value()));
            case Expectation.Between check ->
                isFalse(column + not(check.polarity()) + " BETWEEN " + constant(check.low()) + " AND "
                        + constant(check.high()));
            case Expectation.OneOf check ->
                isFalse(column + not(check.polarity()) + " IN ("
                        + check.values().stream().map(this::constant).collect(Collectors.joining(", ")) + ")");
            case Expectation.Present _ -> "(" + column + " IS NULL)";
            case Expectation.Matches check ->
                isFalse("regexp_full_match(" + column + ", " + Sql.literal(check.pattern()) + ")");
        };
    }

    private static String isFalse(String predicate) {
        return "((" + predicate + ") IS FALSE)";
    }

    private static String not(Expectation.Polarity polarity) {
        return switch (polarity) {
            case POSITIVE -> "";
            case NEGATED -> " NOT";
        };
    }

    private String constant(Expectation.Value value) {
        return switch (value) {
            // A quoted number keeps all its digits until it is cast: DuckDB would read 0.1 as a decimal.
            case Expectation.Value.Numeral number ->
                number.digits().matches("[+-]?[0-9]{1,18}") ? number.digits() : "'" + number.digits() + "'::DOUBLE";
            case Expectation.Value.Text text -> Sql.literal(text.text());
            case Expectation.Value.Truth truth -> Boolean.toString(truth.value());
            case Expectation.Value.Time time -> "(" + Cells.instant(Sql.literal(time.iso()), zone) + ")";
        };
    }
}
