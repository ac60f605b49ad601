package dev.millwright.learn;

import static dev.millwright.learn.OnnxGraph.integer;

import ai.onnx.proto.OnnxMl;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Joins our columns, [N, 1] each, to what a graph takes. */
final class ForeignInputs {
    private static final Set<Integer> NUMBERS = Set.of(
            OnnxGraph.FLOAT,
            OnnxGraph.DOUBLE,
            OnnxGraph.INT64,
            OnnxMl.TensorProto.DataType.INT32_VALUE,
            OnnxMl.TensorProto.DataType.FLOAT16_VALUE,
            OnnxMl.TensorProto.DataType.BOOL_VALUE);

    private final ForeignGraph graph;
    private final List<ModelSignature.Input> columns;
    private final List<Problem> problems;

    ForeignInputs(ForeignGraph graph, ImportedModel.Use use, List<Problem> problems) {
        this.graph = graph;
        this.columns = use.columns();
        this.problems = problems;
    }

    /** Adds the nodes, and returns the columns that the graph takes, in their order; all of them when it takes none. */
    List<ModelSignature.Input> join() {
        List<OnnxMl.ValueInfoProto> inputs = graph.inputs();
        if (inputs.size() == 1 && findColumn(inputs.getFirst().getName()).isEmpty()) {
            joinAll(inputs.getFirst());
            return columns;
        }
        Set<String> taken = new LinkedHashSet<>();
        for (OnnxMl.ValueInfoProto input : inputs) {
            findColumn(input.getName())
                    .ifPresentOrElse(
                            column -> {
                                joinOne(column, input);
                                taken.add(column.name());
                            },
                            () -> report(
                                    input, "a column of the feature view", Words.suggestion(input.getName(), names())));
        }
        if (inputs.isEmpty()) {
            problems.add(Problem.of("model: its graph takes no input (expected: the columns of the feature view)."));
        }
        List<ModelSignature.Input> used =
                columns.stream().filter(column -> taken.contains(column.name())).toList();
        return used.isEmpty() ? columns : used;
    }

    private Optional<ModelSignature.Input> findColumn(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    private List<String> names() {
        return columns.stream().map(ModelSignature.Input::name).toList();
    }

    private void report(OnnxMl.ValueInfoProto input, String expected, String advice) {
        problems.add(Problem.of("model: input " + input.getName() + ": " + ForeignGraph.describe(input) + " (expected: "
                + expected + ")." + advice));
    }

    private void joinOne(ModelSignature.Input column, OnnxMl.ValueInfoProto input) {
        Optional<OnnxMl.TypeProto.Tensor> tensor = ForeignGraph.tensor(input);
        List<Long> shape = tensor.flatMap(ForeignGraph::shape).orElse(List.of(-1L, 1L));
        boolean fits = tensor.filter(found -> takes(found, column.type())).isPresent()
                && (isOpen(shape) && (shape.size() == 1 || (shape.size() == 2 && Math.abs(shape.get(1)) == 1)));
        if (!fits) {
            report(
                    input,
                    (column.type() == InputType.NUMBER ? "float" : "string") + "[N, 1], with N open: one value a row",
                    " Export the model with one such input a column.");
            return;
        }
        graph.input(column.name(), element(column.type()));
        String value = column.name();
        if (shape.size() == 1) {
            value = graph.fresh();
            graph.before("Reshape", List.of(column.name(), graph.longs(-1)), value);
        }
        cast(value, column.type(), tensor.orElseThrow().getElemType(), ForeignGraph.inner(input.getName()));
    }

    /** All columns side by side, as programs have them that know no names. */
    private void joinAll(OnnxMl.ValueInfoProto input) {
        Optional<OnnxMl.TypeProto.Tensor> tensor = ForeignGraph.tensor(input);
        List<Long> shape = tensor.flatMap(ForeignGraph::shape).orElse(List.of());
        boolean wide = shape.size() == 2 && isOpen(shape) && (shape.get(1) < 0 || shape.get(1) == columns.size());
        if (tensor.isEmpty() || !wide) {
            report(
                    input,
                    "an input for each column, or one float[N, " + columns.size() + "] with N open, of "
                            + String.join(", ", names()) + ", in this order",
                    "");
            return;
        }
        List<String> others = columns.stream()
                .filter(column -> !takes(tensor.get(), column.type()))
                .map(ModelSignature.Input::name)
                .toList();
        if (!others.isEmpty()) {
            report(
                    input,
                    "an input for each column, since one tensor can't take " + String.join(", ", others)
                            + " beside the others",
                    "");
            return;
        }
        InputType type = columns.getFirst().type();
        columns.forEach(column -> graph.input(column.name(), element(type)));
        String joined = graph.fresh();
        graph.before("Concat", names(), joined, integer("axis", 1));
        cast(joined, type, tensor.get().getElemType(), ForeignGraph.inner(input.getName()));
    }

    private void cast(String from, InputType type, int wanted, String to) {
        if (wanted == element(type)) {
            graph.before("Identity", List.of(from), to);
        } else {
            graph.before("Cast", List.of(from), to, integer("to", wanted));
        }
    }

    private static int element(InputType type) {
        return switch (type) {
            case NUMBER -> OnnxGraph.FLOAT;
            case TEXT -> OnnxGraph.STRING;
        };
    }

    private static boolean takes(OnnxMl.TypeProto.Tensor tensor, InputType type) {
        return switch (type) {
            case NUMBER -> NUMBERS.contains(tensor.getElemType());
            case TEXT -> tensor.getElemType() == OnnxGraph.STRING;
        };
    }

    private static boolean isOpen(List<Long> shape) {
        return !shape.isEmpty() && shape.getFirst() < 0;
    }
}
