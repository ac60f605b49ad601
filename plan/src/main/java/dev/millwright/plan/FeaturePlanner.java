package dev.millwright.plan;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
     * The plan of a feature view.
     *
     * @param tables the schemas of the datasets that the SQL may name
     * @throws InvalidInputException with every mistake that was found, in the order of the text
     */
    public static FeaturePlan plan(FeatureQuery query, Map<String, Schema> tables) {
        List<Problem> problems = new ArrayList<>();
        SqlSource source = new SqlSource(query.sql(), query.sqlStart());
        Reporter reporter = new Reporter(source, problems);
        Optional<SqlNode> parsed = source.parseQuery(reporter);
        Fields fields = new Fields();
        Optional<SelectTranslator.Selected> selected = parsed.flatMap(node ->
                new QueryTranslator(tables, query.zone(), reporter, fields).translate(node, Ctes.NONE, query.label()));
        Optional<FeaturePlan> plan = selected.flatMap(view -> new View(query, view, reporter).plan(fields.count()));
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
    private record View(FeatureQuery query, SelectTranslator.Selected selected, Reporter reporter) {

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
            Set<Field> wanted = new HashSet<>(outputs);
            selected.label().ifPresent(wanted::add);
            Relation root = Pruner.prune(selected.relation(), wanted);
            refuseLeaks(root, features);
            return Optional.of(new FeaturePlan(root, outputs, features, selected.label(), query.zone(), fields));
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
