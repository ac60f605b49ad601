package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.SearchClause.Comparator;
import dev.millwright.registry.SearchPosition.After;
import dev.millwright.registry.SearchSpace.Entity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Goes through runs along an index that has the order which is asked for, and stops when the page is full. The order has
 * segments, one after the other: what is known, then NaN, then what is missing. The next page begins after the last row, so that
 * it costs no more than the first.
 */
final class RunWalk {
    private static final Set<String> START_NAMES = Set.of("start_time", "created", "Created");
    private static final Set<String> RUN_NAMES = Set.of("run_name", "run name", "Run name", "Run Name");

    private final Dialect dialect;
    private final SearchSpace space;
    private final RunScope scope;
    private final List<Segment> segments;
    private final boolean isOfExperiment;

    /** What a row of a segment is ordered by, before its start and its id. */
    private enum Sorting {
        NUMBER,
        TEXT,
        /** Nothing: by start and id alone. */
        NONE
    }

    /**
     * A part of the order.
     *
     * @param sorted the column that it is sorted by, empty if there is none
     * @param descending whether it is sorted the other way round; of a segment without a column, its start
     */
    private record Segment(
            String from,
            String condition,
            List<String> arguments,
            Sorting sorting,
            String sorted,
            boolean descending) {}

    private RunWalk(
            Dialect dialect, SearchSpace space, RunScope scope, List<Segment> segments, boolean isOfExperiment) {
        this.dialect = dialect;
        this.space = space;
        this.scope = scope;
        this.segments = segments;
        this.isOfExperiment = isOfExperiment;
    }

    /** Empty where no index has the order. */
    static Optional<RunWalk> of(
            Dialect dialect,
            SearchSpace space,
            RunScope scope,
            List<SearchClause> clauses,
            List<SearchParser.Order> orders) {
        if (orders.size() > 1) {
            return Optional.empty();
        }
        boolean single = scope.isOfOneExperiment();
        String runs = "runs r" + dialect.along(single ? "runs_by_experiment" : "runs_by_start");
        if (orders.isEmpty()) {
            return Optional.of(new RunWalk(dialect, space, scope, List.of(byStart(runs, true)), single));
        }
        SearchParser.Order order = orders.getFirst();
        Entity entity = space.entity(order.entity(), order.key());
        return switch (entity) {
            case ATTRIBUTE -> {
                if (START_NAMES.contains(order.key())) {
                    yield Optional.of(
                            new RunWalk(dialect, space, scope, List.of(byStart(runs, order.descending())), single));
                }
                yield single && RUN_NAMES.contains(order.key())
                        ? Optional.of(new RunWalk(dialect, space, scope, List.of(byName(dialect, order)), true))
                        : Optional.empty();
            }
            case METRIC, PARAM, TAG ->
                Optional.of(
                        new RunWalk(dialect, space, scope, keyed(dialect, space, runs, order, clauses, entity), false));
            case DATASET -> Optional.empty();
        };
    }

    private static Segment byStart(String runs, boolean descending) {
        return new Segment(runs, "", List.of(), Sorting.NONE, "", descending);
    }

    private static Segment byName(Dialect dialect, SearchParser.Order order) {
        return new Segment(
                "runs r" + dialect.along("runs_by_name"), "", List.of(), Sorting.TEXT, "r.name", order.descending());
    }

    private static List<Segment> keyed(
            Dialect dialect,
            SearchSpace space,
            String runs,
            SearchParser.Order order,
            List<SearchClause> clauses,
            Entity entity) {
        String table = space.keyed(entity).table();
        String joined = table + " o " + dialect.innerJoin() + " runs r" + dialect.along("runs_passed")
                + " ON r.run_id = o.run_id";
        List<String> key = List.of(order.key());
        boolean metric = entity == Entity.METRIC;
        List<Segment> segments = new ArrayList<>();
        segments.add(new Segment(
                joined,
                "o.key = ?" + (metric ? " AND o.is_nan = 0" : ""),
                key,
                metric ? Sorting.NUMBER : Sorting.TEXT,
                "o.value",
                order.descending()));
        List<Comparator> asked = clauses.stream()
                .filter(clause -> space.entity(clause.entity(), clause.key()) == entity
                        && clause.key().equals(order.key()))
                .map(SearchClause::comparator)
                .filter(comparator -> comparator != Comparator.IS_NULL)
                .toList();
        if (metric && asked.stream().allMatch(Comparator.NOT_EQUAL::equals)) {
            segments.add(new Segment(joined, "o.key = ? AND o.is_nan = 1", key, Sorting.NONE, "", true));
        }
        if (asked.isEmpty()) { // else a run without it does not match
            segments.add(new Segment(
                    runs,
                    "NOT EXISTS (SELECT 1 FROM " + table + " o WHERE o.run_id = r.run_id AND o.key = ?)",
                    key,
                    Sorting.NONE,
                    "",
                    true));
        }
        return List.copyOf(segments);
    }

