package dev.millwright.plan;

import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlNode;

/** Checks one view: its SQL, its keys and features, and when all of them are known. */
final class ViewCheck {
    private final FeatureQuery query;
    private final Role role;
    private final List<TableShape> shapes;
    private final Reporter reporter;
    private final SqlSource source;

    /** What a view's rows are. */
    enum Role {
        /** Those that are trained on. */
        ROWS,
        /** What is looked up by key and time. */
        JOINED
    }

    private ViewCheck(FeatureQuery query, Role role, List<TableShape> shapes, List<Problem> problems) {
        this.query = query;
        this.role = role;
        this.shapes = shapes;
        this.source = new SqlSource(query.sql(), query.sqlStart());
        this.reporter = new Reporter(source, problems);
    }

    /** The view, or empty after its problems were added to {@code problems}. */
    static Optional<CheckedView> check(
            FeatureQuery query, Role role, List<TableShape> shapes, Fields fields, List<Problem> problems) {
        List<Problem> own = new ArrayList<>();
        ViewCheck check = new ViewCheck(query, role, shapes, own);
        Optional<CheckedView> view = check.view(fields);
        problems.addAll(own);
        return own.isEmpty() ? view : Optional.empty();
    }

    private Optional<CheckedView> view(Fields fields) {
        Map<String, Schema> tables = new LinkedHashMap<>();
        shapes.forEach(shape -> tables.put(shape.dataset(), shape.schema()));
        QueryTranslator queries = new QueryTranslator(tables, query.zone(), reporter, fields);
        Optional<CheckedView> view = source.parseQuery(reporter)
                .flatMap(node -> queries.translate(node, Ctes.NONE, query.label()))
                .flatMap(selected -> new Whole(selected, queries.places()).check());
        if (reporter.problems().isEmpty()) {
            source.parseQuery(reporter).ifPresent(node -> CalciteCheck.check(node, tables, reporter));
        }
        return view;
    }

    private void report(String message) {
        reporter.problems().add(Problem.at(query.sqlStart(), message));
    }

    /** The last checks, of the view as a whole. */
    private final class Whole {
        private final SelectTranslator.Selected selected;
        private final Places places;
        private final List<Field> outputs;

        Whole(SelectTranslator.Selected selected, Places places) {
            this.selected = selected;
            this.places = places;
            this.outputs = List.copyOf(selected.items().keySet());
        }

        /** The view, or empty after a problem was reported. */
        Optional<CheckedView> check() {
            query.entity().ifPresent(entity -> column("entity", entity));
            List<Field> keys = query.keys().stream()
                    .flatMap(key -> column("entity", key).stream())
                    .toList();
            Optional<Field> timestamp = query.timestamp().flatMap(name -> column("timestamp", name));
            timestamp
                    .filter(field -> field.type() != ValueType.TIMESTAMP && field.type() != ValueType.BROKEN)
                    .ifPresent(field -> report(
                            "timestamp: " + field.name() + " is " + field.type().label() + " (expected: a timestamp)"));
            requireRows(Stream.concat(keys.stream(), timestamp.stream()).toList());
            List<Field> features =
                    outputs.stream().filter(field -> !isKey(field)).toList();
            features.forEach(this::requireFeature);
            if (features.isEmpty()
                    && query.joined().isEmpty()
                    && !selected.open()
                    && reporter.problems().isEmpty()) {
                report("sql: no feature columns (expected: at least one besides entity and timestamp)");
            }
            return reporter.problems().isEmpty() ? Optional.of(known(features, timestamp)) : Optional.empty();
        }

        private void requireRows(List<Field> keys) {
            if (role == Role.ROWS || selected.open() || !QueryTranslator.areGroups(selected.relation())) {
                return;
            }
            if (JoinTranslator.groupKeys(selected.relation())
                    .filter(keys::containsAll)
                    .isEmpty()) {
                report(
                        "sql: several rows of one entity and time (expected: GROUP BY the columns of entity and timestamp, and no others)");
            }
        }

        private void requireFeature(Field field) {
            if (field.type() == ValueType.TIMESTAMP) {
                reporter.report(
                        item(field),
                        field.name()
                                + ": a timestamp as a feature (expected: a number, text or a condition). Use EXTRACT or TIMESTAMPDIFF, or name it as the view's timestamp.");
            }
        }

        private CheckedView checked(LabelTime.Carried carried, List<Field> features, Optional<Field> timestamp) {
            return new CheckedView(
                    carried.root(),
                    selected.items(),
                    features,
                    timestamp,
                    selected.label().map(label -> new FeaturePlan.Label(label, carried.time())),
                    reporter);
        }

        /** Refuses what is seen before it is known; gives the view with what tells when the label is. */
        private CheckedView known(List<Field> features, Optional<Field> timestamp) {
            Relation root = selected.relation();
            Optional<Duration> labelDelay = query.label().flatMap(LabelExpression::knownAfter);
            LabelTime.Carried atOnce = new LabelTime.Carried(root, LabelTime.AT_ONCE);
            if (labelDelay.isEmpty()
                    && shapes.stream()
                            .allMatch(shape ->
                                    shape.known().isEmpty() && shape.time().isEmpty())) {
                return checked(atOnce, features, timestamp);
            }
            KnownTracer tracer = new KnownTracer(shapes, root, timestamp, query.zone());
            KnownTracer.Known known = tracer.trace(root);
            KnownCheck check = new KnownCheck(tracer.moments(), timestamp, places, reporter);
            features.forEach(feature -> check.feature(feature, item(feature), known));
            Set<Later> label =
                    new LinkedHashSet<>(selected.label().map(known::of).orElse(Set.of()));
            labelDelay.ifPresent(delay -> label.add(check.label(delay)));
            check.rows(known, label, item(outputs.getFirst()));
            Optional<LabelTime.Carried> carried =
                    LabelTime.of(root, label, tracer.moments(), timestamp, LabelTime.reaches(root, shapes, timestamp));
            if (carried.isEmpty()) {
                reporter.problems()
                        .add(Problem.at(
                                query.label().map(LabelExpression::start).orElse(query.sqlStart()),
                                check.labelWithoutTime(label)));
            }
            return checked(carried.orElse(atOnce), features, timestamp);
        }

        private SqlNode item(Field field) {
            return Optional.ofNullable(selected.items().get(field)).orElseThrow();
        }

        private boolean isKey(Field field) {
            return Stream.of(query.entity().stream(), query.timestamp().stream(), query.keys().stream())
                    .flatMap(names -> names)
                    .anyMatch(field.name()::equalsIgnoreCase);
        }

        private Optional<Field> column(String role, String name) {
            Optional<Field> found = outputs.stream()
                    .filter(field -> field.name().equalsIgnoreCase(name))
                    .findFirst();
            if (found.isEmpty() && !selected.open()) {
                report(role + ": " + name + " (expected: a column of the view)."
                        + Words.suggestion(name, QueryTranslator.names(outputs)));
            }
            return found;
        }
    }
}
