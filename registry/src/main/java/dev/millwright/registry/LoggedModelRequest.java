package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import java.util.List;
import java.util.Optional;

/**
 * Which logged models to look for.
 *
 * @param filter as in {@link SearchRequest}; a condition on a metric holds when any value that was logged fulfils it
 * @param datasets if there are any, metrics in the filter are those measured on one of them; a filter without metrics finds
 *     models that were measured on one of them at all
 * @param size how many on a page
 * @param pageToken {@link Page#next} of the page before
 */
public record LoggedModelRequest(
        List<String> experimentIds,
        String filter,
        List<DatasetChoice> datasets,
        List<Order> orderBy,
        int size,
        Optional<String> pageToken) {

    /**
     * One order.
     *
     * @param by such as {@code metrics.auc DESC}: a metric counts with its latest value
     * @param on of a metric, what it was measured on
     */
    public record Order(String by, DatasetChoice on) {
        public static Order by(String order) {
            return new Order(order, DatasetChoice.ANY);
        }
    }

    public LoggedModelRequest {
        experimentIds = List.copyOf(experimentIds);
        datasets = List.copyOf(datasets);
        orderBy = List.copyOf(orderBy);
        for (DatasetChoice dataset : datasets) {
            if (dataset.name().isEmpty()) {
                throw new InvalidInputException("datasets: one without dataset_name (expected: a name, and a digest if"
                        + " it matters). Name each of them.");
            }
        }
    }

    public static LoggedModelRequest of(List<String> experimentIds, String filter, int size) {
        return new LoggedModelRequest(experimentIds, filter, List.of(), List.of(), size, Optional.empty());
    }

    public LoggedModelRequest measuredOn(DatasetChoice... some) {
        return new LoggedModelRequest(experimentIds, filter, List.of(some), orderBy, size, pageToken);
    }

    public LoggedModelRequest orderedBy(Order... order) {
        return new LoggedModelRequest(experimentIds, filter, datasets, List.of(order), size, pageToken);
    }

    public LoggedModelRequest after(Optional<String> token) {
        return new LoggedModelRequest(experimentIds, filter, datasets, orderBy, size, token);
    }

    /** Filter and page. */
    SearchRequest page() {
        return new SearchRequest(filter, SearchRequest.View.ACTIVE_ONLY, List.of(), size, pageToken);
    }
}
