package dev.millwright.registry;

import java.util.Map;
import java.util.Optional;

/** A logged model to create; its files come later. */
public record NewLoggedModel(
        String experimentId,
        String name,
        String modelType,
        Optional<String> sourceRunId,
        Map<String, String> params,
        Map<String, String> tags) {
    public NewLoggedModel {
        Names.model(name);
        params = Map.copyOf(params);
        tags = Map.copyOf(tags);
    }
}
