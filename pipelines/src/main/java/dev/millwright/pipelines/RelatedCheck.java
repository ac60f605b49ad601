package dev.millwright.pipelines;

import dev.millwright.core.Problem;
import dev.millwright.pipelines.PipelineFile.Related;
import dev.millwright.pipelines.PipelineFile.WrittenExpectation;
import dev.millwright.pipelines.RelatedFeatures.Basis;
import dev.millwright.pipelines.RelatedFeatures.Relation;
import dev.millwright.plan.ColumnLineage;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.TableShape;
import dev.millwright.plan.ViewText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what the tables of a pipeline file are to each other, and so what features there could be. */
final class RelatedCheck {
    private static final Pattern REFERENCE =
            Pattern.compile("\\s*(\\w+)\\s+in\\s+(\\w+)\\s*\\.\\s*(\\w+)\\s*", Pattern.CASE_INSENSITIVE);

    private final PipelineFile file;
    private final Related how;
    private final FeaturePlan plan;
    private final List<TableShape> shapes;
    private final List<Problem> problems;

    RelatedCheck(PipelineFile file, Related how, FeaturePlan plan, List<TableShape> shapes, List<Problem> problems) {
        this.file = file;
        this.how = how;
        this.plan = plan;
        this.shapes = shapes;
        this.problems = problems;
    }

    /** What there could be; empty after a problem was reported. */
    Optional<RelatedFeatures> find() {
        Optional<ViewText> view = ViewText.of(file.features().sql().text());
        if (view.flatMap(ViewText::table)
                        .filter(plan.baseTable()::equalsIgnoreCase)
                        .isEmpty()
                || view.filter(ViewText::isClosed).isPresent()) {
            return report(
                    "the view's SELECT is grouped, has '*', or isn't from a table of data: (expected: SELECT with each"
                            + " column named, FROM a table). Name the columns, or compute what is needed in a joined CTE.");
        }
        Optional<String> timestamp =
                file.features().timestamp().flatMap(name -> view.orElseThrow().column(name.text()));
        if (timestamp.isEmpty()) {
            return report(
                    "the view's timestamp is " + (file.features().timestamp().isEmpty() ? "missing" : "computed")
                            + " (expected: 'timestamp: COLUMN', a column of " + plan.baseTable()
                            + "). Rows of other tables are looked up as they were then.");
        }
        Map<String, TableShape> tables = new TreeMap<>();
        shapes.forEach(shape -> tables.put(shape.dataset().toLowerCase(Locale.ROOT), shape));
        RelatedFeatures found = RelatedFeatures.of(
                view.orElseThrow(),
                new Basis(
                        tables.getOrDefault(plan.baseTable().toLowerCase(Locale.ROOT), shapes.getFirst()),
                        timestamp.get(),
                        entity(view.orElseThrow()),
                        label(),
                        taken()),
                how,
                relations(),
                tables);
        return found.names().isEmpty()
                ? report("nothing is related to " + plan.baseTable()
                        + " (expected: under 'expect' of a source, a reference such as"
                        + " 'customer in customers.id', and 'time' of the sources whose rows are summed up).")
                : Optional.of(found);
    }

    private Optional<RelatedFeatures> report(String problem) {
        problems.add(Problem.at(how.position(), "features.related: " + problem));
        return Optional.empty();
    }

    /** The column of the view's own table that its entity is. */
    private Optional<String> entity(ViewText view) {
        return file.features()
                .entity()
                .flatMap(name -> view.column(name.text()))
                .map(column -> column.substring(column.lastIndexOf('.') + 1).replace("\"", ""))
                .filter(column -> shapes.stream()
                        .anyMatch(shape -> shape.dataset().equalsIgnoreCase(plan.baseTable())
                                && shape.schema().find(column).isPresent()));
    }

    private Set<String> label() {
        List<ColumnLineage> lineage = plan.lineage();
        return lineage.getLast().origins().stream()
                .map(origin -> (origin.dataset() + "." + origin.column()).toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /** Columns of all tables, which the view may name without saying of which table, and its outputs. */
    private Set<String> taken() {
        return Stream.concat(
                        shapes.stream().flatMap(shape -> shape.schema().names().stream()),
                        plan.output().names().stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private List<Relation> relations() {
        List<Relation> relations = new ArrayList<>();
        file.data()
                .forEach((table, source) -> source.expectations().stream()
                        .map(WrittenExpectation::check)
                        .map(check -> REFERENCE.matcher(check.text()))
                        .filter(Matcher::matches)
                        .forEach(reference -> relations.add(
                                new Relation(table, reference.group(1), reference.group(2), reference.group(3)))));
        return relations;
    }
}
