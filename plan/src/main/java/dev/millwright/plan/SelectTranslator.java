package dev.millwright.plan;

import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.FromTranslator.From;
import dev.millwright.plan.Relation.Aggregate;
import dev.millwright.plan.Relation.Assignment;
import dev.millwright.plan.Relation.Filter;
import dev.millwright.plan.Relation.Project;
import dev.millwright.plan.Relation.Windowed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;

/** Turns one SELECT into a relation: FROM, WHERE, GROUP BY or windows, then its columns. */
final class SelectTranslator {
    private final QueryTranslator queries;
    private final SqlSelect select;
    private final Ctes ctes;
    private final Reporter reporter;
    private final Map<Field, SqlNode> items = new LinkedHashMap<>();
    private final List<Assignment> assignments = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /**
     * A translated SELECT.
     *
     * @param items each output column and where it stands
     * @param label the extra column that holds the label
     * @param open whether some output columns aren't known, since a table was reported
     */
    record Selected(Relation relation, Map<Field, SqlNode> items, Optional<Field> label, boolean open) {}

    SelectTranslator(QueryTranslator queries, SqlSelect select, Ctes ctes) {
        this.queries = queries;
        this.select = select;
        this.ctes = ctes;
        this.reporter = queries.reporter();
    }

    Selected translate(Optional<LabelExpression> label) {
        refuseUnsupportedClauses();
        SqlNode fromNode = select.getFrom();
        if (fromNode == null) {
            reporter.report(select, "SELECT: no FROM (expected: a dataset to read)");
            return new Selected(
                    new Relation.Scan("", List.of(), queries.fields().make(FromTranslator.ROW_ID, ValueType.BIGINT)),
                    items,
                    Optional.empty(),
                    true);
        }
        From from = new FromTranslator(queries, ctes).translate(fromNode);
        Relation filtered = where(from);
        SqlNodeList groups = select.getGroup();
        if (groups != null || select.getHaving() != null) {
            return grouped(from, filtered, groups == null ? SqlNodeList.EMPTY : groups, label);
        }
        WindowTranslator windows = new WindowTranslator(select.getWindowList(), queries);
        items(from.scope(), windows, Optional.empty());
        Optional<Field> labelField = label.flatMap(expression -> label(expression, from.scope()));
        Relation input = windows.calls().isEmpty() ? filtered : new Windowed(filtered, windows.calls());
        return new Selected(
                new Project(input, assignments), items, labelField, from.scope().isOpen());
    }

    private ExpressionTranslator expressions(Scope scope, CallHandler handler) {
        return new ExpressionTranslator(scope, queries.zone(), reporter, handler);
    }

    private void refuseUnsupportedClauses() {
        if (select.isDistinct()) {
            reporter.report(
                    select,
                    "DISTINCT: not supported (expected: SELECT). A view has one row for each row of its table.");
        }
        if (select.getQualify() != null) {
            reporter.report(select.getQualify(), "QUALIFY: not supported (expected: WHERE)");
        }
        if (select.getOrderList() != null || select.getFetch() != null || select.getOffset() != null) {
            reporter.report(select, "ORDER BY or LIMIT: not supported (expected: SELECT without it)");
        }
    }

    private Relation where(From from) {
        SqlNode where = select.getWhere();
        if (where == null) {
            return from.relation();
        }
        Expression condition = expressions(from.scope(), CallHandler.refusing("WHERE", reporter))
                .condition(where, "WHERE");
        return condition.type() == ValueType.BROKEN
                ? from.relation()
                : queries.places().put(new Filter(from.relation(), condition), where);
    }

    private Selected grouped(From from, Relation filtered, SqlNodeList groups, Optional<LabelExpression> label) {
        List<Assignment> keys = new ArrayList<>();
        ExpressionTranslator translator = expressions(from.scope(), CallHandler.refusing("GROUP BY", reporter));
        for (SqlNode node : groups) {
            Expression key = translator.translate(node);
            if (key instanceof Expression.Literal) {
                reporter.report(
                        node, "GROUP BY: " + reporter.text(node) + " (expected: columns or expressions, written out)");
            }
            String name = node instanceof SqlIdentifier identifier ? identifier.names.getLast() : "group";
            keys.add(new Assignment(queries.fields().make(name, key.type()), key));
        }
        if (keys.isEmpty()) {
            reporter.report(select, "GROUP BY: no columns (expected: at least one, to join on)");
        }
        AggregateTranslator aggregates = new AggregateTranslator(reporter, queries.fields());
        items(from.scope(), aggregates, Optional.of(keys));
        SqlNode having = select.getHaving();
        Optional<Expression> condition = Optional.ofNullable(having)
                .map(node -> aggregates.overGroups(
                        expressions(from.scope(), aggregates).condition(node, "HAVING"), keys, node));
        Optional<Field> labelField = label.flatMap(expression -> label(expression, from.scope(), aggregates, keys));
        Field row = queries.fields().make(FromTranslator.ROW_ID, ValueType.BIGINT);
        Relation relation = queries.places().put(new Aggregate(filtered, keys, aggregates.calls(), row), groups);
        if (condition.isPresent()) {
            relation = queries.places().put(new Filter(relation, condition.get()), having);
        }
        return new Selected(
                new Project(relation, assignments),
                items,
                labelField,
                from.scope().isOpen());
    }

