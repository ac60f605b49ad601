package dev.millwright.plan;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks feature SQL and makes a plan of it. Calcite parses; names and types are resolved here, so that all mistakes are found at
 * once; Calcite's validator has the last word on what passed. Thread-safe.
 */
public final class FeaturePlanner {
    private FeaturePlanner() {}

    /**
     * The plan of a feature view over datasets of which all is known at once.
     *
     * @param tables the schemas of the datasets that the SQL may name
     * @throws InvalidInputException with every mistake that was found, in the order of the text
     */
    public static FeaturePlan plan(FeatureQuery query, Map<String, Schema> tables) {
        return plan(
                query,
                tables.entrySet().stream()
                        .map(table -> TableShape.of(table.getKey(), table.getValue()))
                        .toList());
    }

    /**
     * The plan of a feature view and of those that are joined to it. No feature sees what isn't known at the view's timestamp, and a
     * row has no label before that is known.
     *
     * @param shapes the datasets that the SQL may name
     * @throws InvalidInputException with every mistake that was found, in the order of the text
     */
    public static FeaturePlan plan(FeatureQuery query, List<TableShape> shapes) {
        List<Problem> problems = new ArrayList<>();
        Fields fields = new Fields();
        Optional<CheckedView> rows = ViewCheck.check(query, ViewCheck.Role.ROWS, shapes, fields, problems);
        Map<JoinedView, CheckedView> others = new LinkedHashMap<>();
        for (JoinedView view : query.joined()) {
            ViewCheck.check(query.of(view), ViewCheck.Role.JOINED, shapes, fields, problems)
                    .ifPresent(checked -> others.put(view, checked));
        }
        refuse(query, problems);
        CheckedView joined = ViewJoin.join(rows.orElseThrow(), others, fields);
        FeaturePlan plan = plan(query, joined, fields);
        problems.addAll(joined.reporter().problems());
        others.values().forEach(view -> problems.addAll(view.reporter().problems()));
        refuse(query, problems);
        return plan;
    }

    private static void refuse(FeatureQuery query, List<Problem> problems) {
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparing(
                    (Problem problem) -> problem.where().orElse(query.sqlStart()),
                    Comparator.comparingInt(Problem.Position::line).thenComparingInt(Problem.Position::column)));
            throw new InvalidInputException(problems);
        }
    }

    private static FeaturePlan plan(FeatureQuery query, CheckedView view, Fields fields) {
        Set<Field> wanted = new HashSet<>(view.outputs());
        view.label().ifPresent(label -> {
            wanted.add(label.field());
            label.time().known().forEach(wait -> wait.forEachField(wanted::add));
        });
        Relation root = Pruner.prune(view.relation(), wanted);
        refuseLeaks(root, view);
        return new FeaturePlan(root, view.outputs(), view.features(), view.label(), query.zone(), fields.count());
    }

    /** A feature that is the label's one source would make training look perfect and serving useless. */
    private static void refuseLeaks(Relation root, CheckedView view) {
        LineageTracer tracer = new LineageTracer(root);
        List<Origin> label =
                view.label().map(found -> tracer.origins(found.field())).orElse(List.of());
        if (label.stream()
                        .map(origin -> origin.dataset() + "\u0000" + origin.column())
                        .distinct()
                        .count()
                != 1) {
            return;
        }
        Origin source = label.getFirst();
        for (Field feature : view.features()) {
            List<Origin> origins = tracer.origins(feature);
            boolean leaks = origins.size() == 1
                    && origins.getFirst().via() == Via.ROW
                    && origins.getFirst().dataset().equals(source.dataset())
                    && origins.getFirst().column().equals(source.column());
            if (leaks) {
                view.report(
                        feature,
                        feature.name() + ": computed from " + source.column()
                                + " alone, as the label is (expected: a feature that is known before the label). Leave it out of SELECT.");
            }
        }
    }
}
