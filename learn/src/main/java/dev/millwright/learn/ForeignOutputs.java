package dev.millwright.learn;

import static dev.millwright.learn.OnnxGraph.integer;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.millwright.core.Problem;
import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Joins what a graph gives to {@code label} and {@code probabilities}, or to {@code prediction}. */
final class ForeignOutputs {
    private static final Set<String> LABELS = Set.of("label", "labels", "output_label");
    private static final Set<String> SCORES = Set.of("probabilities", "probability", "output_probability");
    private static final Set<String> VALUES = Set.of("prediction", "predictions", "variable");
    private static final Set<Integer> REAL =
            Set.of(OnnxGraph.FLOAT, OnnxGraph.DOUBLE, OnnxMl.TensorProto.DataType.FLOAT16_VALUE);
    private static final Set<Integer> NAMING = Set.of(
            OnnxGraph.STRING,
            OnnxGraph.INT64,
            OnnxMl.TensorProto.DataType.INT32_VALUE,
            OnnxMl.TensorProto.DataType.BOOL_VALUE);

    private final ForeignGraph graph;
    private final ImportedModel.Use use;
    private final List<Problem> problems;

    ForeignOutputs(ForeignGraph graph, ImportedModel.Use use, List<Problem> problems) {
        this.graph = graph;
        this.use = use;
        this.problems = problems;
    }

    /**
     * An output that can be read.
     *
     * @param name as the graph declares it
     * @param tensor what holds it
     * @param element its type
     * @param shape -1 where a dimension is open; empty when it is not told
     * @param classes what its columns stand for, when the graph says so
     */
    private record Output(
            String name, String tensor, int element, Optional<List<Long>> shape, Optional<List<String>> classes) {
        /** The number of values a row; -1 when it is open. */
        long width() {
            return shape.map(found -> found.size() == 1 ? 1 : found.getLast()).orElse(-1L);
        }

        boolean isTable() {
            return shape.map(found -> found.size() == 2 || found.size() == 1).orElse(true);
        }
    }

    void join() {
        List<Output> outputs = graph.outputs().stream()
                .flatMap(output -> output(output).stream())
                .toList();
        if (use.task() == Task.REGRESSION) {
            find(outputs, VALUES, REAL, "prediction, float[N, 1]").ifPresent(this::joinValues);
            return;
        }
        Optional<Output> scores = find(
                outputs,
                SCORES,
                REAL,
                "probabilities, float[N, " + use.classes().size() + "]");
        scores.ifPresent(this::joinScores);
        List<Output> names = outputs.stream()
                .filter(output -> NAMING.contains(output.element()))
                .toList();
        Optional<Output> label = names.size() == 1
                ? Optional.of(names.getFirst())
                : names.stream()
                        .filter(output -> LABELS.contains(output.name()))
                        .findFirst();
        if (scores.isPresent()) {
            label.ifPresentOrElse(this::joinLabel, this::chooseLabel);
        }
    }

    private Optional<Output> output(OnnxMl.ValueInfoProto value) {
        Optional<OnnxMl.NodeProto> maps =
                graph.maker(value.getName()).filter(node -> node.getOpType().equals("ZipMap"));
        if (maps.isPresent()) {
            graph.remove(maps.get());
            List<String> classes = classes(maps.get());
            return Optional.of(new Output(
                    value.getName(),
                    maps.get().getInput(0),
                    OnnxGraph.FLOAT,
                    Optional.of(List.of(-1L, (long) classes.size())),
                    Optional.of(classes)));
        }
        return ForeignGraph.tensor(value)
                .map(tensor -> new Output(
                        value.getName(),
                        ForeignGraph.inner(value.getName()),
                        tensor.getElemType(),
                        ForeignGraph.shape(tensor),
                        Optional.empty()));
    }

    private static List<String> classes(OnnxMl.NodeProto maps) {
        List<String> classes = new ArrayList<>();
        for (OnnxMl.AttributeProto attribute : maps.getAttributeList()) {
            attribute.getStringsList().stream().map(ByteString::toStringUtf8).forEach(classes::add);
            attribute.getIntsList().stream().map(String::valueOf).forEach(classes::add);
        }
        return classes;
    }

    /** The one that is named so, else the only one of these types. */
    private Optional<Output> find(List<Output> outputs, Set<String> names, Set<Integer> types, String expected) {
        List<Output> fitting = outputs.stream()
                .filter(output -> types.contains(output.element()))
                .toList();
        Optional<Output> named =
                fitting.stream().filter(output -> names.contains(output.name())).findFirst();
        if (named.isEmpty() && fitting.size() != 1) {
            problems.add(Problem.of("model: outputs: "
                    + graph.outputs().stream()
                            .map(output -> output.getName() + ": " + ForeignGraph.describe(output))
                            .collect(Collectors.joining("; "))
                    + " (expected: " + expected + "). Name the output so."));
            return Optional.empty();
        }
        return named.or(() -> Optional.of(fitting.getFirst()));
    }

