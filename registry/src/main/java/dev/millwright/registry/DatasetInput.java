package dev.millwright.registry;

import java.util.Map;
import java.util.Optional;

/**
 * A data set that a client says its run read.
 *
 * @param digest tells versions of the data apart
 * @param source where it came from, as {@code sourceType} writes it
 * @param tags of the reading, such as {@code mlflow.data.context}: {@code training}
 */
public record DatasetInput(
        String name,
        String digest,
        String sourceType,
        String source,
        Optional<String> schema,
        Optional<String> profile,
        Map<String, String> tags) {
    public DatasetInput {
        tags = Map.copyOf(tags);
    }
}
