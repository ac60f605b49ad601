package dev.millwright.data;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Prints row expectations as DuckDB predicates. */
final class ExpectationSql {
    private static final int SHOWN_VALUE = 100;

    private final CheckedColumns columns;
    private final ReferenceSql references;
    private final ZoneId zone;
    private final Instant now;

    /**
     * @param tables from the name of a table to what stands in FROM
     * @param zone of times without an offset
     * @param now when the source is read
     */
    ExpectationSql(CheckedColumns columns, UnaryOperator<String> tables, ZoneId zone, Instant now) {
        this.columns = columns;
        this.references = new ReferenceSql(columns::naive, tables);
        this.zone = zone;
        this.now = now;
    }

    /** True where a row breaks the expectation, false elsewhere, never NULL. */
    String broken(Expectation.OfRow expectation) {
        return switch (expectation) {
            case Expectation.OfColumn check -> broken(check, columns.typed(check.column()));
            case Expectation.Partner check -> references.broken(check.reference());
            case Expectation.Condition check -> isFalse(check.condition().duckDbSql(columns::naive));
        };
    }

    private String broken(Expectation.OfColumn expectation, String column) {
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

    /** The text that says why a row is set aside: {@code month: '13' breaks 'month between 1 and 12'}; else NULL. */
    String reason(Expectation.OfRow expectation) {
        String names = String.join(", ", expectation.columns());
        List<String> values = expectation.columns().stream().map(this::shown).toList();
        String found = values.size() == 1
                ? "coalesce('''' || " + values.getFirst() + " || '''', 'nothing')"
                : "'''' || " + listed(values) + " || ''''";
        return "CASE WHEN " + broken(expectation) + " THEN " + Sql.literal(names + ": ") + " || " + found + " || "
                + Sql.literal(" breaks '" + expectation.text() + "'") + " END";
    }

    /** The values that an expectation looks at, with their names when there are several. */
    String example(Expectation.OfRow expectation) {
        List<String> names = expectation.columns();
        return names.size() == 1
                ? shown(names.getFirst())
                : names.stream()
                        .map(name -> Sql.literal(name + " ") + " || coalesce(" + shown(name) + ", 'missing')")
                        .collect(Collectors.joining(" || ', ' || "));
    }

    private static String listed(List<String> values) {
        return values.stream()
                .map(value -> "coalesce(" + value + ", 'nothing')")
                .collect(Collectors.joining(" || ', ' || "));
    }

    private String shown(String column) {
        return "left(CAST(" + columns.typed(column) + " AS VARCHAR), " + SHOWN_VALUE + ")";
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
            case Expectation.Value.Now later ->
                "TIMESTAMPTZ " + Sql.literal(now.plus(later.later()).toString());
            case Expectation.Value.Time time -> "(" + Cells.instant(Sql.literal(time.iso()), zone) + ")";
        };
    }
}
