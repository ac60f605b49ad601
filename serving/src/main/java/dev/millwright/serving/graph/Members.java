package dev.millwright.serving.graph;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem;
import dev.millwright.serving.Deadline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntFunction;

/** Parts that stand for each other: they take columns of the same rows, and their answers mean the same. Immutable. */
final class Members {
    /** From which probability on the second of two classes is the label, where nothing else was said. */
    static final double HALF = 0.5;

    private final List<RowNode> nodes;
    private final List<Columns.Pick> picks;
    private final List<ClassOrder> orders;
    private final ModelSignature signature;

    private Members(List<RowNode> nodes, ModelSignature signature) {
        this.nodes = List.copyOf(nodes);
        this.signature = signature;
        this.picks = nodes.stream()
                .map(node -> Columns.pick(signature.inputs(), node.signature().inputs()))
                .toList();
        this.orders = nodes.stream()
                .map(node -> ClassOrder.of(node.signature().classes(), signature.classes()))
                .toList();
    }

    /**
     * Checks that the parts go together.
     *
     * @param place the name of the n-th part in problems
     * @param more columns that are needed besides
     * @param threshold of the whole; see {@link ModelSignature}
     * @throws dev.millwright.core.InvalidInputException with a problem about each part that doesn't
     */
    static Members of(List<RowNode> nodes, IntFunction<String> place, List<Input> more, double threshold) {
        List<Problem> problems = new ArrayList<>();
        Columns columns = new Columns(problems);
        ModelSignature first = nodes.getFirst().signature();
        for (int i = 0; i < nodes.size(); i++) {
            ModelSignature signature = nodes.get(i).signature();
            columns.add(place.apply(i), signature.inputs());
            if (signature.task() != first.task()) {
                problems.add(Problem.about(
                        place.apply(i),
                        signature.task().label() + " (expected: " + first.task().label() + ", as " + place.apply(0)
                                + " is). Put models of one task together."));
            } else if (!new HashSet<>(signature.classes()).equals(new HashSet<>(first.classes()))) {
                problems.add(Problem.about(
                        place.apply(i),
                        "classes " + signature.classes() + " (expected: " + first.classes() + ", as " + place.apply(0)
                                + " has). Put models of the same classes together."));
            }
        }
        columns.add("inputs", more);
        Columns.requireNone(problems);
        return new Members(nodes, new ModelSignature(first.task(), columns.list(), first.classes(), threshold));
    }

    /** The columns of all; the task of each, and its classes in the order of the first. */
    ModelSignature signature() {
        return signature;
    }

    boolean classify() {
        return signature.task().isClassification();
    }

    int count() {
        return nodes.size();
    }

    RowNode node(int index) {
        return nodes.get(index);
    }

    /** One part's answer for rows of the whole. */
    Predictions predict(int index, Frame rows, Deadline deadline) {
        return orders.get(index).apply(nodes.get(index).predict(picks.get(index).of(rows), deadline));
    }

    /** The answers of all. */
    List<Predictions> predictAll(Frame rows, Deadline deadline, Together together) {
        List<Together.Asking> askings = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            int index = i;
            askings.add(new Together.Asking(nodes.get(i).recentNanos(), () -> predict(index, rows, deadline)));
        }
        return together.ask(askings);
    }

    /** The time of all, one after the other. */
    long sumOfNanos() {
        return nodes.stream().mapToLong(RowNode::recentNanos).sum();
    }

    /** As many weights as there are parts, which sum to 1; equal ones when none are given. */
    static double[] normalised(List<Double> weights, int count) {
        double[] shares = new double[count];
        Arrays.fill(shares, 1.0 / count);
        if (!weights.isEmpty()) {
            double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
            for (int i = 0; i < count; i++) {
                shares[i] = weights.get(i) / sum;
            }
        }
        return shares;
    }

    /** Checks weights, if there are any. */
    static void checkWeights(List<Double> weights, int count) {
        List<Problem> problems = new ArrayList<>();
        if (!weights.isEmpty() && weights.size() != count) {
            problems.add(Problem.about(
                    "weights",
                    weights.size() + " (expected: " + count + ", one for each member). Add or remove some."));
        } else if (weights.stream().anyMatch(weight -> !(weight >= 0) || weight.isInfinite())
                || (!weights.isEmpty() && weights.stream().noneMatch(weight -> weight > 0))) {
            problems.add(Problem.about("weights", weights + " (expected: none below 0, and one above)."));
        }
        Columns.requireNone(problems);
    }
}
