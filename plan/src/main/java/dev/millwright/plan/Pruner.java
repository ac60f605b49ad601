package dev.millwright.plan;

import dev.millwright.plan.Relation.Aggregate;
import dev.millwright.plan.Relation.Filter;
import dev.millwright.plan.Relation.JoinKind;
import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.Relation.Project;
import dev.millwright.plan.Relation.Scan;
import dev.millwright.plan.Relation.WindowCall;
import dev.millwright.plan.Relation.Windowed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Leaves out of a plan what the wanted columns don't need: columns, windows, and left look-ups that add nothing. */
final class Pruner {
    private Pruner() {}

    static Relation prune(Relation relation, Set<Field> wanted) {
        return switch (relation) {
            case Scan scan ->
                new Scan(
                        scan.dataset(),
                        scan.columns().stream()
                                .filter(column -> wanted.contains(column.field()))
                                .toList(),
                        scan.row());
            case Project project -> project(project, wanted);
            case Filter filter ->
                new Filter(prune(filter.input(), with(wanted, List.of(filter.condition()))), filter.condition());
            case Windowed windowed -> windowed(windowed, wanted);
            case Aggregate aggregate -> aggregate(aggregate, wanted);
            case Lookup lookup -> lookup(lookup, wanted);
        };
    }

    private static Set<Field> with(Set<Field> wanted, List<Expression> expressions) {
        Set<Field> more = new HashSet<>(wanted);
        expressions.forEach(expression -> expression.forEachField(more::add));
        return more;
    }

    private static Relation project(Project project, Set<Field> wanted) {
        List<Relation.Assignment> kept = project.assignments().stream()
                .filter(assignment -> wanted.contains(assignment.field()))
                .toList();
        Set<Field> needed =
                with(Set.of(), kept.stream().map(Relation.Assignment::value).toList());
        return new Project(prune(project.input(), needed), kept);
    }

    private static Relation windowed(Windowed windowed, Set<Field> wanted) {
        List<WindowCall> kept = windowed.calls().stream()
                .filter(call -> wanted.contains(call.aggregate().field()))
                .toList();
        Set<Field> needed = new HashSet<>(wanted);
        for (WindowCall call : kept) {
            call.window().partition().forEach(key -> key.forEachField(needed::add));
            call.window().order().forEachField(needed::add);
            call.aggregate().argument().ifPresent(argument -> argument.forEachField(needed::add));
        }
        Relation input = prune(windowed.input(), needed);
        return kept.isEmpty() ? input : new Windowed(input, kept);
    }

    private static Relation aggregate(Aggregate aggregate, Set<Field> wanted) {
        List<AggregateCall> kept = aggregate.calls().stream()
                .filter(call -> wanted.contains(call.field()))
                .toList();
        Set<Field> needed = with(
                Set.of(),
                aggregate.keys().stream().map(Relation.Assignment::value).toList());
        kept.forEach(call -> call.argument().ifPresent(argument -> argument.forEachField(needed::add)));
        return new Aggregate(prune(aggregate.input(), needed), aggregate.keys(), kept, aggregate.row());
    }

    private static Relation lookup(Lookup lookup, Set<Field> wanted) {
        boolean unused = lookup.right().fields().stream().noneMatch(wanted::contains);
        if (unused && lookup.kind() == JoinKind.LEFT) {
            return prune(lookup.left(), wanted);
        }
        Set<Field> left = new HashSet<>(wanted);
        Set<Field> right = new HashSet<>(wanted);
        for (Relation.KeyPair key : lookup.keys()) {
            key.left().forEachField(left::add);
            key.right().forEachField(right::add);
        }
        lookup.asOf().ifPresent(asOf -> {
            asOf.left().forEachField(left::add);
            asOf.right().forEachField(right::add);
        });
        return new Lookup(
                prune(lookup.left(), left), prune(lookup.right(), right), lookup.kind(), lookup.keys(), lookup.asOf());
    }
}
