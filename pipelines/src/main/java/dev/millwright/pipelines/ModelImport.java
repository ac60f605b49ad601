package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.NewRegistration;
import dev.millwright.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Registers ONNX files, and inference graphs of registered models, as versions of models, servable at once. Thread-safe. */
public final class ModelImport {
    private static final long LARGEST = 1L << 30;

    private final Registry registry;
    private final GraphFitting fitting;
    private final InferenceGraphImport inferenceGraphs;

    /** @param deployments whose models inference graphs ask */
    public ModelImport(Registry registry, Deployments deployments) {
        this.registry = registry;
        this.fitting = new GraphFitting(registry.artifacts());
        this.inferenceGraphs = new InferenceGraphImport(registry, deployments);
    }

    /** How a graph is to be served. */
    public enum Serving {
        /** With feature rows where it takes them, so that its columns can be watched; else with its own tensors. */
        ROWS_IF_POSSIBLE,
        /** With the inputs and outputs that it names, whatever they are. */
        TENSORS
    }

    /**
     * What became of a file.
     *
     * @param takes {@code rows} or {@code tensors}
     * @param reason why tensors; or where the rows come from on which it will be checked
     */
    public record Imported(String model, int version, String takes, String reason) {}

    /**
     * What is made of a file.
     *
     * @param members the versions that it asks
     */
    record Fitting(GraphFitting.Fitted made, List<ModelVersion> members) {}

    /**
     * Registers a file as the next version of a model, which is made if there is none.
     *
     * @param user who does it; may be empty
     * @throws InvalidInputException saying why the file can't be served: what it lacks, or what in it leads to another file
     */
    public Imported add(Path file, String model, Serving serving, String user) {
        byte[] content = read(file);
        Fitting fitted = InferenceGraphImport.takes(file)
                ? inferenceGraphs.fit(file, content, serving)
                : new Fitting(fit(content, serving), List.of());
        if (registry.registeredModels().find(model).isEmpty()) {
            registry.registeredModels().create(model, "", Map.of());
        }
        ModelVersion version = registry.registeredModels()
                .register(new NewRegistration(
                        model,
                        NewRegistration.OWN_FILES,
                        Optional.empty(),
                        "",
                        "Imported from " + file.getFileName(),
                        user,
                        Optional.empty(),
                        fitted.made().tags(),
                        fitted.made().signature(),
                        fitted.made().artifacts(),
                        fitted.members()));
        return new Imported(
                model,
                version.version(),
                version.takesTensors() ? "tensors" : "rows",
                fitted.made().tags().values().iterator().next());
    }

    private GraphFitting.Fitted fit(byte[] graph, Serving serving) {
        return switch (serving) {
            case ROWS_IF_POSSIBLE -> fitting.fit(graph, name -> Optional.empty(), columns -> Optional.empty());
            case TENSORS -> fitting.fitTensors(graph, name -> Optional.empty());
        };
    }

    private static byte[] read(Path file) {
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                throw new InvalidInputException(file + ": " + size + " bytes (expected: at most " + LARGEST
                        + "). Serve a smaller model, or quantise this one.");
            }
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new InvalidInputException(file + ": can't be read (expected: a file that this user may read)");
        }
    }
}
