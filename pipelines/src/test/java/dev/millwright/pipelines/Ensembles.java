package dev.millwright.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.core.TensorColumns;
import dev.millwright.registry.ArtifactRoot;
import dev.millwright.registry.Registry;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry with the models that {@code make_ensembles.py} made, and what scikit-learn says about some rows. */
final class Ensembles implements AutoCloseable {
    private static final JsonNode EXPECTED = expected();

    final Registry registry;
    final Router router;
    final Deployments deployments;
    final ModelImport models;
    private final Path folder;
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();

    Ensembles(Path folder) {
        this(folder, RouterOptions.forCores(2, 1));
    }

    Ensembles(Path folder, RouterOptions options) {
        InstantSource clock = () -> Instant.parse("2026-03-01T00:00:00Z");
        this.folder = folder;
        this.registry = Registry.inMemory(ArtifactRoot.SERVER, clock);
        this.router = new Router(options, PredictionSink.NONE, clock, System::nanoTime, background);
        this.deployments = new Deployments(registry, router, Workbench.noServers(), clock);
        this.models = new ModelImport(registry, deployments);
    }

    /** Registers files of the script, each as the first version of a model of its name. */
    Ensembles with(String... names) {
        for (String name : names) {
            write(name + ".onnx", bytes(name + ".onnx"));
            models.add(folder.resolve(name + ".onnx"), name, ModelImport.Serving.ROWS_IF_POSSIBLE, "");
        }
        return this;
    }

    /** Registers a graph, and deploys it on an endpoint of the same name. */
    ModelImport.Imported graph(String name, String document) {
        ModelImport.Imported imported = register(name, document);
        deployments.deployByHand(name, name, imported.version());
        return imported;
    }

    ModelImport.Imported register(String name, String document) {
        write(name + ".yaml", document.getBytes(StandardCharsets.UTF_8));
        return models.add(folder.resolve(name + ".yaml"), name, ModelImport.Serving.ROWS_IF_POSSIBLE, "");
    }

    private void write(String name, byte[] content) {
        try {
            Files.write(folder.resolve(name), content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Predictions ask(String endpoint, Frame rows) {
        return router.infer(new InferenceCall(endpoint, Optional.empty(), Optional.empty(), rows))
                .predictions();
    }

    /** The rows of one of the script's problems, {@code two}, {@code three} or {@code numbers}. */
    static Frame rows(String problem) {
        JsonNode rows = EXPECTED.path(problem).path("rows");
        List<FeatureColumn> columns = new ArrayList<>();
        List<String> names = TensorColumns.names("X", rows.get(0).size());
        for (int c = 0; c < names.size(); c++) {
            float[] values = new float[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = (float) rows.get(row).get(c).asDouble();
            }
            columns.add(new FeatureColumn.Numeric(names.get(c), values));
        }
        return new Frame(rows.size(), columns);
    }

    /** What an ensemble of scikit-learn says about these rows. */
    static JsonNode expected(String problem, String ensemble) {
        return EXPECTED.path(problem).path(ensemble);
    }

    private static JsonNode expected() {
        try {
            return new ObjectMapper().readTree(bytes("expected.json"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static byte[] bytes(String name) {
        try (InputStream stream =
                Objects.requireNonNull(Ensembles.class.getResourceAsStream("ensembles/" + name), name)) {
            return stream.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        router.close();
        background.close();
        registry.close();
    }
}
