package dev.millwright.plan;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.Relation.Assignment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * When the label of a row is known, and how far the data reach. A label that was known only after the latest row happened isn't in
 * the data yet, whatever its columns hold.
 *
 * @param known the label is known when all of these have come
 * @param reaches what gives the latest moment that the data know of: the largest value of any of them
 */
record LabelTime(List<Wait> known, List<Reach> reaches) {
    LabelTime {
        known = List.copyOf(known);
        reaches = List.copyOf(reaches);
    }

    /**
     * What the label waits for. Where the moment is missing, it is never known.
     *
     * @param match of a row that was looked up, what is missing when none was found: nothing is waited for then
     */
    record Wait(Expression moment, Optional<Expression> match) {
        void forEachField(Consumer<Field> visitor) {
            moment.forEachField(visitor);
            match.ifPresent(found -> found.forEachField(visitor));
        }
    }

    /** Of a label that is known with its row. */
    static final LabelTime AT_ONCE = new LabelTime(List.of(), List.of());

    boolean isAtOnce() {
        return known.isEmpty();
    }

    /** The largest value of a column. */
    record Reach(Relation relation, Field field) {}

    /** @param root with the columns that {@code known} reads */
    record Carried(Relation root, LabelTime time) {}

    /**
     * Of the label of a view; empty when it can't be told of each row.
     *
     * @param label when it is known
     */
    static Optional<Carried> of(Relation root, Set<Later> label, List<Reach> reaches) {
        Set<Wait> waits = new LinkedHashSet<>();
        for (Later later : label) {
            if (later.since().isEmpty()) {
                return Optional.empty();
            }
            waits.add(new Wait(expression(later.since().get()), match(later)));
        }
        Set<Field> needed = new HashSet<>();
        waits.forEach(wait -> wait.forEachField(needed::add));
        Relation carried = carry(root, needed);
        return carried.fields().containsAll(needed)
                ? Optional.of(new Carried(carried, new LabelTime(List.copyOf(waits), reaches)))
                : Optional.empty();
    }

    private static Optional<Expression> match(Later later) {
        return later.through()
                .flatMap(through -> through instanceof Later.Through.Join(Relation.Lookup lookup)
                        ? lookup.keys().stream()
                                .map(Relation.KeyPair::right)
                                .findFirst()
                                .or(() -> lookup.asOf().map(Relation.AsOf::right))
                        : Optional.empty());
    }

    /** The times of the tables that are read, and the view's timestamp where its base table has none. */
    static List<Reach> reaches(Relation root, List<TableShape> shapes, Optional<Field> timestamp) {
        List<Reach> reaches = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Relation.Scan scan : FeaturePlan.scans(root)) {
            if (seen.add(scan.dataset())) {
                shapes.stream()
                        .filter(shape -> shape.dataset().equals(scan.dataset()))
                        .flatMap(shape -> shape.time().stream())
                        .map(scan::field)
                        .map(time -> new Reach(Pruner.prune(scan, Set.of(time)), time))
                        .forEach(reaches::add);
            }
        }
        List<Field> own = QueryTranslator.base(root).fields();
        boolean timed =
                !QueryTranslator.areGroups(root) && reaches.stream().anyMatch(reach -> own.contains(reach.field()));
        timestamp
                .filter(field -> !timed)
                .ifPresent(field -> reaches.add(new Reach(Pruner.prune(root, Set.of(field)), field)));
        return reaches;
    }

    private static Expression expression(Moment moment) {
        return moment.micros() == 0
                ? moment.clock()
                : new Call(
                        Operation.ADD_MICROS,
                        ValueType.TIMESTAMP,
                        List.of(moment.clock(), new Literal(moment.micros(), ValueType.BIGINT)));
    }

    /** The same rows with the columns that its inputs have, under their names. */
    private static Relation carry(Relation relation, Set<Field> columns) {
        return switch (relation) {
            case Relation.Scan scan -> scan;
            case Relation.Aggregate aggregate -> aggregate;
            case Relation.Filter filter -> new Relation.Filter(carry(filter.input(), columns), filter.condition());
            case Relation.Windowed windowed ->
                new Relation.Windowed(carry(windowed.input(), columns), windowed.calls());
            case Relation.Lookup lookup ->
                new Relation.Lookup(
                        carry(lookup.left(), columns),
                        carry(lookup.right(), columns),
                        lookup.kind(),
                        lookup.keys(),
                        lookup.asOf());
            case Relation.Project project -> {
                Relation input = carry(project.input(), columns);
                List<Assignment> assignments = new ArrayList<>(project.assignments());
                input.fields().stream()
                        .filter(columns::contains)
                        .filter(field -> !project.fields().contains(field))
                        .forEach(field -> assignments.add(new Assignment(field, new Ref(field))));
                yield new Relation.Project(input, assignments);
            }
        };
    }
}