    private void joinValues(Output output) {
        if (!output.isTable() || Math.abs(output.width()) != 1) {
            problems.add(unfit(output, "one number a row, float[N, 1]"));
            return;
        }
        String values = reshaped(asFloat(output), -1, 1);
        graph.after("Identity", List.of(values), "prediction");
        graph.output("prediction", OnnxGraph.FLOAT, 1);
    }

    private static Problem unfit(Output output, String expected) {
        return Problem.of("model: output " + output.name() + ": "
                + output.shape().map(List::toString).orElse("of unknown shape").replace("-1", "N") + " (expected: "
                + expected + ")");
    }

    private void joinScores(Output output) {
        int classes = use.classes().size();
        boolean single = output.width() == 1 && use.task() == Task.BINARY;
        if (!output.isTable() || (!single && output.width() != classes && output.width() != -1)) {
            problems.add(unfit(
                    output,
                    "[N, " + classes + "], a probability for each of the classes "
                            + String.join(", ", use.classes())
                            + (use.task() == Task.BINARY
                                    ? ", in this order, or that of the second alone"
                                    : ", in this order")));
            return;
        }
        String scores = asFloat(output);
        if (single) {
            String second = reshaped(scores, -1, 1);
            String first = graph.after("Sub", List.of(graph.one(), second));
            graph.after("Concat", List.of(first, second), "probabilities", integer("axis", 1));
        } else {
            ordered(output, reshaped(scores, -1, classes));
        }
        graph.output("probabilities", OnnxGraph.FLOAT, classes);
    }

    /** The columns in the order of our classes. */
    private void ordered(Output output, String scores) {
        List<String> theirs = output.classes().orElse(use.classes());
        List<Integer> positions = theirs.stream().map(this::position).toList();
        List<String> ours = use.classes();
        if (positions.stream().distinct().count() != ours.size() || positions.contains(-1)) {
            problems.add(Problem.of("model: output " + output.name() + ": has the classes " + theirs + " (expected: "
                    + ours + ", those of the label)"));
            return;
        }
        long[] from = new long[ours.size()];
        for (int i = 0; i < from.length; i++) {
            from[i] = positions.indexOf(i);
        }
        graph.after("Gather", List.of(scores, graph.longs(from)), "probabilities", integer("axis", 1));
    }

    /** Where a class of theirs stands among ours: by its name; by its number, when ours have none; -1 when nowhere. */
    private int position(String theirs) {
        int named = use.classes().indexOf(theirs);
        if (named >= 0 || areNumbers(use.classes()) || !theirs.matches("\\d{1,9}")) {
            return named;
        }
        int number = Integer.parseInt(theirs);
        return number < use.classes().size() ? number : -1;
    }

    private static boolean areNumbers(List<String> classes) {
        return classes.stream().allMatch(name -> name.matches("-?\\d{1,18}"));
    }

    private void joinLabel(Output output) {
        String label = reshaped(output.tensor(), -1);
        if (output.element() == OnnxGraph.STRING) {
            graph.after("Identity", List.of(label), "label");
        } else if (areNumbers(use.classes()) && output.element() != OnnxMl.TensorProto.DataType.BOOL_VALUE) {
            graph.after("Cast", List.of(label), "label", integer("to", OnnxGraph.STRING));
        } else {
            String positions = graph.after("Cast", List.of(label), integer("to", OnnxGraph.INT64));
            graph.after("Gather", List.of(graph.strings(use.classes()), positions), "label");
        }
        graph.output("label", OnnxGraph.STRING, 0);
    }

    /** The class with the highest probability. */
    private void chooseLabel() {
        String best = graph.after("ArgMax", List.of("probabilities"), integer("axis", 1), integer("keepdims", 0));
        graph.after("Gather", List.of(graph.strings(use.classes()), best), "label");
        graph.output("label", OnnxGraph.STRING, 0);
    }

    private String asFloat(Output output) {
        return output.element() == OnnxGraph.FLOAT
                ? output.tensor()
                : graph.after("Cast", List.of(output.tensor()), integer("to", OnnxGraph.FLOAT));
    }

    private String reshaped(String tensor, long... shape) {
        return graph.after("Reshape", List.of(tensor, graph.longs(shape)));
    }
}
