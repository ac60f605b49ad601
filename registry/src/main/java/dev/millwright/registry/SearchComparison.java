package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.SearchClause.Comparator;
import dev.millwright.registry.SearchSpace.Attribute;
import dev.millwright.registry.SearchSpace.ValueType;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in SQL how a clause compares. */
final class SearchComparison {
    private static final Set<Comparator> NUMERIC = EnumSet.of(
            Comparator.EQUAL,
            Comparator.NOT_EQUAL,
            Comparator.LESS,
            Comparator.AT_MOST,
            Comparator.GREATER,
            Comparator.AT_LEAST);
    private static final Set<Comparator> TEXTUAL = EnumSet.of(
            Comparator.EQUAL,
            Comparator.NOT_EQUAL,
            Comparator.LIKE,
            Comparator.ILIKE,
            Comparator.IN,
            Comparator.NOT_IN);
    private static final Set<Comparator> KEYED = EnumSet.of(Comparator.IS_NULL, Comparator.IS_NOT_NULL);

    static {
        KEYED.addAll(TEXTUAL);
    }

    /** Beyond any time; its microseconds still fit 64 bits. */
    private static final double LONGEST_MILLIS = 9e15;

    /** Databases bound how many arguments a statement has: more values than this are one argument together. */
    private static final int MOST_MARKS = 1_000;

    private SearchComparison() {}

    static void requireNumeric(SearchClause clause) {
        require(clause, NUMERIC);
    }

    static void requireTextual(SearchClause clause) {
        require(clause, TEXTUAL);
    }

    /** What can be missing can also be asked for being so. */
    static void requireKeyed(SearchClause clause) {
        require(clause, KEYED);
    }

    private static void require(SearchClause clause, Set<Comparator> allowed) {
        if (!allowed.contains(clause.comparator())) {
            throw new InvalidInputException("filter: " + clause.name() + " " + clause.comparator().symbol
                    + " (expected: one of "
                    + allowed.stream().map(it -> it.symbol).collect(Collectors.joining(", "))
                    + ")");
        }
    }

    /** The comparison of an attribute; its arguments are added to those before. */
    static String of(
            Dialect dialect, Attribute attribute, SearchClause clause, List<? super @Nullable Object> arguments) {
        if (attribute.type() == ValueType.NUMBER) {
            requireNumeric(clause);
        } else {
            requireTextual(clause);
        }
        return attribute.isTime()
                ? time(attribute.sql(), clause, arguments)
                : of(dialect, attribute.sql(), attribute.type(), clause, arguments);
    }

    /** The comparison of a column, or of an expression. */
    static String of(
            Dialect dialect,
            String sql,
            ValueType type,
            SearchClause clause,
            List<? super @Nullable Object> arguments) {
        for (Object value : clause.values()) {
            requireType(clause, value, type);
        }
        return switch (clause.comparator()) {
            case LIKE -> {
                arguments.add(dialect.pattern(clause.text()));
                yield dialect.like(sql);
            }
            case ILIKE -> {
                arguments.add(clause.text());
                yield dialect.ilike(sql);
            }
            case IN -> among(dialect, sql, clause.values(), arguments);
            case NOT_IN -> "NOT (" + among(dialect, sql, clause.values(), arguments) + ")";
            case EQUAL, NOT_EQUAL, LESS, AT_MOST, GREATER, AT_LEAST -> {
                arguments.add(clause.values().getFirst());
                yield sql + " " + clause.comparator().symbol + " ?";
            }
            case IS_NULL, IS_NOT_NULL -> throw new IllegalStateException("nothing to compare with");
        };
    }

    /** A filter: that a column, or an expression, has one of these values, all of them numbers or all of them texts. */
    static String among(Dialect dialect, String sql, List<?> values, List<? super @Nullable Object> arguments) {
        return among(dialect, dialect.isAmong(sql), sql, values, arguments);
    }

    /** The same where an index is to lead from the values to the rows. */
    static String leading(Dialect dialect, String sql, List<?> values, List<? super @Nullable Object> arguments) {
        return among(dialect, dialect.leadsTo(sql), sql, values, arguments);
    }

    private static String among(
            Dialect dialect, String many, String sql, List<?> values, List<? super @Nullable Object> arguments) {
        if (values.size() > MOST_MARKS) {
            arguments.add(dialect.list(values));
            return many;
        }
        arguments.addAll(values);
        return sql + " IN (" + marks(values.size()) + ")";
    }

    static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** A column of microseconds with milliseconds, such that an index on the column serves. */
    private static String time(String column, SearchClause clause, List<? super @Nullable Object> arguments) {
        requireType(clause, clause.values().getFirst(), ValueType.NUMBER);
        double millis = Math.clamp((Double) clause.values().getFirst(), -LONGEST_MILLIS, LONGEST_MILLIS);
        long notBefore = (long) Math.ceil(millis) * 1_000;
        long after = ((long) Math.floor(millis) + 1) * 1_000;
        return switch (clause.comparator()) {
            case LESS -> bound(column, "<", notBefore, arguments);
            case AT_MOST -> bound(column, "<", after, arguments);
            case GREATER -> bound(column, ">=", after, arguments);
            case AT_LEAST -> bound(column, ">=", notBefore, arguments);
            case EQUAL -> bound(column, ">=", notBefore, arguments) + " AND " + bound(column, "<", after, arguments);
            case NOT_EQUAL ->
                "(" + bound(column, "<", notBefore, arguments) + " OR " + bound(column, ">=", after, arguments) + ")";
            case LIKE, ILIKE, IN, NOT_IN, IS_NULL, IS_NOT_NULL ->
                throw new IllegalStateException("no comparison of numbers");
        };
    }

    private static String bound(
            String column, String comparator, long micros, List<? super @Nullable Object> arguments) {
        arguments.add(micros);
        return column + " " + comparator + " ?";
    }

    private static void requireType(SearchClause clause, Object value, ValueType type) {
        boolean fits = type == ValueType.NUMBER ? value instanceof Double : value instanceof String;
        if (!fits) {
            throw new InvalidInputException(
                    "filter: " + clause.name() + " " + clause.comparator().symbol + " " + value + " (expected: "
                            + (type == ValueType.NUMBER ? "a number without quotes" : "a text in quotes") + ")");
        }
    }
}
