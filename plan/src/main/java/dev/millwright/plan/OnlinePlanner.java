package dev.millwright.plan;

import dev.millwright.core.MillwrightException;
import dev.millwright.plan.Relation.Aggregate;
import dev.millwright.plan.Relation.Filter;
import dev.millwright.plan.Relation.JoinKind;
import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.Relation.Project;
import dev.millwright.plan.Relation.Scan;
import dev.millwright.plan.Relation.WindowCall;
import dev.millwright.plan.Relation.Windowed;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the steps that compute a view for one event, or says why that can't be done. */
final class OnlinePlanner {
    private final ExpressionCompiler compiler;
    private final List<OnlineStep> steps = new ArrayList<>();
    private final List<Lookup> lookups = new ArrayList<>();
    private final List<OnlineWindow> windows = new ArrayList<>();
    private final Set<Field> fromWindows = new HashSet<>();

    private OnlinePlanner(ZoneId zone) {
        this.compiler = new ExpressionCompiler(zone);
    }

    static OnlineView plan(Relation root, List<Field> outputs, List<Field> features, ZoneId zone, int slots) {
        Relation pruned = Pruner.prune(withoutLastFilters(root), Set.copyOf(outputs));
        OnlinePlanner planner = new OnlinePlanner(zone);
        planner.add(pruned);
        Scan base = QueryTranslator.base(pruned);
        return new OnlineView(base, planner.steps, planner.lookups, planner.windows, outputs, features, zone, slots);
    }

    /** Without the conditions after the last window: they only decide which rows are trained on. */
    private static Relation withoutLastFilters(Relation relation) {
        return switch (relation) {
            case Project project -> new Project(withoutLastFilters(project.input()), project.assignments());
            case Filter filter -> withoutLastFilters(filter.input());
            case Lookup lookup ->
                new Lookup(
                        withoutLastFilters(lookup.left()), lookup.right(), JoinKind.LEFT, lookup.keys(), lookup.asOf());
            case Windowed windowed -> windowed;
            case Aggregate aggregate -> aggregate;
            case Scan scan -> scan;
        };
    }

    private void add(Relation relation) {
        switch (relation) {
            case Scan scan -> {}
            case Project project -> {
                add(project.input());
                compute(project);
            }
            case Filter filter -> {
                add(filter.input());
                steps.add(new OnlineStep.Keep(compiler.compile(filter.condition())));
                if (usesWindow(filter.condition())) {
                    fromWindows.addAll(filter.fields());
                }
            }
            case Lookup lookup -> {
                add(lookup.left());
                refuseWindows(lookup.right());
                lookUp(lookup);
            }
            case Windowed windowed -> {
                add(windowed.input());
                lookBack(windowed);
            }
            case Aggregate aggregate ->
                throw notOnline("rows that are groups of rows", "Send the group's features, not an event.");
        }
    }

    private boolean usesWindow(Expression expression) {
        List<Field> used = new ArrayList<>();
        expression.forEachField(used::add);
        return used.stream().anyMatch(fromWindows::contains);
    }

    private void compute(Project project) {
        int[] slots = project.assignments().stream()
                .mapToInt(assignment -> assignment.field().id())
                .toArray();
        steps.add(new OnlineStep.Compute(
                slots,
                compiler.compile(project.assignments().stream()
                        .map(Relation.Assignment::value)
                        .toList())));
        project.assignments().stream()
                .filter(assignment -> usesWindow(assignment.value()))
                .forEach(assignment -> fromWindows.add(assignment.field()));
    }

    private void lookUp(Lookup lookup) {
        steps.add(new OnlineStep.LookUp(lookup, new LookupMatch(lookup, compiler), lookups.size()));
        lookups.add(lookup);
        boolean byWindow = lookup.keys().stream().anyMatch(key -> usesWindow(key.left()))
                || lookup.asOf().filter(asOf -> usesWindow(asOf.left())).isPresent();
        if (byWindow) {
            fromWindows.addAll(
                    lookup.kind() == JoinKind.INNER
                            ? lookup.fields()
                            : lookup.right().fields());
        }
    }

    /** One list of events for all the functions that share partition, order and unit. */
    private void lookBack(Windowed windowed) {
        Map<Object, List<WindowCall>> shared = new LinkedHashMap<>();
        for (WindowCall call : windowed.calls()) {
            WindowSpec window = call.window();
            List<Expression> inputs = new ArrayList<>(window.partition());
            inputs.add(window.order());
            call.aggregate().argument().ifPresent(inputs::add);
            if (inputs.stream().anyMatch(this::usesWindow)) {
                throw notOnline(
                        "a window over the result of another window", "Compute both from the dataset's columns.");
            }
            shared.computeIfAbsent(
                            List.of(
                                    window.partition(),
                                    window.order(),
                                    window.frame().unit()),
                            absent -> new ArrayList<>())
                    .add(call);
        }
        for (List<WindowCall> calls : shared.values()) {
            OnlineWindow window = new OnlineWindow("window_" + (windows.size() + 1), calls, compiler);
            windows.add(window);
            steps.add(new OnlineStep.LookBack(window));
        }
        windowed.calls().forEach(call -> fromWindows.add(call.aggregate().field()));
    }

    private static void refuseWindows(Relation relation) {
        switch (relation) {
            case Windowed windowed ->
                throw notOnline("a window in a joined table", "Compute it as a dataset of its own.");
            case Scan scan -> {}
            case Project project -> refuseWindows(project.input());
            case Filter filter -> refuseWindows(filter.input());
            case Aggregate aggregate -> refuseWindows(aggregate.input());
            case Lookup lookup -> {
                refuseWindows(lookup.left());
                refuseWindows(lookup.right());
            }
        }
    }

    private static MillwrightException notOnline(String construct, String move) {
        return new MillwrightException(
                PlanError.NOT_ONLINE,
                "sql: " + construct + " (expected: a view that can be computed for one event). " + move);
    }
}
