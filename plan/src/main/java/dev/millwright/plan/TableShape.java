package dev.millwright.plan;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.KnownAfter;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plan has to know of a dataset.
 *
 * @param dataset the name that the SQL calls it by
 * @param time the column that says when a row happened. Where it is empty, the rows of a view's base table happen at the view's
 *     timestamp
 * @param known when columns become known; those that aren't named are known at once
 */
public record TableShape(String dataset, Schema schema, Optional<String> time, Map<String, KnownAfter> known) {
    /**
     * Checks that columns are there and of the right type.
     *
     * @throws InvalidInputException with problems about {@code time} and {@code schema.COLUMN}
     */
    public TableShape {
        known = Collections.unmodifiableMap(new LinkedHashMap<>(known));
        List<Problem> problems = new ArrayList<>();
        Schema columns = schema;
        time.flatMap(column -> notATimestamp("time", column, columns))
                .ifPresent(problem -> problems.add(Problem.about("time", problem)));
        Optional<String> clock = time;
        known.forEach((column, after) -> problem(column, after, columns, clock)
                .ifPresent(problem -> problems.add(Problem.about("schema." + column, problem))));
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    /** A dataset of which all is known at once. */
    public static TableShape of(String dataset, Schema schema) {
        return new TableShape(dataset, schema, Optional.empty(), Map.of());
    }

    /** When the column becomes known: a moment that others are known at is known itself when it has come. */
    public Optional<KnownAfter> knownAfter(String column) {
        Optional<KnownAfter> own = known.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(column))
                .map(Map.Entry::getValue)
                .findFirst();
        boolean moment = known.values().stream()
                .anyMatch(after -> after instanceof KnownAfter.At(String name) && name.equalsIgnoreCase(column));
        return own.isEmpty() && moment ? Optional.of(new KnownAfter.At(column)) : own;
    }

    private static Optional<String> problem(String column, KnownAfter after, Schema columns, Optional<String> time) {
        if (columns.names().stream().noneMatch(column::equalsIgnoreCase)) {
            return Optional.of("known_after of " + column + ": unknown column (expected: one of the dataset)."
                    + Words.suggestion(column, columns.names()));
        }
        if (time.filter(column::equalsIgnoreCase).isPresent()) {
            return Optional.of(
                    "known_after of " + column
                            + ": the time of its row (expected: another column). A row is known when it happens; say of its other columns when they are.");
        }
        return after instanceof KnownAfter.At(String moment)
                ? notATimestamp("known_after", moment, columns)
                : Optional.empty();
    }

    private static Optional<String> notATimestamp(String key, String name, Schema columns) {
        Optional<Column> column = columns.columns().stream()
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst();
        String expected = key.equals("time")
                ? "a timestamp column"
                : "a duration such as 7d, or a timestamp column of the dataset";
        if (column.isEmpty()) {
            List<String> timestamps = columns.columns().stream()
                    .filter(each -> each.type() == ColumnType.TIMESTAMP)
                    .map(Column::name)
                    .toList();
            return Optional.of(
                    key + ": " + name + " (expected: " + expected + ")." + Words.suggestion(name, timestamps));
        }
        return column.get().type() == ColumnType.TIMESTAMP
                ? Optional.empty()
                : Optional.of(
                        key + ": " + name + " is " + column.get().type().label() + " (expected: " + expected + ").");
    }
}
