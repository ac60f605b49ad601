package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.SearchClause.Comparator;
import dev.millwright.registry.SearchSpace.Entity;
import dev.millwright.registry.SearchSpace.Keyed;
import dev.millwright.registry.SearchSpace.ValueType;
import dev.millwright.registry.SearchSpace.Values;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes one SQL statement of a search, with a join for each key that is asked for. The database begins with what stands first, so
 * that who knows more than its planner decides.
 */
final class SearchStatement {
    private final SearchSpace space;
    private final Dialect dialect;
    private String from;
    private final List<@Nullable Object> driven = new ArrayList<>();
    private final StringBuilder joins = new StringBuilder();
    private final List<@Nullable Object> joined = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();
    private final List<@Nullable Object> compared = new ArrayList<>();
    private final List<String> orders = new ArrayList<>();
    private int aliases;

    SearchStatement(SearchSpace space, Dialect dialect) {
        this.space = space;
        this.dialect = dialect;
        this.from = space.from();
    }

    /** The things on the page that is asked for, as {@code mapper} reads their ids: all that match, sorted. */
    static <T> Page<T> run(Session session, SearchSpace space, SearchRequest request, Session.RowMapper<T> mapper)
            throws SQLException {
        SearchStatement statement = new SearchStatement(space, session.dialect());
        statement.filter(request);
        statement.order(request);
        return statement.page(session, request, mapper);
    }

    /** Begins with this, in place of the table of the space. */
    void from(String sql, List<?> arguments) {
        from = sql;
        driven.addAll(arguments);
    }

    /** Adds a condition that does not come from the request. */
    void where(String condition, List<?> arguments) {
        conditions.add(condition);
        compared.addAll(arguments);
    }

    /** Adds the condition that a column has one of these values. */
    void among(String column, List<?> values) {
        conditions.add(SearchComparison.among(dialect, column, values, compared));
    }

    /** Adds what the request asks for. */
    void filter(SearchRequest request) {
        switch (request.view()) {
            case ACTIVE_ONLY -> conditions.add(space.deleted() + " IS NULL");
            case DELETED_ONLY -> conditions.add(space.deleted() + " IS NOT NULL");
            case ALL -> {}
        }
        SearchParser.filter(request.filter()).forEach(this::require);
    }

    /** Adds the orders of the request, or those without one, and those that come last. */
    void order(SearchRequest request) {
        request.orderBy().stream().map(SearchParser::order).forEach(order -> order(order, space));
        if (request.orderBy().isEmpty()) {
            orders.addAll(space.otherwise());
        }
        orderTies();
    }

    /** Adds what comes last. */
    void orderTies() {
        orders.addAll(space.ties());
    }

    void order(String sql) {
        orders.add(sql);
    }

    /** All from an offset on: rows before it are found again. */
    <T> Page<T> page(Session session, SearchRequest request, Session.RowMapper<T> mapper) throws SQLException {
        if (!(SearchPosition.read(request.pageToken()) instanceof SearchPosition.Offset(long offset))) {
            throw new InvalidInputException("Invalid page token: "
                    + request.pageToken().orElse("") + " (expected: that of the same search, with the same order)");
        }
        List<T> found = list(session, space.id(), request.size() + 1, offset, mapper);
        return found.size() <= request.size()
                ? new Page<>(found, Optional.empty())
                : new Page<>(
                        found.subList(0, request.size()),
                        Optional.of(new SearchPosition.Offset(offset + request.size()).token()));
    }

    <T> List<T> list(Session session, String columns, int size, long offset, Session.RowMapper<T> mapper)
            throws SQLException {
        List<@Nullable Object> arguments = new ArrayList<>(driven);
        arguments.addAll(joined);
        arguments.addAll(compared);
        arguments.add(size);
        arguments.add(offset);
        return session.list(
                "SELECT " + columns + " FROM " + from + joins
                        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                        + " ORDER BY " + String.join(", ", orders) + " LIMIT ? OFFSET ?",
                mapper,
                arguments.toArray());
    }

    private void require(SearchClause clause) {
        try {
            add(clause);
        } catch (InvalidInputException wrong) {
            throw new SearchMistakeException(wrong.problems().getFirst().message(), clause.column());
        }
    }

    private void add(SearchClause clause) {
        switch (space.entity(clause.entity(), clause.key())) {
            case ATTRIBUTE ->
                conditions.add(SearchComparison.of(dialect, space.attribute(clause.key()), clause, compared));
            case METRIC -> {
                SearchComparison.requireNumeric(clause);
                addNumber(clause, space.keyed(Entity.METRIC));
            }
            case PARAM -> addText(clause, Entity.PARAM);
            case TAG -> addText(clause, Entity.TAG);
            case DATASET -> {
                SearchComparison.requireTextual(clause);
                conditions.add(dataset(clause));
            }
        }
    }

