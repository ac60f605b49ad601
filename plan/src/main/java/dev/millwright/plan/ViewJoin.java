package dev.millwright.plan;

import dev.millwright.core.Words;
import dev.millwright.plan.Expression.Branch;
import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Case;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.Relation.AsOf;
import dev.millwright.plan.Relation.Assignment;
import dev.millwright.plan.Relation.JoinKind;
import dev.millwright.plan.Relation.KeyPair;
import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.Relation.Project;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;

/**
 * Joins views to the rows of the first, each with its latest row of the same entity that isn't after them. What any of them knows at its
 * own time is known at the time of the row that it is joined to.
 */
final class ViewJoin {
    private final CheckedView rows;
    private final Fields fields;
    private final List<Assignment> columns = new ArrayList<>();
    private final Map<Field, SqlNode> items = new LinkedHashMap<>();
    private final List<Field> features = new ArrayList<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private Relation relation;

    private ViewJoin(CheckedView rows, Fields fields) {
        this.rows = rows;
        this.fields = fields;
        this.relation = rows.relation();
    }

    /**
     * The rows with the features of all views.
     *
     * @param others each view and what it was found to be
     */
    static CheckedView join(CheckedView rows, Map<JoinedView, CheckedView> others, Fields fields) {
        if (others.isEmpty()) {
            return rows;
        }
        ViewJoin join = new ViewJoin(rows, fields);
        rows.items().forEach(join::add);
        join.features.addAll(rows.features());
        others.forEach(join::add);
        return join.joined();
    }

    private void add(Field output, SqlNode item) {
        carry(output);
        items.put(output, item);
    }

    private void add(JoinedView view, CheckedView checked) {
        Optional<Field> now = rows.timestamp();
        if (now.isEmpty()) {
            checked.report(
                    view.sqlStart(),
                    "view " + view.name() + ": joined by time (expected: 'timestamp: COLUMN' in the first view, too)");
            return;
        }
        Field then = checked.timestamp().orElseThrow();
        List<KeyPair> keys = view.entity().stream()
                .flatMap(name -> key(view, checked, name).stream())
                .toList();
        AsOf latest = new AsOf(new Ref(now.get()), new Ref(then), AsOf.Bound.UP_TO_NOW);
        relation = new Lookup(relation, checked.relation(), JoinKind.LEFT, keys, Optional.of(latest));
        for (Field feature : checked.features()) {
            requireNewName(view, checked, feature);
            Field output =
                    view.ttl().map(ttl -> fresh(feature, now.get(), then, ttl)).orElse(feature);
            add(output, Optional.ofNullable(checked.items().get(feature)).orElseThrow());
            features.add(output);
        }
    }

    private Optional<KeyPair> key(JoinedView view, CheckedView checked, String name) {
        Field right = checked.output(name).orElseThrow();
        Optional<Field> left = rows.output(name);
        if (left.isEmpty()) {
            checked.report(
                    view.sqlStart(),
                    "entity: " + name + " of view " + view.name()
                            + " (expected: a column of the first view, too; name it under 'entity' there where it is no feature)."
                            + Words.suggestion(name, QueryTranslator.names(rows.outputs())));
            return Optional.empty();
        }
        Optional<ValueType> type = Types.common(left.get().type(), right.type());
        if (type.isEmpty()) {
            checked.report(
                    right,
                    name + ": " + right.type().label() + " (expected: "
                            + left.get().type().label() + ", as in the first view)");
            return Optional.empty();
        }
        return Optional.of(
                new KeyPair(Types.as(type.get(), new Ref(left.get())), Types.as(type.get(), new Ref(right))));
    }

    private void requireNewName(JoinedView view, CheckedView checked, Field feature) {
        String name = feature.name().toLowerCase(Locale.ROOT);
        String other =
                rows.output(name).isPresent() ? "the first view" : names.putIfAbsent(name, "view " + view.name());
        if (other != null) {
            checked.report(
                    feature,
                    feature.name() + ": in " + other + ", too (expected: different names). Write AS and another name.");
        }
    }

    /** The same, but NULL where the row is older than it may be. */
    private Field fresh(Field feature, Field now, Field then, Duration ttl) {
        Expression oldest = new Call(
                Operation.ADD_MICROS,
                ValueType.TIMESTAMP,
                List.of(new Ref(now), new Literal(-Lengths.micros(ttl), ValueType.BIGINT)));
        Expression young = new Call(Operation.GREATER_OR_EQUAL, ValueType.BOOLEAN, List.of(new Ref(then), oldest));
        Field output = fields.make(feature.name(), feature.type());
        columns.add(new Assignment(
                output,
                new Case(
                        List.of(new Branch(young, new Ref(feature))),
                        new Literal(null, feature.type()),
                        feature.type())));
        return output;
    }

    private CheckedView joined() {
        rows.label().ifPresent(label -> {
            carry(label.field());
            label.time().known().forEach(wait -> wait.forEachField(this::carry));
        });
        return new CheckedView(
                new Project(relation, columns), items, features, rows.timestamp(), rows.label(), rows.reporter());
    }

    /** Keeps a column as it is, unless it is there. */
    private void carry(Field field) {
        if (columns.stream().noneMatch(column -> column.field().equals(field))) {
            columns.add(new Assignment(field, new Ref(field)));
        }
    }
}
