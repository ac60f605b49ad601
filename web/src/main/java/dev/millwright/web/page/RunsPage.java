package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * The list of runs.
 *
 * @param pipeline only runs of this pipeline, when given
 * @param status only runs in this state, when given
 * @param kind only runs of this kind, {@code all}, or those that are part of no other
 * @param pipelines and {@code statuses}: those to choose from
 * @param older the address of the next page, when there is one
 */
public record RunsPage(
        PageHead head,
        List<RunRow> runs,
        Optional<String> pipeline,
        Optional<String> status,
        String kind,
        List<String> pipelines,
        List<String> statuses,
        List<String> kinds,
        Optional<String> older) {
    /** The choice of kind that leaves out runs within others. */
    public static final String OUTERMOST = "outermost";

    public RunsPage {
        runs = List.copyOf(runs);
        pipelines = List.copyOf(pipelines);
        statuses = List.copyOf(statuses);
        kinds = List.copyOf(kinds);
    }

    /** Whether the list is empty only because of what was asked for. */
    public boolean isFiltered() {
        return pipeline.isPresent() || status.isPresent() || !kind.equals(OUTERMOST);
    }
}
