package dev.millwright.data;

import dev.millwright.core.Column;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Prints references as DuckDB predicates. */
final class ReferenceSql {
    private final UnaryOperator<String> columns;
    private final UnaryOperator<String> tables;

    /**
     * @param columns from the name of a column to its expression; timestamps are naive, in UTC
     * @param tables from the name of a table to what stands in FROM, with such timestamps
     */
    ReferenceSql(UnaryOperator<String> columns, UnaryOperator<String> tables) {
        this.columns = columns;
        this.tables = tables;
    }

    /** True where a row breaks it, false elsewhere, never NULL. */
    String broken(Reference reference) {
        return "(" + present(reference) + " AND "
                + (reference.polarity() == Expectation.Polarity.POSITIVE ? "NOT " : "") + partner(reference) + ")";
    }

    /** True where a row has all its values and meets it, false elsewhere, never NULL. */
    String met(Reference reference) {
        return "(" + present(reference) + " AND " + (reference.polarity() == Expectation.Polarity.NEGATED ? "NOT " : "")
                + partner(reference) + ")";
    }

    private String present(Reference reference) {
        return reference.columns().stream()
                .map(column -> columns.apply(column.name()) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
    }

    /** NULL where a value is missing. */
    private String partner(Reference reference) {
        String own = reference.columns().stream().map(Column::name).map(columns).collect(Collectors.joining(", "));
        String others = reference.others().stream().map(Sql::identifier).collect(Collectors.joining(", "));
        String present = reference.others().stream()
                .map(other -> Sql.identifier(other) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        return "((" + own + ") IN (SELECT " + others + " FROM " + tables.apply(reference.dataset()) + " WHERE "
                + present + "))";
    }
}
