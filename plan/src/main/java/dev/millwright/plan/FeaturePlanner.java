package dev.millwright.plan;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlNode;

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
     * The plan of a feature view. No feature sees what isn't known at the view's timestamp, and a row has no label before that is known.
     *
     * @param shapes the datasets that the SQL may name
     * @throws InvalidInputException with every mistake that was found, in the order of the text
     */
    public static FeaturePlan plan(FeatureQuery query, List<TableShape> shapes) {
        Map<String, Schema> tables = new LinkedHashMap<>();
        shapes.forEach(shape -> tables.put(shape.dataset(), shape.schema()));
        List<Problem> problems = new ArrayList<>();
        SqlSource source = new SqlSource(query.sql(), query.sqlStart());
        Reporter reporter = new Reporter(source, problems);
        Optional<SqlNode> parsed = source.parseQuery(reporter);
        Fields fields = new Fields();
        QueryTranslator queries = new QueryTranslator(tables, query.zone(), reporter, fields);
        Optional<SelectTranslator.Selected> selected =
                parsed.flatMap(node -> queries.translate(node, Ctes.NONE, query.label()));
        Optional<FeaturePlan> plan = selected.flatMap(
                view -> new View(query, view, shapes, queries.places(), reporter).plan(fields.count()));
        if (problems.isEmpty()) {
            source.parseQuery(reporter).ifPresent(node -> CalciteCheck.check(node, tables, reporter));
        }
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparing(
                    (Problem problem) -> problem.where().orElse(query.sqlStart()),
                    Comparator.comparingInt(Problem.Position::line).thenComparingInt(Problem.Position::column)));
            throw new InvalidInputException(problems);
        }
        return plan.orElseThrow();
    }

    /** The last checks, of the view as a whole. */
    private record View(
            FeatureQuery query,
            SelectTranslator.Selected selected,
            List<TableShape> shapes,
            Places places,
            Reporter reporter) {

        /** The plan, or empty after a problem was reported. */
        Optional<FeaturePlan> plan(int fields) {
            List<Field> outputs = List.copyOf(selected.items().keySet());
            query.entity().ifPresent(entity -> column("entity", entity));
            Optional<Field> timestamp = query.timestamp().flatMap(name -> column("timestamp", name));
            timestamp
                    .filter(field -> field.type() != ValueType.TIMESTAMP && field.type() != ValueType.BROKEN)
                    .ifPresent(field -> report(
                            "timestamp: " + field.name() + " is " + field.type().label() + " (expected: a timestamp)"));
            List<Field> features =
                    outputs.stream().filter(field -> !isKey(field)).toList();
            features.stream()
                    .filter(field -> field.type() == ValueType.TIMESTAMP)
                    .forEach(
                            field -> reporter.report(
                                    item(field),
                                    field.name()
                                            + ": a timestamp as a feature (expected: a number, text or a condition). Use EXTRACT or TIMESTAMPDIFF, or name it as the view's timestamp."));
            if (features.isEmpty() && !selected.open() && reporter.problems().isEmpty()) {
                report("sql: no feature columns (expected: at least one besides entity and timestamp)");
            }
            if (!reporter.problems().isEmpty()) {
                return Optional.empty();
            }
            LabelTime.Carried known = known(features, timestamp);
            Set<Field> wanted = new HashSet<>(outputs);
            selected.label().ifPresent(wanted::add);
            known.time().known().forEach(moment -> moment.forEachField(wanted::add));
            Relation root = Pruner.prune(known.root(), wanted);
            if (reporter.problems().isEmpty()) {
                refuseLeaks(root, features);
            }
            return Optional.of(new FeaturePlan(
                    root,
                    outputs,
                    features,
                    selected.label().map(label -> new FeaturePlan.Label(label, known.time())),
                    query.zone(),
                    fields));
        }

        /** Refuses what is seen before it is known; gives the relation with what tells when the label is. */
        private LabelTime.Carried known(List<Field> features, Optional<Field> timestamp) {
            Relation root = selected.relation();
            Optional<Duration> labelDelay = query.label().flatMap(LabelExpression::knownAfter);
            if (labelDelay.isEmpty()
                    && shapes.stream()
                            .allMatch(shape ->
                                    shape.known().isEmpty() && shape.time().isEmpty())) {
                return new LabelTime.Carried(root, LabelTime.AT_ONCE);
            }
            KnownTracer tracer = new KnownTracer(shapes, root, timestamp, query.zone());
            KnownTracer.Known known = tracer.trace(root);
            KnownCheck check = new KnownCheck(tracer.moments(), timestamp, places, reporter);
            features.forEach(feature -> check.feature(feature, item(feature), known));
            Set<Later> label =
                    new LinkedHashSet<>(selected.label().map(known::of).orElse(Set.of()));
            labelDelay.ifPresent(delay -> label.add(check.label(delay)));
            check.rows(known, label, item(features.getFirst()));
            Optional<LabelTime.Carried> carried = LabelTime.of(root, label, LabelTime.reaches(root, shapes, timestamp));
            if (carried.isEmpty()) {
                reporter.problems()
                        .add(Problem.at(
                                query.label().map(LabelExpression::start).orElse(query.sqlStart()),
                                check.labelWithoutTime(label)));
            }
            return carried.orElseGet(() -> new LabelTime.Carried(root, LabelTime.AT_ONCE));
        }

        private SqlNode item(Field field) {
            return Optional.ofNullable(selected.items().get(field)).orElseThrow();
        }

        private boolean isKey(Field field) {
            return query.entity().filter(field.name()::equalsIgnoreCase).isPresent()
                    || query.timestamp().filter(field.name()::equalsIgnoreCase).isPresent();
        }

        private Optional<Field> column(String role, String name) {
            List<Field> outputs = List.copyOf(selected.items().keySet());
            Optional<Field> found = outputs.stream()
                    .filter(field -> field.name().equalsIgnoreCase(name))
                    .findFirst();
            if (found.isEmpty() && !selected.open()) {
                report(role + ": " + name + " (expected: a column of the view)."
                        + Words.suggestion(name, QueryTranslator.names(outputs)));
            }
            return found;
        }

        private void report(String message) {
            reporter.problems().add(Problem.at(query.sqlStart(), message));
        }

        /** A feature that is the label's one source would make training look perfect and serving useless. */
        private void refuseLeaks(Relation root, List<Field> features) {
            LineageTracer tracer = new LineageTracer(root);
            List<Origin> label = selected.label().map(tracer::origins).orElse(List.of());
            if (label.stream()
                            .map(origin -> origin.dataset() + "\u0000" + origin.column())
                            .distinct()
                            .count()
                    != 1) {
                return;
            }
            Origin source = label.getFirst();
            for (Field feature : features) {
                List<Origin> origins = tracer.origins(feature);
                boolean leaks = origins.size() == 1
                        && origins.getFirst().via() == Via.ROW
                        && origins.getFirst().dataset().equals(source.dataset())
                        && origins.getFirst().column().equals(source.column());
                if (leaks) {
                    reporter.report(
                            item(feature),
                            feature.name() + ": computed from " + source.column()
                                    + " alone, as the label is (expected: a feature that is known before the label). Leave it out of SELECT.");
                }
            }
        }
    }
}
