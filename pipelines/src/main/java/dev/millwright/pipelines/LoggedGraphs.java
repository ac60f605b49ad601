package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.ClientFile;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.LoggedModelRequest;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunArtifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Finds the ONNX graph that a program left for its run. */
final class LoggedGraphs {
    private static final String DESCRIPTION = "MLmodel";
    private static final int MODELS = 100;
    /** What one array of bytes holds. */
    private static final long LARGEST = Integer.MAX_VALUE - 8L;

    private final Registry registry;

    LoggedGraphs(Registry registry) {
        this.registry = registry;
    }

    /**
     * A graph and what lies beside it.
     *
     * @param place for a person
     * @param files by their path from the folder of the graph
     */
    record LoggedGraph(String place, Content graph, Map<String, Content> files) {}

    /** A file that was left, wherever it is kept. */
    @FunctionalInterface
    interface Content {
        byte[] read();
    }

    /**
     * The graph of the run: {@code model.onnx} from the output folder; else of the models that were logged with the onnx flavour
     * the latest; else an artifact {@code model.onnx}.
     *
     * @throws MillwrightException {@link PipelineError#COMMAND_FAILED} that says what there is instead
     */
    LoggedGraph require(Run run) {
        Map<String, Content> files = files(run);
        List<LoggedModel> models = registry.loggedModels()
                .search(LoggedModelRequest.of(
                        List.of(run.experimentId()), "source_run_id = '" + run.id() + "'", MODELS))
                .items();
        return output(run)
                .or(() -> models.stream().flatMap(model -> of(model).stream()).findFirst())
                .or(() -> described(files))
                .or(() -> named(files))
                .orElseThrow(() -> nothing(files, models));
    }

    /** A file that the program left for its run under this name. */
    Optional<Content> findFile(Run run, String name) {
        return Optional.ofNullable(files(run).get(name));
    }

    /** All files of the run by path, those of the output folder and those that were sent. */
    private Map<String, Content> files(Run run) {
        Map<String, Content> files = new TreeMap<>(sent(run.artifactUri()));
        files.putAll(output(run.id()));
        return files;
    }

    private Map<String, Content> output(String run) {
        Map<String, Content> files = new TreeMap<>();
        for (RunArtifact file : registry.runs().artifacts(run)) {
            files.put(file.path(), () -> registry.artifacts().read(file.artifact()));
        }
        return files;
    }

    /** What the program sent to the server, or wrote by itself where the server reads. */
    private Map<String, Content> sent(String uri) {
        Map<String, Content> files = new TreeMap<>();
        if (registry.clientFiles().keeps(uri)) {
            registry.clientFiles().under(uri).forEach((path, file) -> files.put(path, () -> bytes(path, file)));
        }
        return files;
    }

    private static byte[] bytes(String path, ClientFile file) {
        if (file.size() > LARGEST) {
            throw new InvalidInputException("model: " + path + " has " + file.size() + " bytes (expected: at most "
                    + LARGEST + "). Serve a smaller model, or quantise this one.");
        }
        try {
            return Files.readAllBytes(file.file());
        } catch (IOException failed) {
            throw new UncheckedIOException(path + ": the file could not be read", failed);
        }
    }

    private Optional<LoggedGraph> output(Run run) {
        Map<String, Content> files = output(run.id());
        return Optional.ofNullable(files.get(ModelVersion.GRAPH))
                .map(graph -> new LoggedGraph("model.onnx of the output folder", graph, files));
    }

    private Optional<LoggedGraph> of(LoggedModel model) {
        return inFolder("the logged model '" + model.name() + "'", sent(model.artifactUri()), "");
    }

    /** Of the model folders among the files, the last by name. */
    private static Optional<LoggedGraph> described(Map<String, Content> files) {
        List<LoggedGraph> found = new ArrayList<>();
        files.forEach((path, file) -> {
            if (path.equals(DESCRIPTION) || path.endsWith("/" + DESCRIPTION)) {
                String folder = path.substring(0, path.length() - DESCRIPTION.length());
                inFolder("the artifact " + path, files, folder).ifPresent(found::add);
            }
        });
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast());
    }

    private static Optional<LoggedGraph> inFolder(String place, Map<String, Content> all, String folder) {
        Map<String, Content> files = new TreeMap<>();
        all.forEach((path, file) -> {
            if (path.startsWith(folder)) {
                files.put(path.substring(folder.length()), file);
            }
        });
        return Optional.ofNullable(files.get(DESCRIPTION))
                .flatMap(LoggedGraphs::graphName)
                .flatMap(name -> Optional.ofNullable(files.get(name)))
                .map(graph -> new LoggedGraph(place, graph, files));
    }

    /** The file that the description names as the data of its onnx flavour. */
    private static Optional<String> graphName(Content description) {
        String text = new String(description.read(), StandardCharsets.UTF_8);
        try {
            Object root = new Load(LoadSettings.builder().build()).loadFromString(text);
            return root instanceof Map<?, ?> model
                            && model.get("flavors") instanceof Map<?, ?> flavours
                            && flavours.get("onnx") instanceof Map<?, ?> onnx
                            && onnx.get("data") instanceof String data
                    ? Optional.of(data)
                    : Optional.empty();
        } catch (YamlEngineException damaged) {
            return Optional.empty(); // no model of any flavour
        }
    }

    private static Optional<LoggedGraph> named(Map<String, Content> files) {
        return files.keySet().stream()
                .filter(path -> path.equals(ModelVersion.GRAPH) || path.endsWith("/" + ModelVersion.GRAPH))
                .findFirst()
                .map(path -> new LoggedGraph(
                        "the artifact " + path,
                        Optional.ofNullable(files.get(path)).orElseThrow(),
                        files));
    }

    private static MillwrightException nothing(Map<String, Content> files, List<LoggedModel> models) {
        List<String> there = new ArrayList<>();
        models.forEach(model -> there.add("model '" + model.name() + "'"));
        files.keySet().forEach(there::add);
        return new MillwrightException(
                PipelineError.COMMAND_FAILED,
                "train.run: the command left no ONNX model (expected: one logged by mlflow.onnx.log_model(graph,"
                        + " name=\"model\"), or the file model.onnx in the folder $MILLWRIGHT_OUTPUT). It left "
                        + (there.isEmpty() ? "nothing" : String.join(", ", there))
                        + ". docs/any-language.md shows how to export one.");
    }
}
