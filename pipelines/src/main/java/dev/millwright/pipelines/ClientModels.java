package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.ClientFile;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryError;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.Parity;
import dev.millwright.serving.ParityReport;
import dev.millwright.serving.ParitySet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes model versions servable that clients registered: those with the ONNX flavour. Rows with what the graph itself says about
 * them are kept beside it where it takes rows, and are replayed before it may serve.
 */
final class ClientModels {
    private static final String DESCRIPTION = "MLmodel";
    private static final long LARGEST = 1L << 30;

    private final Registry registry;
    private final GraphFitting fitting;

    ClientModels(Registry registry) {
        this.registry = registry;
        this.fitting = new GraphFitting(registry.artifacts());
    }

    /** How a replay of stored rows opens the runtime that will serve. */
    @FunctionalInterface
    interface Opening {
        ModelRuntime open(ModelVersion version);
    }

    /**
     * Makes a version servable, and proves that what will serve says what the graph says. A version that a pipeline made is
     * returned as it is: its run did that.
     *
     * @throws MillwrightException {@link RegistryError#NOT_SERVABLE} saying why it can't be; {@link PipelineError#GATE_REFUSED}
     *     when the replay differs, and the version is refused then
     */
    ModelVersion prepare(ModelVersion version, Opening opening) {
        ModelVersion fitted = version.isServable() ? version : fit(version);
        if (fitted.tags().containsKey(ModelTags.PARITY_ROWS)) {
            replay(fitted, opening);
        }
        return fitted;
    }

    private ModelVersion fit(ModelVersion version) {
        Map<String, ClientFile> files = files(version);
        ModelDescription description = Optional.ofNullable(files.get(DESCRIPTION))
                .map(file -> ModelDescription.read(bytes(file)))
                .orElseThrow(() -> notServable(version));
        ClientFile graph = description
                .graph()
                .flatMap(name -> Optional.ofNullable(files.get(name)))
                .orElseThrow(() -> notServable(version));
        try {
            GraphFitting.Fitted fitted = fitting.fit(
                    bytes(graph),
                    name -> weights(files, name),
                    columns -> description
                            .example()
                            .flatMap(name -> Optional.ofNullable(files.get(name)))
                            .flatMap(file -> ExampleRows.read(bytes(file), columns)));
            return registry.models()
                    .makeServable(
                            version.model(), version.version(), fitted.signature(), fitted.artifacts(), fitted.tags());
        } catch (InvalidInputException unfit) {
            String why =
                    unfit.problems().stream().map(Problem::message).collect(Collectors.joining(System.lineSeparator()));
            throw new MillwrightException(
                    RegistryError.NOT_SERVABLE, "model version: " + version.id() + " can't be served. " + why, unfit);
        }
    }

    private Map<String, ClientFile> files(ModelVersion version) {
        String uri = version.registration().source().startsWith("models:/")
                ? version.registration()
                        .loggedModelId()
                        .map(id -> registry.loggedModels().load(id).artifactUri())
                        .orElse("")
                : version.registration().source();
        if (!registry.clientFiles().keeps(uri)) {
            throw notServable(version);
        }
        return registry.clientFiles().under(uri);
    }

    /** Weights outside the graph: files beside it that were logged with it, by name; no path leads to them. */
    private static Optional<byte[]> weights(Map<String, ClientFile> files, String name) {
        return Optional.ofNullable(files.get(name)).map(ClientModels::bytes);
    }

    private static byte[] bytes(ClientFile file) {
        if (file.size() > LARGEST) {
            throw new InvalidInputException("model: a file of " + file.size() + " bytes (expected: at most " + LARGEST
                    + "). Serve a smaller model, or quantise this one.");
        }
        try {
            return Files.readAllBytes(file.file());
        } catch (IOException failed) {
            throw new UncheckedIOException("a file of the model could not be read", failed);
        }
    }

    private static MillwrightException notServable(ModelVersion version) {
        return new MillwrightException(
                RegistryError.NOT_SERVABLE,
                "model version: " + version.id()
                        + " has no ONNX graph (expected: a model logged with the ONNX flavour to this server, or made by"
                        + " a pipeline). Convert it, log it by mlflow.onnx.log_model, and register that.");
    }

    private void replay(ModelVersion version, Opening opening) {
        Artifact stored = Optional.ofNullable(version.artifacts().get(GraphFitting.PARITY))
                .orElseThrow();
        ParitySet rows = ParitySet.fromJson(registry.artifacts().read(stored));
        ParityReport report;
        try (ModelRuntime runtime = opening.open(version)) {
            report = Parity.replay(runtime, rows);
        }
        if (!report.passed()) {
            String reason =
                    "parity: " + report.mismatchCount() + " of the replayed values differ from the graph's own: "
                            + report.mismatches().stream().map(Object::toString).collect(Collectors.joining("; "));
            registry.models().refuse(version.model(), version.version(), reason);
            throw new MillwrightException(
                    PipelineError.GATE_REFUSED, "version " + version.version() + " is not deployed: " + reason);
        }
        registry.events()
                .record(
                        "parity.replayed",
                        version.id(),
                        Map.of(
                                "rows", Integer.toString(report.rows()),
                                "largest_difference", Double.toString(report.largestDifference()),
                                "gates", "none: no pipeline made it"));
    }
}
