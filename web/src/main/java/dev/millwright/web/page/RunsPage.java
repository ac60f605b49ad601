package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * The list of runs.
 *
 * @param columns the heads of the chosen columns
 * @param mistake why nothing was searched
 * @param older the address of the next page, when there is one
 */
public record RunsPage(
        PageHead head,
        RunQuery query,
        Choices choices,
        List<RunLine> runs,
        List<Heading> columns,
        Optional<Mistake> mistake,
        Optional<String> older) {
    public RunsPage {
        runs = List.copyOf(runs);
        columns = List.copyOf(columns);
    }

    /** What can be chosen. */
    public record Choices(
            List<ExperimentChoice> experiments,
            List<String> pipelines,
            List<String> statuses,
            List<String> kinds,
            List<RunColumn> columns) {
        public Choices {
            experiments = List.copyOf(experiments);
            pipelines = List.copyOf(pipelines);
            statuses = List.copyOf(statuses);
            kinds = List.copyOf(kinds);
            columns = List.copyOf(columns);
        }
    }

    /** An experiment whose runs can be looked at alone. */
    public record ExperimentChoice(String id, String name) {}

    /** The head of a column that the list can be sorted by. */
    public record Heading(String label, String detail, RunOrder order, RunLine.Alignment alignment) {}

    /**
     * What is wrong with a filter or an order.
     *
     * @param column where in the filter, from 1, when it is known
     */
    public record Mistake(String message, Optional<Integer> column) {
        /** A line that points at the place when it stands below the filter. */
        public Optional<String> pointer() {
            return column.map(at -> " ".repeat(at - 1) + "^");
        }
    }

    public Heading byName() {
        return heading("Run", "attributes.run_name", RunOrder.Direction.ASCENDING, RunLine.Alignment.TEXT);
    }

    public Heading byState() {
        return heading("State", "attributes.status", RunOrder.Direction.ASCENDING, RunLine.Alignment.TEXT);
    }

    public Heading byStart() {
        return new Heading("Started", "", RunOrder.NEWEST_FIRST, RunLine.Alignment.NUMBER);
    }

    private static Heading heading(
            String label, String name, RunOrder.Direction direction, RunLine.Alignment alignment) {
        return new Heading(label, "", new RunOrder(name, direction), alignment);
    }
}
