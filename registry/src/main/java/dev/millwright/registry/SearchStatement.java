package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.registry.SearchClause.Comparator;
import dev.millwright.registry.SearchSpace.Attribute;
import dev.millwright.registry.SearchSpace.Entity;
import dev.millwright.registry.SearchSpace.Keyed;
import dev.millwright.registry.SearchSpace.ValueType;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes one SQL statement of a search: a join for each key that is asked for, so that the planner may choose its way. */
final class SearchStatement {
    private static final Pattern TOKEN = Pattern.compile("\\{\"offset\": ?(\\d{1,18})}");
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
    private static final Set<Comparator> NULLNESS = EnumSet.of(Comparator.IS_NULL, Comparator.IS_NOT_NULL);

    private final SearchSpace space;
    private final Dialect dialect;
    private final StringBuilder joins = new StringBuilder();
    private final List<@Nullable Object> joined = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();
    private final List<@Nullable Object> compared = new ArrayList<>();
    private final List<String> orders = new ArrayList<>();
    private int aliases;

    private SearchStatement(SearchSpace space, Dialect dialect) {
        this.space = space;
        this.dialect = dialect;
    }

    /**
     * The ids on the page that is asked for, as {@code mapper} reads them.
     *
     * @param scope a condition that always holds, such as that of the experiments; may be empty
     */
    static <T> Page<T> run(
            Session session,
            SearchSpace space,
            String scope,
            List<?> scopeArguments,
            SearchRequest request,
            Session.RowMapper<T> mapper)
            throws SQLException {
        SearchStatement statement = new SearchStatement(space, session.dialect());
        if (!scope.isEmpty()) {
            statement.conditions.add(scope);
            statement.compared.addAll(scopeArguments);
        }
        statement.view(request.view());
        SearchParser.filter(request.filter()).forEach(statement::require);
        request.orderBy().stream().map(SearchParser::order).forEach(statement::add);
        if (request.orderBy().isEmpty()) {
            statement.orders.addAll(space.otherwise());
        }
        statement.orders.addAll(space.ties());
        return statement.page(session, request, mapper);
    }

    private <T> Page<T> page(Session session, SearchRequest request, Session.RowMapper<T> mapper) throws SQLException {
        long offset = request.pageToken()
                .filter(token -> !token.isEmpty())
                .map(SearchStatement::offset)
                .orElse(0L);
        List<@Nullable Object> arguments = new ArrayList<>(joined);
        arguments.addAll(compared);
        arguments.add(request.size() + 1L);
        arguments.add(offset);
        List<T> found = session.list(
                "SELECT " + space.id() + " FROM " + space.from() + joins
                        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                        + " ORDER BY " + String.join(", ", orders) + " LIMIT ? OFFSET ?",
                mapper,
                arguments.toArray());
        return found.size() <= request.size()
                ? new Page<>(found, Optional.empty())
                : new Page<>(found.subList(0, request.size()), Optional.of(token(offset + request.size())));
    }

    private static String token(long offset) {
        return Base64.getEncoder().encodeToString(("{\"offset\": " + offset + "}").getBytes(StandardCharsets.US_ASCII));
    }

    private static long offset(String token) {
        try {
            String decoded = new String(Base64.getMimeDecoder().decode(token), StandardCharsets.US_ASCII);
            Matcher matcher = TOKEN.matcher(decoded);
            if (matcher.matches()) {
                return Long.parseLong(matcher.group(1));
            }
        } catch (IllegalArgumentException notBase64) {
            throw new InvalidInputException(badToken(token) + ": " + notBase64.getMessage());
        }
        throw new InvalidInputException(badToken(token));
    }

    private static String badToken(String token) {
        return "Invalid page token: " + token + " (expected: the one that the page before gave)";
    }

    private void view(SearchRequest.View view) {
        switch (view) {
            case ACTIVE_ONLY -> conditions.add(space.deleted() + " IS NULL");
            case DELETED_ONLY -> conditions.add(space.deleted() + " IS NOT NULL");
            case ALL -> {}
        }
    }

    private Entity entity(String written, String key) {
        if (written.isEmpty()) {
            return Entity.ATTRIBUTE;
        }
        Entity entity = space.entities().get(written);
        if (entity == null) {
            throw new InvalidInputException("filter: " + written + "." + key + ": '" + written + "' (expected: one of "
                    + String.join(", ", space.entities().keySet()) + ", for " + space.what() + ")."
                    + Words.suggestion(written, space.entities().keySet()));
        }
        return entity;
    }

    private Attribute attribute(String key) {
        Attribute attribute = space.attributes().get(key);
        if (attribute == null) {
            throw new InvalidInputException("filter: " + key + " (expected: an attribute of " + space.what() + ": "
                    + String.join(", ", space.attributes().keySet()) + ")."
                    + Words.suggestion(key, space.attributes().keySet()));
        }
        return attribute;
    }

    private Keyed keyed(Entity entity) {
        Keyed keyed = space.keyed().get(entity);
        if (keyed == null) {
            throw new IllegalStateException(space.what() + ": no table of " + entity);
        }
        return keyed;
    }

    private void require(SearchClause clause) {
        try {
            add(clause);
        } catch (InvalidInputException wrong) {
            throw new SearchMistakeException(wrong.problems().getFirst().message(), clause.column());
        }
    }

