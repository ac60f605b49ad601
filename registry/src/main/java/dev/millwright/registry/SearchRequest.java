package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import java.util.List;
import java.util.Optional;

/**
 * What to search for, in the grammar of MLflow's clients.
 *
 * @param filter clauses joined by AND, such as {@code metrics.auc > 0.8 AND tags.team = 'risk'}; empty for all
 * @param orderBy such as {@code metrics.auc DESC}
 * @param size how many on a page
 * @param pageToken {@link Page#next} of the page before
 */
public record SearchRequest(String filter, View view, List<String> orderBy, int size, Optional<String> pageToken) {
    /** Whether deleted things are shown. */
    public enum View {
        ACTIVE_ONLY,
        DELETED_ONLY,
        ALL
    }

    public SearchRequest {
        orderBy = List.copyOf(orderBy);
        if (size < 1) {
            throw new InvalidInputException("max_results: " + size + " (expected: at least 1)");
        }
    }

    public static SearchRequest of(String filter, int size) {
        return new SearchRequest(filter, View.ACTIVE_ONLY, List.of(), size, Optional.empty());
    }

    public SearchRequest orderedBy(String... order) {
        return new SearchRequest(filter, view, List.of(order), size, pageToken);
    }

    public SearchRequest view(View wanted) {
        return new SearchRequest(filter, wanted, orderBy, size, pageToken);
    }

    public SearchRequest after(Optional<String> token) {
        return new SearchRequest(filter, view, orderBy, size, token);
    }
}
