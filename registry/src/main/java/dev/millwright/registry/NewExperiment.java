package dev.millwright.registry;

import java.util.Map;
import java.util.Optional;

/**
 * An experiment to create.
 *
 * @param artifactLocation the URI under which its runs shall keep their artifacts; a place of the server's own when empty
 */
public record NewExperiment(String name, Optional<String> artifactLocation, Map<String, String> tags) {
    public NewExperiment {
        Names.require("experiment", name, Names.LONGEST_EXPERIMENT);
        tags = Map.copyOf(tags);
    }

    public static NewExperiment of(String name) {
        return new NewExperiment(name, Optional.empty(), Map.of());
    }
}
