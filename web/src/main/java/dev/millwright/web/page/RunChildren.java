package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * Rows of runs within another, for a list that is shown already.
 *
 * @param query what the list shows
 * @param under the run that they are shown under
 * @param more the address of the rows that follow, when there are some
 */
public record RunChildren(RunQuery query, String under, List<RunLine> runs, Optional<String> more) {
    public RunChildren {
        runs = List.copyOf(runs);
    }
}
