package dev.millwright.pipelines;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.Problem;
import dev.millwright.core.TensorColumns;
import dev.millwright.learn.GraphFacts;
import dev.millwright.learn.ImportedModel;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.Artifacts;
import dev.millwright.registry.ModelVersion;
import dev.millwright.serving.OnnxTensorModel;
import dev.millwright.serving.ParitySet;
import dev.millwright.serving.PlainGraph;
import dev.millwright.serving.RuntimeOptions;
import dev.millwright.serving.ServingError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes an ONNX graph of others servable. One that takes rows of columns and gives classes or a number is joined to inputs and
 * outputs of ours, so that its columns can be watched; any other one is served with the inputs and outputs that it names.
 */
final class GraphFitting {
    /** The artifact that holds rows and what the graph says about them. */
    static final String PARITY = "parity.json";

    /** A row of more values is a picture or a sound, whose single values nobody watches. */
    private static final int MOST_COLUMNS = 512;

    private final Artifacts artifacts;

    GraphFitting(Artifacts artifacts) {
        this.artifacts = artifacts;
    }

    /**
     * What serving needs.
     *
     * @param signature empty when the graph takes tensors
     * @param artifacts stored already
     */
    record Fitted(Optional<ModelSignature> signature, Map<String, Artifact> artifacts, Map<String, String> tags) {}

    /** A graph that takes no rows, and why. */
    private static final class NoRowsException extends Exception {
        private static final long serialVersionUID = 1;

        NoRowsException(String why) {
            super(why);
        }
    }

    /**
     * Rows where the graph takes them, else tensors.
     *
     * @param files the bytes of a file beside the graph, by name
     * @param examples rows that the graph is known to take, for the columns that it has
     * @throws InvalidInputException when the graph can't be served at all, saying why
     */
    Fitted fit(
            byte[] graph, Function<String, Optional<byte[]>> files, Function<List<Input>, Optional<Frame>> examples) {
        byte[] whole = GraphFacts.selfContained(graph, files);
        try {
            return rows(whole, examples);
        } catch (NoRowsException none) {
            return tensors(whole, "no rows: " + none.getMessage());
        }
    }

    /**
     * Tensors, whatever the graph takes.
     *
     * @throws InvalidInputException when the graph can't be served, saying why
     */
    Fitted fitTensors(byte[] graph, Function<String, Optional<byte[]>> files) {
        return tensors(GraphFacts.selfContained(graph, files), "as was asked for");
    }

    private Fitted tensors(byte[] graph, String why) {
        try (OnnxTensorModel _ = OnnxTensorModel.open(graph, RuntimeOptions.FOREIGN)) {
            return new Fitted(
                    Optional.empty(), Map.of(ModelVersion.GRAPH, artifacts.put(graph)), Map.of(ModelTags.TENSORS, why));
        } catch (MillwrightException unfit) {
            if (unfit.code() != ServingError.MODEL_UNFIT) {
                throw unfit;
            }
            throw new InvalidInputException(String.valueOf(unfit.getMessage()));
        }
    }

    private Fitted rows(byte[] whole, Function<List<Input>, Optional<Frame>> examples) throws NoRowsException {
        try {
            GraphFacts facts = GraphFacts.of(whole, name -> Optional.empty());
            List<Input> columns = columns(facts);
            Optional<Frame> logged = examples.apply(columns);
            Frame madeUp = ExampleRows.madeUp(columns, whole(facts, columns));
            try (PlainGraph graph = PlainGraph.open(facts.onnx())) {
                Frame rows = logged.orElse(madeUp);
                GraphReading reading = GraphReading.of(graph.run(rows), facts.classes());
                return rows(facts, columns, reading, rows, origin(logged, madeUp));
            }
        } catch (InvalidInputException other) {
            throw new NoRowsException(other.problems().stream()
                    .map(Problem::message)
                    .collect(Collectors.joining(System.lineSeparator())));
        } catch (MillwrightException unfit) {
            if (unfit.code() != ServingError.MODEL_UNFIT) {
                throw unfit;
            }
            throw new NoRowsException(String.valueOf(unfit.getMessage()));
        }
    }

    private Fitted rows(GraphFacts facts, List<Input> columns, GraphReading reading, Frame rows, String origin) {
        ImportedModel model = ImportedModel.of(
                facts.onnx(),
                name -> Optional.empty(),
                new ImportedModel.Use(columns, reading.task(), reading.classes()));
        ParitySet parity = new ParitySet(rows, reading.expected());
        return new Fitted(
                Optional.of(model.signature()),
                Map.of(ModelVersion.GRAPH, artifacts.put(model.onnx()), PARITY, artifacts.put(parity.toJson())),
                Map.of(ModelTags.PARITY_ROWS, origin));
    }

    private static String origin(Optional<Frame> logged, Frame madeUp) {
        return logged.isPresent()
                ? Text.count(logged.get().rows(), "row") + " of the input example that was logged"
                : Text.count(madeUp.rows(), "row")
                        + " made up within the types, since no usable input example was logged";
    }

    /** A column for each input; for one wide input its columns. */
    private static List<Input> columns(GraphFacts facts) {
        List<Input> columns = new ArrayList<>();
        for (GraphFacts.Input input : facts.inputs()) {
            if (input.width() < 0) {
                throw new InvalidInputException("model: input " + input.name()
                        + ": how many columns it has is open (expected: a fixed number, [N, k]). Export it with"
                        + " initial_types that say how many, FloatTensorType([None, k]) for skl2onnx.");
            }
            if (input.width() > MOST_COLUMNS) {
                throw new InvalidInputException("model: input " + input.name() + ": " + input.width()
                        + " values a row (expected: at most " + MOST_COLUMNS + " columns).");
            }
            if (input.width() == 1) {
                columns.add(new Input(input.name(), input.type()));
            } else {
                TensorColumns.names(input.name(), input.width())
                        .forEach(name -> columns.add(new Input(name, input.type())));
            }
        }
        if (columns.isEmpty()) {
            throw new InvalidInputException("model: its graph takes no input (expected: at least one column).");
        }
        return columns;
    }

    private static List<Boolean> whole(GraphFacts facts, List<Input> columns) {
        List<Boolean> whole = new ArrayList<>();
        facts.inputs().forEach(input -> whole.addAll(Collections.nCopies(input.width(), input.whole())));
        return whole.subList(0, columns.size());
    }
}
