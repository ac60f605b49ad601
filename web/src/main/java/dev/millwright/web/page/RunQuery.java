package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * What a list of runs shows. All of it is in the address.
 *
 * @param experiment only runs of the experiment with this id, when given
 * @param pipeline only runs of this pipeline, when given
 * @param status only runs in this state, when given
 * @param kind only runs of this kind, {@code all}, or those that are part of no other
 * @param filter in the grammar of MLflow's clients; may be empty
 * @param columns those that are shown beside the usual ones
 * @param after where the page before ended
 */
public record RunQuery(
        Optional<String> experiment,
        Optional<String> pipeline,
        Optional<String> status,
        String kind,
        String filter,
        Optional<RunOrder> order,
        List<RunColumn> columns,
        Optional<String> after) {
    /** The choice of kind that leaves out runs within others. */
    public static final String OUTERMOST = "outermost";

    /** The choice of kind that leaves out none. */
    public static final String ANY = "all";

    public static final RunQuery ALL = new RunQuery(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OUTERMOST,
            "",
            Optional.empty(),
            List.of(),
            Optional.empty());

    public RunQuery {
        filter = filter.strip();
        columns = List.copyOf(columns);
    }

    /** Whether the list may be empty only because of what was asked for. */
    public boolean isFiltered() {
        return experiment.isPresent()
                || pipeline.isPresent()
                || status.isPresent()
                || !kind.equals(OUTERMOST)
                || !filter.isEmpty()
                || after.isPresent();
    }

    /** Whether a filter or an order has to be read to answer. */
    public boolean isSearch() {
        return !filter.isEmpty() || order.isPresent();
    }

    /** Whether runs within others are folded under them. */
    public boolean folds() {
        return kind.equals(OUTERMOST);
    }

    public RunQuery kind(String wanted) {
        return new RunQuery(experiment, pipeline, status, wanted, filter, order, columns, Optional.empty());
    }

    public RunQuery order(RunOrder wanted) {
        return new RunQuery(experiment, pipeline, status, kind, filter, Optional.of(wanted), columns, Optional.empty());
    }

    public RunQuery columns(List<RunColumn> wanted) {
        return new RunQuery(experiment, pipeline, status, kind, filter, order, wanted, after);
    }

    public RunQuery after(Optional<String> token) {
        return new RunQuery(experiment, pipeline, status, kind, filter, order, columns, token);
    }

    /** The order that a click on the head of a column asks for: the other way round when it is the order already. */
    public RunQuery sortedBy(RunOrder first) {
        return order(direction(first.name()).isPresent() ? order.orElse(first).reversed() : first);
    }

    /** How the list is sorted by this name, if it is. */
    public Optional<RunOrder.Direction> direction(String name) {
        return Optional.of(order.orElse(RunOrder.NEWEST_FIRST))
                .filter(sorted -> sorted.name().equals(name))
                .map(RunOrder::direction);
    }

    /** The address of the list. */
    public String href() {
        StringJoiner parts = new StringJoiner("&", "?", "").setEmptyValue("");
        add(parts, "experiment", experiment);
        add(parts, "pipeline", pipeline);
        add(parts, "status", status);
        add(parts, "kind", Optional.of(kind).filter(chosen -> !chosen.equals(OUTERMOST)));
        add(parts, "filter", Optional.of(filter).filter(text -> !text.isEmpty()));
        addShape(parts);
        add(parts, "after", after);
        return "/runs" + parts;
    }

    /** The address of the rows of the runs within one, {@code level} deep, shown as this list shows its runs. */
    public String children(String run, int level, Optional<String> from) {
        StringJoiner parts = new StringJoiner("&", "?", "");
        parts.add("level=" + level);
        addShape(parts);
        add(parts, "after", from);
        return Paths.run(run) + "/children" + parts;
    }

    private void addShape(StringJoiner parts) {
        add(parts, "order", order.map(RunOrder::text));
        if (!columns.isEmpty()) {
            parts.add("cols="
                    + columns.stream().map(RunColumn::name).map(Paths::part).collect(Collectors.joining(",")));
        }
    }

    private static void add(StringJoiner parts, String name, Optional<String> value) {
        value.ifPresent(text -> parts.add(name + "=" + Paths.part(text)));
    }
}
