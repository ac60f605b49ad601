package dev.millwright.web;

import dev.millwright.registry.Metric;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunDetails;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.RunColumn;
import dev.millwright.web.page.RunLine;
import dev.millwright.web.page.RunLine.Alignment;
import dev.millwright.web.page.RunLine.Cell;
import dev.millwright.web.page.RunOrder;
import dev.millwright.web.page.RunQuery;
import dev.millwright.web.page.RunsPage.Heading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Runs as rows of the list that can be searched, with the columns that were chosen. */
final class RunLines {
    private static final int FIRST_COLUMNS = 2;
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    private final Site site;
    private final RunList rows;

    RunLines(Site site) {
        this.site = site;
        this.rows = new RunList(site);
    }

    /**
     * The list with columns to begin with, where none were chosen: the metrics that most of the runs logged, unless the runs say
     * by themselves which of theirs tells most.
     */
    RunQuery withColumns(RunQuery query, List<Run> runs) {
        if (!query.columns().isEmpty()) {
            return query;
        }
        Collection<RunDetails> details = site.registry()
                .runs()
                .details(runs.stream().map(Run::id).toList())
                .values();
        if (details.stream().anyMatch(run -> RunMetrics.main(run).isPresent())) {
            return query;
        }
        Map<String, Integer> counts = new TreeMap<>();
        details.forEach(run -> run.metrics().keySet().forEach(key -> counts.merge(key, 1, Integer::sum)));
        return query.columns(counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(FIRST_COLUMNS)
                .map(entry -> new RunColumn(RunColumn.Source.METRIC, entry.getKey()))
                .toList());
    }

    /** The runs of a list, each with the number of those within it if they are folded. */
    List<RunLine> of(List<Run> runs, RunQuery query) {
        return of(runs, query, 0, Optional.empty());
    }

    /** The same, {@code level} deep under a run. */
    List<RunLine> of(List<Run> runs, RunQuery query, int level, Optional<String> under) {
        List<String> ids = runs.stream().map(Run::id).toList();
        Map<String, RunDetails> details = site.registry().runs().details(ids);
        Map<String, Integer> children =
                query.folds() ? site.registry().runs().children(ids, RunLine.MOST_COUNTED + 1) : Map.of();
        List<RunLine> lines = new ArrayList<>();
        for (Run run : runs) {
            RunDetails known = details.getOrDefault(run.id(), RunList.NOTHING);
            lines.add(new RunLine(
                    rows.row(run, known),
                    query.columns().stream()
                            .map(column -> cell(column, run, known))
                            .toList(),
                    children.getOrDefault(run.id(), 0),
                    level,
                    under));
        }
        return lines;
    }

    private Cell cell(RunColumn column, Run run, RunDetails details) {
        return switch (column.source()) {
            case METRIC ->
                Optional.ofNullable(details.metrics().get(column.key()))
                        .map(Metric::value)
                        .map(value -> new Cell(number(value), Alignment.NUMBER))
                        .orElse(Cell.EMPTY);
            case PARAM -> text(Optional.ofNullable(details.params().get(column.key())));
            case TAG -> text(Optional.ofNullable(details.tags().get(column.key())));
            case ATTRIBUTE -> text(attribute(column.key(), run));
        };
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "NaN" : Figures.metric(value);
    }

    private static Cell text(Optional<String> value) {
        return value.map(text -> new Cell(text, NUMBER.matcher(text).matches() ? Alignment.NUMBER : Alignment.TEXT))
                .orElse(Cell.EMPTY);
    }

    private Optional<String> attribute(String key, Run run) {
        return switch (key) {
            case "run_id" -> Optional.of(run.id());
            case "run_name" -> Optional.of(run.name());
            case "status" -> Optional.of(RunPages.label(run.status()));
            case "user_id" -> Optional.of(run.user());
            case "artifact_uri" -> Optional.of(run.artifactUri());
            case "start_time" -> Optional.of(site.moment(run.started()).exact());
            case "end_time" -> run.ended().map(ended -> site.moment(ended).exact());
            default -> Optional.empty();
        };
    }

    /** The heads of the chosen columns; a column of numbers stands like numbers. */
    static List<Heading> headings(RunQuery query, List<RunLine> lines) {
        List<Heading> headings = new ArrayList<>();
        for (RunColumn column : query.columns()) {
            int place = headings.size();
            boolean numbers = column.isNumber()
                    || (lines.stream().anyMatch(line -> !line.cells().get(place).equals(Cell.EMPTY))
                            && lines.stream()
                                    .map(line -> line.cells().get(place))
                                    .allMatch(cell -> cell.equals(Cell.EMPTY) || cell.alignment() == Alignment.NUMBER));
            headings.add(new Heading(
                    column.key(),
                    column.source().label(),
                    new RunOrder(column.name(), numbers ? RunOrder.Direction.DESCENDING : RunOrder.Direction.ASCENDING),
                    numbers ? Alignment.NUMBER : Alignment.TEXT));
        }
        return headings;
    }
}
