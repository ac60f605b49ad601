package dev.millwright.pipelines;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What the file {@code MLmodel} of a model that a client logged says.
 *
 * @param graph the file that holds the graph of the onnx flavour
 * @param example the file that holds the rows which the client logged as an example
 */
record ModelDescription(Optional<String> graph, Optional<String> example) {

    /** Reads it; a file that is none says nothing. */
    static ModelDescription read(byte[] text) {
        try {
            Object root =
                    new Load(LoadSettings.builder().build()).loadFromString(new String(text, StandardCharsets.UTF_8));
            return new ModelDescription(
                    text(root, "flavors", "onnx", "data"), text(root, "saved_input_example_info", "artifact_path"));
        } catch (YamlEngineException damaged) {
            return new ModelDescription(Optional.empty(), Optional.empty());
        }
    }

    private static Optional<String> text(Object root, String... path) {
        Object at = root;
        for (String name : path) {
            if (!(at instanceof Map<?, ?> map)) {
                return Optional.empty();
            }
            at = map.get(name);
        }
        return at instanceof String found ? Optional.of(found) : Optional.empty();
    }
}
