package dev.millwright.registry;

import dev.millwright.registry.SearchClause.Comparator;
import dev.millwright.registry.SearchSpace.Entity;
import dev.millwright.registry.SearchSpace.Keyed;
import dev.millwright.registry.SearchSpace.ValueType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A way to come to the runs that can match, by an index.
 *
 * @param sql gives {@code run_id}, each once
 */
record RunDriver(String sql, List<@Nullable Object> arguments) {
    private static final Set<Comparator> EQUALITY = Set.of(Comparator.EQUAL, Comparator.IN);
    /** Comes after all characters, and is none that anybody uses: the last code point of Unicode. */
    private static final String HIGHEST = Character.toString(Character.MAX_CODE_POINT);

    private static final int LONGEST_PREFIX = 50;

    RunDriver {
        arguments = List.copyOf(arguments);
    }

    /** How many there are; not more than {@code limit}, for counting takes time too. */
    long count(Session session, long limit) throws SQLException {
        List<@Nullable Object> all = new ArrayList<>(arguments);
        all.add(limit);
        return session.find(
                        "SELECT COUNT(*) FROM (" + sql + " LIMIT ?) AS counted", row -> row.getLong(1), all.toArray())
                .orElseThrow();
    }

    static RunDriver ofExperiments(List<Long> experiments, Dialect dialect) {
        List<@Nullable Object> arguments = new ArrayList<>();
        String condition = SearchComparison.leading(dialect, "d.experiment_id", experiments, arguments);
        return new RunDriver("SELECT d.run_id FROM runs d WHERE " + condition, arguments);
    }

    /** Runs, as {@code d}, of which a condition holds that an index serves. */
    static RunDriver where(String condition, String argument) {
        return new RunDriver("SELECT d.run_id FROM runs d WHERE " + condition, List.of(argument));
    }

    /** Empty where no index leads to what the clause asks for. */
    static Optional<RunDriver> of(SearchClause clause, SearchSpace space, List<Long> experiments, Dialect dialect) {
        Entity entity = space.entity(clause.entity(), clause.key());
        return switch (entity) {
            case METRIC -> ofMetric(clause, space, dialect);
            case PARAM, TAG -> ofText(clause, space.keyed(entity), dialect);
            case ATTRIBUTE -> ofAttribute(clause, space, experiments, dialect);
            case DATASET -> Optional.empty();
        };
    }

    private static Optional<RunDriver> ofMetric(SearchClause clause, SearchSpace space, Dialect dialect) {
        if (clause.comparator() == Comparator.NOT_EQUAL) {
            return Optional.empty();
        }
        SearchComparison.requireNumeric(clause);
        List<@Nullable Object> arguments = new ArrayList<>(List.of(clause.key()));
        return Optional.of(new RunDriver(
                "SELECT d.run_id FROM " + space.keyed(Entity.METRIC).table()
                        + " d WHERE d.key = ? AND d.is_nan = 0 AND "
                        + SearchComparison.of(dialect, "d.value", ValueType.NUMBER, clause, arguments),
                arguments));
    }

    private static Optional<RunDriver> ofText(SearchClause clause, Keyed keyed, Dialect dialect) {
        List<@Nullable Object> arguments = new ArrayList<>(List.of(clause.key()));
        return range(clause, "d.value", dialect, arguments)
                .map(condition -> new RunDriver(
                        "SELECT d.run_id FROM " + keyed.table() + " d WHERE d.key = ? AND " + condition, arguments));
    }

    private static Optional<RunDriver> ofAttribute(
            SearchClause clause, SearchSpace space, List<Long> experiments, Dialect dialect) {
        RunDriver among = ofExperiments(experiments, dialect);
        List<@Nullable Object> arguments = new ArrayList<>(among.arguments());
        return switch (clause.key()) {
            case "run_id" ->
                EQUALITY.contains(clause.comparator()) ? Optional.of(ofIds(clause, dialect)) : Optional.empty();
            case "run_name", "run name", "Run name", "Run Name" ->
                range(clause, "d.name", dialect, arguments)
                        .map(condition -> new RunDriver(among.sql() + " AND " + condition, arguments));
            case "status" ->
                EQUALITY.contains(clause.comparator())
                        ? Optional.of(ofStatuses(RunSearch.statuses(clause.values())))
                        : Optional.empty();
            case "start_time", "created", "Created" ->
                clause.comparator() == Comparator.NOT_EQUAL
                        ? Optional.empty()
                        : Optional.of(new RunDriver(
                                among.sql() + " AND "
                                        + SearchComparison.of(
                                                dialect, SearchSpace.Attribute.millis("d.started"), clause, arguments),
                                arguments));
            default -> {
                space.attribute(clause.key());
                yield Optional.empty();
            }
        };
    }

    private static RunDriver ofIds(SearchClause clause, Dialect dialect) {
        List<@Nullable Object> ids = new ArrayList<>();
        String condition = SearchComparison.leading(dialect, "d.run_id", clause.values(), ids);
        return new RunDriver("SELECT d.run_id FROM runs d WHERE " + condition, ids);
    }

    private static RunDriver ofStatuses(List<String> statuses) {
        return new RunDriver(
                "SELECT d.run_id FROM runs d WHERE d.status IN (" + SearchComparison.marks(statuses.size()) + ")",
                List.copyOf(statuses));
    }

    /** A condition on a text that an index serves: equal texts, or texts that begin alike. */
    private static Optional<String> range(
            SearchClause clause, String column, Dialect dialect, List<@Nullable Object> arguments) {
        boolean keyed = column.equals("d.value");
        String indexed = keyed ? dialect.indexed(column) : column;
        return switch (clause.comparator()) {
            case EQUAL, IN -> {
                List<Object> values = clause.values().stream()
                        .map(value -> keyed ? dialect.indexedValue(value.toString()) : value)
                        .toList();
                yield Optional.of(SearchComparison.leading(dialect, indexed, values, arguments) + " AND "
                        + SearchComparison.of(dialect, column, ValueType.TEXT, clause, arguments));
            }
            case LIKE -> {
                String prefix = prefix(clause.text());
                if (prefix.isEmpty()) {
                    yield Optional.empty();
                }
                arguments.add(prefix);
                arguments.add(prefix + HIGHEST);
                yield Optional.of(indexed + " >= ? AND " + indexed + " < ? AND "
                        + SearchComparison.of(dialect, column, ValueType.TEXT, clause, arguments));
            }
            case NOT_EQUAL, LESS, AT_MOST, GREATER, AT_LEAST, ILIKE, NOT_IN, IS_NULL, IS_NOT_NULL -> Optional.empty();
        };
    }

    /** What a pattern begins with, up to where it leaves something open; short enough for all of it to be in an index. */
    private static String prefix(String pattern) {
        int end = 0;
        while (end < pattern.length()
                && end < LONGEST_PREFIX
                && pattern.charAt(end) != '%'
                && pattern.charAt(end) != '_') {
            end++;
        }
        boolean halves = end > 0 && Character.isHighSurrogate(pattern.charAt(end - 1));
        return pattern.substring(0, halves ? end - 1 : end);
    }
}