    private void items(Scope scope, CallHandler handler, Optional<List<Assignment>> groups) {
        for (SqlNode item : select.getSelectList()) {
            SqlNode value = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
            if (value instanceof SqlIdentifier star && star.isStar()) {
                star(star, scope, groups);
                continue;
            }
            Expression translated = expressions(scope, handler).translate(value);
            Expression expression = groups.isPresent() && handler instanceof AggregateTranslator aggregates
                    ? aggregates.overGroups(translated, groups.get(), value)
                    : translated;
            if (expression.type().isLength()) {
                expression = reporter.broken(value, "interval: not a column type (expected: a number or a timestamp)");
            }
            name(item).ifPresent(new Naming(item, expression)::add);
        }
    }

    /** Adds an item under its name. */
    private final class Naming {
        private final SqlNode item;
        private final Expression expression;

        Naming(SqlNode item, Expression expression) {
            this.item = item;
            this.expression = expression;
        }

        void add(String name) {
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                reporter.report(
                        item,
                        name
                                + ": a second column of that name (expected: different names). Write AS and another name.");
                return;
            }
            if (FeaturePlan.RESERVED.stream().anyMatch(name::equalsIgnoreCase)) {
                reporter.report(item, name + ": reserved (expected: another name)");
            }
            Expression typed =
                    expression.type() == ValueType.NULL ? Types.as(ValueType.VARCHAR, expression) : expression;
            Field field = queries.fields().make(name, typed.type());
            items.put(field, item);
            assignments.add(new Assignment(field, typed));
        }
    }

    private Optional<String> name(SqlNode item) {
        if (item.getKind() == SqlKind.AS) {
            return Optional.of(((SqlIdentifier) ((SqlCall) item).operand(1)).getSimple());
        }
        if (item instanceof SqlIdentifier identifier) {
            return Optional.of(identifier.names.getLast());
        }
        reporter.report(item, "'" + reporter.text(item) + "': no name (expected: AS name after it)");
        return Optional.empty();
    }

    private void star(SqlIdentifier star, Scope scope, Optional<List<Assignment>> groups) {
        if (groups.isPresent()) {
            reporter.report(star, "*: beside GROUP BY (expected: grouped columns and aggregates)");
            return;
        }
        if (star.names.size() == 1) {
            scope.fields().forEach(field -> new Naming(star, new Ref(field)).add(field.name()));
            return;
        }
        String alias = star.names.getFirst();
        Optional<Scope.Entry> entry = scope.entry(alias);
        if (entry.isEmpty()) {
            scope.resolve(star, reporter); // reports the unknown table
            return;
        }
        entry.get().fields().forEach(field -> new Naming(star, new Ref(field)).add(field.name()));
    }

    /** The label sees what FROM has, and the output columns whose names FROM doesn't have. */
    private Optional<Field> label(LabelExpression label, Scope from) {
        Reporter own = new Reporter(new SqlSource(label.sql(), label.start()), reporter.problems());
        return own.source()
                .parseExpression(own)
                .map(node -> expression(node, from, own, CallHandler.refusing("the label", own)))
                .flatMap(expression -> label(expression, own));
    }

    /** The label of a group, in which aggregates may stand, and no column that isn't grouped by. */
    private Optional<Field> label(
            LabelExpression label, Scope from, AggregateTranslator aggregates, List<Assignment> keys) {
        Reporter own = new Reporter(new SqlSource(label.sql(), label.start()), reporter.problems());
        AggregateTranslator handler = aggregates.reportingTo(own);
        return own.source()
                .parseExpression(own)
                .map(node -> handler.overGroups(expression(node, from, own, handler), keys, node))
                .flatMap(expression -> label(expression, own));
    }

    private Expression expression(SqlNode node, Scope from, Reporter own, CallHandler handler) {
        List<Field> outputs = items.keySet().stream()
                .filter(field -> from.find(field.name()).isEmpty())
                .toList();
        Scope scope = from.with(new Scope(List.of(new Scope.Entry("", outputs, false))));
        Expression expression = new ExpressionTranslator(scope, queries.zone(), own, handler).translate(node);
        return expression.rewrite(part -> assignments.stream()
                .filter(assignment -> part.equals(new Ref(assignment.field())))
                .map(Assignment::value)
                .findFirst()
                .orElse(part));
    }

    private Optional<Field> label(Expression expression, Reporter own) {
        if (expression.type() == ValueType.TIMESTAMP
                || expression.type().isLength()
                || expression.type() == ValueType.NULL) {
            own.report(
                    org.apache.calcite.sql.parser.SqlParserPos.ZERO,
                    "label: " + expression.type().label() + " (expected: a condition, a number or text)");
            return Optional.empty();
        }
        if (expression.type() == ValueType.BROKEN) {
            return Optional.empty();
        }
        Field field = queries.fields().make(FeaturePlan.LABEL, expression.type());
        assignments.add(new Assignment(field, expression));
        return Optional.of(field);
    }
}