    private void addNumber(SearchClause clause, Keyed keyed) {
        if (keyed.values() == Values.ONE) {
            String alias = join(dialect.innerJoin(), keyed, clause.key());
            joins.append(" AND ").append(number(alias, clause, joined));
            return;
        }
        String alias = "a" + aliases++;
        compared.addAll(keyed.arguments());
        compared.add(clause.key());
        conditions.add("EXISTS (SELECT 1 FROM " + keyed.table() + " " + alias + " WHERE "
                + keyed.on().replace("%s", alias) + " AND " + alias + ".key = ? AND "
                + number(alias, clause, compared) + ")");
    }

    /** What is not a number is unequal to all, and no more than that. */
    private String number(String alias, SearchClause clause, List<@Nullable Object> arguments) {
        String comparison = SearchComparison.of(dialect, alias + ".value", ValueType.NUMBER, clause, arguments);
        return clause.comparator() == Comparator.NOT_EQUAL ? comparison : comparison + " AND " + alias + ".is_nan = 0";
    }

    private void addText(SearchClause clause, Entity entity) {
        SearchComparison.requireKeyed(clause);
        Keyed keyed = space.keyed(entity);
        if (clause.comparator() == Comparator.IS_NULL) {
            String alias = "a" + aliases++;
            conditions.add("NOT EXISTS (SELECT 1 FROM " + keyed.table() + " " + alias + " WHERE "
                    + keyed.on().replace("%s", alias) + " AND " + alias + ".key = ?)");
            compared.add(clause.key());
            return;
        }
        if (space.flags().contains(clause.key())) {
            compared.add(clause.key());
            conditions.add(SearchComparison.of(
                    dialect,
                    "COALESCE((SELECT f.value FROM " + keyed.table() + " f WHERE "
                            + keyed.on().replace("%s", "f") + " AND f.key = ?), 'false')",
                    ValueType.TEXT,
                    clause,
                    compared));
            return;
        }
        String alias = join(dialect.innerJoin(), keyed, clause.key());
        if (clause.comparator() != Comparator.IS_NOT_NULL) {
            joins.append(" AND ")
                    .append(SearchComparison.of(dialect, alias + ".value", ValueType.TEXT, clause, joined));
        }
    }

    private String dataset(SearchClause clause) {
        return switch (clause.key()) {
            case "name", "digest" ->
                "EXISTS (SELECT 1 FROM run_inputs i JOIN logged_datasets d ON d.dataset_id = i.dataset_id"
                        + " WHERE i.run_id = r.run_id AND "
                        + SearchComparison.of(dialect, "d." + clause.key(), ValueType.TEXT, clause, compared) + ")";
            case "context" ->
                "EXISTS (SELECT 1 FROM run_input_tags t WHERE t.run_id = r.run_id AND t.key = 'mlflow.data.context'"
                        + " AND " + SearchComparison.of(dialect, "t.value", ValueType.TEXT, clause, compared) + ")";
            default ->
                throw new InvalidInputException(
                        "filter: " + clause.name() + " (expected: dataset.name, dataset.digest or dataset.context)");
        };
    }

    private String join(String how, Keyed keyed, String key) {
        String alias = "a" + aliases++;
        joins.append(' ')
                .append(how)
                .append(' ')
                .append(keyed.table())
                .append(' ')
                .append(alias)
                .append(" ON ")
                .append(keyed.on().replace("%s", alias))
                .append(" AND ")
                .append(alias)
                .append(".key = ?");
        joined.addAll(keyed.arguments());
        joined.add(key);
        return alias;
    }

    /** What is known comes first, then NaN, then what is missing, whichever way the order goes. */
    void order(SearchParser.Order order, SearchSpace of) {
        String direction = order.descending() ? " DESC" : " ASC";
        Entity entity = of.entity(order.entity(), order.key());
        switch (entity) {
            case ATTRIBUTE -> {
                String sql = of.attribute(order.key()).sql();
                orders.add("CASE WHEN " + sql + " IS NULL THEN 1 ELSE 0 END");
                orders.add(sql + direction);
            }
            case METRIC -> {
                String alias = join("LEFT JOIN", of.keyed(Entity.METRIC), order.key());
                orders.add(
                        "CASE WHEN " + alias + ".value IS NULL THEN 2 WHEN " + alias + ".is_nan = 1 THEN 1 ELSE 0 END");
                orders.add(alias + ".value" + direction);
            }
            case PARAM, TAG -> {
                String alias = join("LEFT JOIN", of.keyed(entity), order.key());
                orders.add("CASE WHEN " + alias + ".value IS NULL THEN 1 ELSE 0 END");
                orders.add(alias + ".value" + direction);
            }
            case DATASET -> {
                String sql =
                        "(SELECT MIN(d." + datasetColumn(order.key()) + ") FROM run_inputs i JOIN logged_datasets d"
                                + " ON d.dataset_id = i.dataset_id WHERE i.run_id = r.run_id)";
                orders.add("CASE WHEN " + sql + " IS NULL THEN 1 ELSE 0 END");
                orders.add(sql + direction);
            }
        }
    }

    private static String datasetColumn(String key) {
        if (!key.equals("name") && !key.equals("digest")) {
            throw new InvalidInputException("order_by: dataset." + key + " (expected: dataset.name or dataset.digest)");
        }
        return key;
    }

    /** Reads an id of one text column. */
    static String text(ResultSet row) throws SQLException {
        return row.getString(1);
    }
}