    /** Whether the index holds runs of the experiment alone. */
    boolean isOfExperiment() {
        return isOfExperiment;
    }

    private record Row(String runId, long started, String value) {
        After after(int segment) {
            return new After(segment, value, started, runId);
        }
    }

    /** A page, from the beginning or after a row. */
    Page<String> page(Session session, SearchRequest request, Optional<After> after) throws SQLException {
        int first = after.map(After::segment).orElse(0);
        if (first >= segments.size()) {
            throw wrongToken();
        }
        List<String> ids = new ArrayList<>();
        Optional<After> last = after;
        for (int i = first; i < segments.size(); i++) {
            Optional<After> from = i == first ? after : Optional.empty();
            for (Row row : rows(session, request, segments.get(i), from, request.size() + 1 - ids.size())) {
                if (ids.size() == request.size()) {
                    return new Page<>(ids, last.map(SearchPosition::token));
                }
                ids.add(row.runId());
                last = Optional.of(row.after(i));
            }
        }
        return new Page<>(ids, Optional.empty());
    }

    private static InvalidInputException wrongToken() {
        return new InvalidInputException(
                "Invalid page token (expected: that of the same search, with the same order). Start from the first page.");
    }

    private List<Row> rows(Session session, SearchRequest request, Segment segment, Optional<After> after, int size)
            throws SQLException {
        SearchStatement statement = new SearchStatement(space, dialect);
        statement.from(segment.from(), List.of());
        scope.restrict(statement);
        if (!segment.condition().isEmpty()) {
            statement.where(segment.condition(), segment.arguments());
        }
        statement.filter(request);
        after.ifPresent(row -> begin(statement, segment, row));
        order(statement, segment);
        String value = segment.sorting() == Sorting.NONE ? "''" : segment.sorted();
        return statement.list(session, "r.run_id, r.started, " + value, size, 0, row -> row(row, segment.sorting()));
    }

    private static Row row(ResultSet row, Sorting sorting) throws SQLException {
        String value = sorting == Sorting.NUMBER ? Double.toString(row.getDouble(3)) : row.getString(3);
        return new Row(row.getString(1), row.getLong(2), value);
    }

    /** The first condition bounds the index, the second leaves out what came before among equals. */
    private void begin(SearchStatement statement, Segment segment, After row) {
        String past = segment.descending() ? "<" : ">";
        if (segment.sorting() == Sorting.NONE) {
            statement.where(
                    "r.started " + past + "= ? AND (r.started " + past + " ? OR r.run_id > ?)",
                    List.of(row.started(), row.started(), row.runId()));
            return;
        }
        String ties = "(r.started < ? OR (r.started = ? AND r.run_id > ?))";
        String column = segment.sorted();
        Object value = value(segment.sorting(), row.value());
        statement.where(indexed(segment) + " " + past + "= ?", List.of(indexedValue(segment, row.value())));
        statement.where(
                "(" + column + " " + past + " ? OR (" + column + " = ? AND " + ties + "))",
                List.of(value, value, row.started(), row.started(), row.runId()));
    }

    private static Object value(Sorting sorting, String text) {
        try {
            return sorting == Sorting.NUMBER ? Double.valueOf(text) : text;
        } catch (NumberFormatException malformed) {
            throw wrongToken();
        }
    }

    /** Names are short; of values an index may hold the beginning only. */
    private String indexed(Segment segment) {
        return segment.sorting() == Sorting.TEXT && segment.sorted().equals("o.value")
                ? dialect.indexed(segment.sorted())
                : segment.sorted();
    }

    private Object indexedValue(Segment segment, String text) {
        return indexed(segment).equals(segment.sorted()) ? value(segment.sorting(), text) : dialect.indexedValue(text);
    }

    private void order(SearchStatement statement, Segment segment) {
        String direction = segment.descending() ? " DESC" : " ASC";
        if (segment.sorting() == Sorting.NONE) {
            statement.order("r.started" + direction);
        } else {
            if (!indexed(segment).equals(segment.sorted())) {
                statement.order(indexed(segment) + direction);
            }
            statement.order(segment.sorted() + direction);
            statement.order("r.started DESC");
        }
        statement.order("r.run_id");
    }
}
