package dev.millwright.plan;

import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.Relation.Aggregate;
import dev.millwright.plan.Relation.Assignment;
import dev.millwright.plan.Relation.Filter;
import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.Relation.Project;
import dev.millwright.plan.Relation.Scan;
import dev.millwright.plan.Relation.WindowCall;
import dev.millwright.plan.Relation.Windowed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds which dataset columns a field is computed from. Counted are the values themselves, and the row's own values that pick a
 * window's partition and time or the row that is looked up. A column of the view's own dataset that comes through a look-up
 * counts as {@link Via#ROW} too: the row looked up may be the row itself.
 */
final class LineageTracer {
    private final Map<Field, Assignment> assigned = new HashMap<>();
    private final Map<Field, WindowCall> windows = new HashMap<>();
    private final Map<Field, Grouped> aggregates = new HashMap<>();
    private final Map<Field, Lookup> lookedUp = new HashMap<>();
    private final Map<Field, Leaf> leaves = new HashMap<>();
    private final String base;

    private record Leaf(String dataset, String column) {}

    private record Grouped(AggregateCall call, List<Assignment> keys) {}

    private record Path(Via via, List<String> through) {
        Path via(Via next) {
            return new Path(next, through);
        }

        Path through(String name) {
            List<String> longer = new ArrayList<>(through);
            longer.add(name);
            return new Path(via, longer);
        }
    }

    LineageTracer(Relation root) {
        this.base = QueryTranslator.base(root).dataset();
        index(root);
    }

    private void index(Relation relation) {
        switch (relation) {
            case Scan scan ->
                scan.columns().forEach(column -> leaves.put(column.field(), new Leaf(scan.dataset(), column.column())));
            case Project project -> {
                index(project.input());
                project.assignments().forEach(assignment -> assigned.put(assignment.field(), assignment));
            }
            case Filter filter -> index(filter.input());
            case Windowed windowed -> {
                index(windowed.input());
                windowed.calls().forEach(call -> windows.put(call.aggregate().field(), call));
            }
            case Aggregate aggregate -> {
                index(aggregate.input());
                aggregate.keys().forEach(key -> assigned.put(key.field(), key));
                aggregate.calls().forEach(call -> aggregates.put(call.field(), new Grouped(call, aggregate.keys())));
            }
            case Lookup lookup -> {
                index(lookup.left());
                index(lookup.right());
                lookup.right().fields().forEach(field -> lookedUp.put(field, lookup));
            }
        }
    }

    /** The origins of an output. */
    List<Origin> origins(Field output) {
        Set<Origin> found = new TreeSet<>();
        trace(output, new Path(Via.ROW, List.of()), found, true);
        Set<Origin> all = new TreeSet<>(found);
        for (Origin origin : found) {
            if (origin.via() == Via.LOOKUP && origin.dataset().equals(base)) {
                all.add(new Origin(origin.dataset(), origin.column(), Via.ROW, origin.through()));
            }
        }
        return List.copyOf(all);
    }

    private void trace(Expression expression, Path path, Set<Origin> found) {
        expression.forEachField(field -> trace(field, path, found, false));
    }

    private void trace(Field field, Path path, Set<Origin> found, boolean output) {
        Lookup lookup = lookedUp.get(field);
        Path here = path;
        if (lookup != null) {
            lookup.keys().forEach(key -> trace(key.left(), path, found));
            lookup.asOf().ifPresent(asOf -> trace(asOf.left(), path, found));
            here = path.via(Via.LOOKUP);
        }
        define(field, here, found, output);
    }

    private void define(Field field, Path path, Set<Origin> found, boolean output) {
        Leaf leaf = leaves.get(field);
        Assignment assignment = assigned.get(field);
        WindowCall window = windows.get(field);
        Grouped aggregate = aggregates.get(field);
        if (leaf != null) {
            found.add(new Origin(leaf.dataset(), leaf.column(), path.via(), path.through()));
        } else if (assignment != null) {
            boolean sameName =
                    assignment.value() instanceof Ref ref && ref.field().name().equalsIgnoreCase(field.name());
            trace(assignment.value(), output || sameName ? path : path.through(field.name()), found);
        } else if (window != null) {
            window.window().partition().forEach(key -> trace(key, path, found));
            trace(window.window().order(), path, found);
            Path others = path.via() == Via.ROW ? path.via(Via.WINDOW) : path;
            window.aggregate().argument().ifPresent(argument -> {
                trace(argument, others, found);
                if (window.window().frame().includesCurrentRow()) {
                    trace(argument, path, found);
                }
            });
        } else if (aggregate != null) {
            aggregate.call().argument().ifPresent(argument -> trace(argument, path, found));
            aggregate.keys().forEach(key -> trace(key.value(), path, found));
        }
    }
}