    private void add(SearchClause clause) {
        switch (entity(clause.entity(), clause.key())) {
            case ATTRIBUTE -> {
                Attribute attribute = attribute(clause.key());
                requireComparator(clause, attribute.type() == ValueType.NUMBER ? NUMERIC : TEXTUAL);
                conditions.add(comparison(attribute.sql(), clause, attribute.type(), compared));
            }
            case METRIC -> {
                requireComparator(clause, NUMERIC);
                String alias = join("JOIN", keyed(Entity.METRIC), clause.key());
                joins.append(" AND ").append(comparison(alias + ".value", clause, ValueType.NUMBER, joined));
                if (clause.comparator() != Comparator.NOT_EQUAL) {
                    joins.append(" AND ").append(alias).append(".is_nan = 0");
                }
            }
            case PARAM -> addText(clause, Entity.PARAM);
            case TAG -> addText(clause, Entity.TAG);
            case DATASET -> {
                requireComparator(clause, TEXTUAL);
                conditions.add(dataset(clause));
            }
        }
    }

    private void addText(SearchClause clause, Entity entity) {
        EnumSet<Comparator> allowed = EnumSet.copyOf(TEXTUAL);
        allowed.addAll(NULLNESS);
        requireComparator(clause, allowed);
        if (clause.comparator() == Comparator.IS_NULL) {
            String alias = "a" + aliases++;
            Keyed keyed = keyed(entity);
            conditions.add("NOT EXISTS (SELECT 1 FROM " + keyed.table() + " " + alias + " WHERE "
                    + keyed.on().replace("%s", alias) + " AND " + alias + ".key = ?)");
            compared.add(clause.key());
            return;
        }
        if (space.flags().contains(clause.key())) {
            Keyed keyed = keyed(entity);
            compared.add(clause.key());
            conditions.add(comparison(
                    "COALESCE((SELECT f.value FROM " + keyed.table() + " f WHERE "
                            + keyed.on().replace("%s", "f") + " AND f.key = ?), 'false')",
                    clause,
                    ValueType.TEXT,
                    compared));
            return;
        }
        String alias = join("JOIN", keyed(entity), clause.key());
        if (clause.comparator() != Comparator.IS_NOT_NULL) {
            joins.append(" AND ").append(comparison(alias + ".value", clause, ValueType.TEXT, joined));
        }
    }

    private String dataset(SearchClause clause) {
        return switch (clause.key()) {
            case "name", "digest" ->
                "EXISTS (SELECT 1 FROM run_inputs i JOIN logged_datasets d ON d.dataset_id = i.dataset_id"
                        + " WHERE i.run_id = r.run_id AND "
                        + comparison("d." + clause.key(), clause, ValueType.TEXT, compared) + ")";
            case "context" ->
                "EXISTS (SELECT 1 FROM run_input_tags t WHERE t.run_id = r.run_id AND t.key = 'mlflow.data.context'"
                        + " AND " + comparison("t.value", clause, ValueType.TEXT, compared) + ")";
            default ->
                throw new InvalidInputException(
                        "filter: " + clause.name() + " (expected: dataset.name, dataset.digest or dataset.context)");
        };
    }

    private static void requireComparator(SearchClause clause, Set<Comparator> allowed) {
        if (!allowed.contains(clause.comparator())) {
            throw new InvalidInputException("filter: " + clause.name() + " " + clause.comparator().symbol
                    + " (expected: one of "
                    + String.join(", ", allowed.stream().map(it -> it.symbol).toList()) + ")");
        }
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
        joined.add(key);
        return alias;
    }

    private String comparison(String sql, SearchClause clause, ValueType type, List<@Nullable Object> arguments) {
        for (Object value : clause.values()) {
            requireType(clause, value, type);
        }
        switch (clause.comparator()) {
            case LIKE -> {
                arguments.add(dialect.pattern(clause.values().getFirst().toString()));
                return dialect.like(sql);
            }
            case ILIKE -> {
                arguments.add(clause.values().getFirst());
                return dialect.ilike(sql);
            }
            case IN, NOT_IN -> {
                arguments.addAll(clause.values());
                return sql + " " + clause.comparator().symbol + " ("
                        + String.join(", ", Collections.nCopies(clause.values().size(), "?")) + ")";
            }
            case EQUAL, NOT_EQUAL, LESS, AT_MOST, GREATER, AT_LEAST -> {
                arguments.add(clause.values().getFirst());
                return sql + " " + clause.comparator().symbol + " ?";
            }
            case IS_NULL, IS_NOT_NULL -> throw new IllegalStateException("nothing to compare with");
        }
        throw new IllegalStateException("every comparator returns");
    }

    private static void requireType(SearchClause clause, Object value, ValueType type) {
        boolean fits = type == ValueType.NUMBER ? value instanceof Double : value instanceof String;
        if (!fits) {
            throw new InvalidInputException(
                    "filter: " + clause.name() + " " + clause.comparator().symbol + " " + value + " (expected: "
                            + (type == ValueType.NUMBER ? "a number without quotes" : "a text in quotes") + ")");
        }
    }

    /** What is known comes first, then NaN, then what is missing, whichever way the order goes. */
    private void add(SearchParser.Order order) {
        String direction = order.descending() ? " DESC" : " ASC";
        switch (entity(order.entity(), order.key())) {
            case ATTRIBUTE -> {
                String sql = attribute(order.key()).sql();
                orders.add("CASE WHEN " + sql + " IS NULL THEN 1 ELSE 0 END");
                orders.add(sql + direction);
            }
            case METRIC -> {
                String alias = join("LEFT JOIN", keyed(Entity.METRIC), order.key());
                orders.add(
                        "CASE WHEN " + alias + ".value IS NULL THEN 2 WHEN " + alias + ".is_nan = 1 THEN 1 ELSE 0 END");
                orders.add(alias + ".value" + direction);
            }
            case PARAM, TAG -> {
                String alias = join("LEFT JOIN", keyed(entity(order.entity(), order.key())), order.key());
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
