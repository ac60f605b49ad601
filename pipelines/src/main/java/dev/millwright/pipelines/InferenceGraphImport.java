package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import dev.millwright.monitoring.ReferenceProfile;
import dev.millwright.pipelines.ModelImport.Fitting;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.serving.LoadedModel;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.ParitySet;
import dev.millwright.serving.TensorModel;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes versions of inference graphs: looks at their members, tries them on rows, and keeps what they said. Thread-safe. */
final class InferenceGraphImport {
    private static final List<String> ENDINGS = List.of(".yaml", ".yml");

    private final Registry registry;
    private final Deployments deployments;

    InferenceGraphImport(Registry registry, Deployments deployments) {
        this.registry = registry;
        this.deployments = deployments;
    }

    /** Whether a file is one, going by its name. */
    static boolean takes(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    /**
     * What serving a document needs.
     *
     * @throws InvalidInputException with every mistake in it, or why the graph fails on rows
     */
    Fitting fit(Path file, byte[] content, ModelImport.Serving serving) {
        if (serving == ModelImport.Serving.TENSORS) {
            throw new InvalidInputException(
                    "--tensors: of an inference graph (expected: of an ONNX file). A graph takes"
                            + " what its models take.");
        }
        StoredVersions stored = deployments.stored();
        GraphMembers members = new GraphMembers(registry, stored, deployments::prepare);
        try {
            InferenceGraph graph = InferenceGraphReader.read(
                    String.valueOf(file.getFileName()), text(file, content), members, stored.background());
            Artifact document = registry.artifacts().put(graph.text().getBytes(StandardCharsets.UTF_8));
            LoadedModel opened = graph.open(List.of());
            return switch (opened) {
                case ModelRuntime runtime -> rows(runtime, graph, document, members.versions());
                case TensorModel tensors -> tensors(document, members.versions());
            };
        } finally {
            members.close();
        }
    }

    private static String text(Path file, byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException other) {
            throw new InvalidInputException(
                    file.getFileName() + ": not UTF-8 (expected: a YAML document). Save it as UTF-8.");
        }
    }

    private static Fitting tensors(Artifact document, List<ModelVersion> members) {
        return new Fitting(
                new GraphFitting.Fitted(
                        Optional.empty(),
                        Map.of(ModelVersion.INFERENCE_GRAPH, document),
                        Map.of(ModelTags.TENSORS, "a sequence of models, one of which takes tensors")),
                members);
    }

    private Fitting rows(ModelRuntime runtime, InferenceGraph graph, Artifact document, List<ModelVersion> members) {
        TrialRows trial = TrialRows.of(runtime.signature().inputs(), members, registry.artifacts());
        Predictions expected = runtime.predict(trial.rows());
        Map<String, Artifact> artifacts = new TreeMap<>();
        artifacts.put(ModelVersion.INFERENCE_GRAPH, document);
        artifacts.put(
                GraphFitting.PARITY,
                registry.artifacts().put(parity(trial, expected).toJson()));
        if (graph.monitor().isPresent()) {
            ReferenceProfile reference = GraphReference.of(trial, expected, members, registry.artifacts());
            artifacts.put(GraphReference.PROFILE, registry.artifacts().put(reference.toJson()));
        }
        return new Fitting(
                new GraphFitting.Fitted(
                        Optional.of(runtime.signature()), artifacts, Map.of(ModelTags.PARITY_ROWS, trial.origin())),
                members);
    }

    private static ParitySet parity(TrialRows trial, Predictions expected) {
        try {
            return new ParitySet(trial.rows(), expected);
        } catch (IllegalArgumentException infinite) {
            throw new InvalidInputException("the file: the graph gives infinity for " + trial.origin()
                    + " (expected: numbers). " + infinite.getMessage());
        }
    }
}
