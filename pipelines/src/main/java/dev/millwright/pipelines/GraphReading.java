package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import dev.millwright.serving.PlainGraph;
import dev.millwright.serving.PlainGraph.Maps;
import dev.millwright.serving.PlainGraph.Names;
import dev.millwright.serving.PlainGraph.Numbers;
import dev.millwright.serving.PlainGraph.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a graph's outputs mean, judged by what it says about sample rows: a graph tells names and shapes, not whether numbers
 * are probabilities, nor which of them belongs to which class.
 *
 * @param classes in the order of the probabilities; empty for a regression
 * @param expected what the graph said about the rows
 */
record GraphReading(Task task, List<String> classes, Predictions expected) {
    private static final Set<String> SCORES =
            Set.of("probabilities", "probability", "output_probability", "prediction", "predictions", "variable");
    private static final Set<String> LABELS = Set.of("label", "labels", "output_label");
    private static final double TOLERANCE = 1e-3;
    /** Closer scores say nothing about which class was chosen. */
    private static final double MARGIN = 1e-4;

    private static final String ADVICE =
            " Export a classifier with its label and probabilities, options={\"zipmap\": False} for skl2onnx or zipmap=False for"
                    + " onnxmltools, and a regressor with one number a row.";

    /**
     * Reads outputs.
     *
     * @param candidates lists of classes that the graph names
     * @throws InvalidInputException when they are nothing that can be served, saying which output is the trouble
     */
    static GraphReading of(List<Output> outputs, List<List<String>> candidates) {
        Optional<Output> scores =
                find(outputs, output -> output instanceof Numbers || output instanceof Maps, SCORES, "numbers");
        Optional<Names> label =
                find(outputs, Names.class::isInstance, LABELS, "labels").map(Names.class::cast);
        return switch (scores.orElse(null)) {
            case Numbers numbers when numbers.width() == 1 && label.isEmpty() -> values(numbers);
            case Numbers numbers -> classes(numbers, label, candidates);
            case Maps maps -> maps(maps, label);
            case null, default -> throw refusal(outputs, "no output of numbers");
        };
    }

    private static Optional<Output> find(List<Output> outputs, Predicate<Output> fits, Set<String> names, String what) {
        List<Output> fitting = outputs.stream().filter(fits).toList();
        Optional<Output> named =
                fitting.stream().filter(output -> names.contains(output.name())).findFirst();
        if (named.isEmpty() && fitting.size() > 1) {
            throw refusal(outputs, "several outputs of " + what);
        }
        return named.or(() -> fitting.stream().findFirst());
    }

    private static InvalidInputException refusal(List<Output> outputs, String trouble) {
        return new InvalidInputException("model: " + trouble + ": "
                + outputs.stream().map(GraphReading::describe).collect(Collectors.joining("; "))
                + " (expected: label and probabilities, or one number a row)." + ADVICE);
    }

    private static String describe(Output output) {
        return output.name() + " is "
                + switch (output) {
                    case Numbers numbers -> "[N, " + numbers.width() + "] of numbers";
                    case Names names -> "a label a row";
                    case Maps maps -> "a sequence of maps, as ZipMap makes them";
                    case PlainGraph.Other other -> other.what();
                };
    }

    private static GraphReading values(Numbers numbers) {
        for (float value : numbers.values()) {
            if (!Float.isFinite(value)) {
                throw new InvalidInputException("model: output " + numbers.name() + ": " + value
                        + " for a sample row (expected: a finite number). Log the model with an input_example that it can"
                        + " predict.");
            }
        }
        return new GraphReading(Task.REGRESSION, List.of(), new Predictions.Values(numbers.values()));
    }

    private static GraphReading maps(Maps maps, Optional<Names> label) {
        List<String> classes = ordered(maps.values().getFirst().keySet());
        float[] values = new float[maps.values().size() * classes.size()];
        for (int row = 0; row < maps.values().size(); row++) {
            Map<String, Float> map = maps.values().get(row);
            for (int c = 0; c < classes.size(); c++) {
                values[row * classes.size() + c] = map.getOrDefault(classes.get(c), Float.NaN);
            }
        }
        return classes(new Numbers(maps.name(), classes.size(), values), label, List.of(classes));
    }

    /** Numbers by value, other names by the alphabet. */
    private static List<String> ordered(Set<String> names) {
        boolean numbers = names.stream().allMatch(name -> name.matches("-?\\d{1,18}"));
        return names.stream()
                .sorted(numbers ? Comparator.comparingLong(Long::parseLong) : Comparator.naturalOrder())
                .toList();
    }

    private static GraphReading classes(Numbers numbers, Optional<Names> label, List<List<String>> candidates) {
        Numbers scores = numbers.width() == 1 ? bothClasses(numbers) : numbers;
        requireDistribution(scores, label.isPresent());
        Set<List<String>> possible = new LinkedHashSet<>(candidates);
        possible.add(
                IntStream.range(0, scores.width()).mapToObj(Integer::toString).toList());
        possible.add(List.of("false", "true"));
        possible.removeIf(classes ->
                classes.size() != scores.width() || classes.stream().distinct().count() != classes.size());
        List<String> classes = possible.stream()
                .filter(each -> label.isEmpty() || agrees(scores, label.get(), each))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("model: which of the " + scores.width() + " columns of "
                        + scores.name()
                        + " belongs to which label is not known (expected: class names in the graph that"
                        + " agree with its labels on sample rows). Log the model with an input_example whose rows the model"
                        + " can tell apart." + ADVICE));
        int[] chosen = new int[scores.values().length / scores.width()];
        for (int row = 0; row < chosen.length; row++) {
            chosen[row] = label.isPresent() ? classes.indexOf(label.get().values()[row]) : best(scores, row);
        }
        return new GraphReading(
                classes.size() == 2 ? Task.BINARY : Task.MULTICLASS,
                classes,
                new Predictions.Classes(classes, scores.values(), chosen));
    }

    /** From the probability of the second class those of both. */
    private static Numbers bothClasses(Numbers second) {
        float[] both = new float[2 * second.values().length];
        for (int row = 0; row < second.values().length; row++) {
            both[2 * row] = 1 - second.values()[row];
            both[2 * row + 1] = second.values()[row];
        }
        return new Numbers(second.name(), 2, both);
    }

    private static void requireDistribution(Numbers scores, boolean labelled) {
        for (int row = 0; row < scores.values().length / scores.width(); row++) {
            double sum = 0;
            boolean within = true;
            for (int c = 0; c < scores.width(); c++) {
                float p = scores.values()[row * scores.width() + c];
                within &= p >= -TOLERANCE && p <= 1 + TOLERANCE;
                sum += p;
            }
            if (!within || !(Math.abs(sum - 1) <= TOLERANCE)) {
                List<Float> found = new ArrayList<>();
                for (int c = 0; c < Math.min(5, scores.width()); c++) {
                    found.add(scores.values()[row * scores.width() + c]);
                }
                throw new InvalidInputException("model: output " + scores.name() + ": " + found + " for a sample row"
                        + " (expected: probabilities that sum to 1"
                        + (labelled ? "" : ", or one number a row") + ")." + ADVICE);
            }
        }
    }

    private static int best(Numbers scores, int row) {
        int best = 0;
        for (int c = 1; c < scores.width(); c++) {
            if (scores.values()[row * scores.width() + c] > scores.values()[row * scores.width() + best]) {
                best = c;
            }
        }
        return best;
    }

    /** Whether the label is the class with the highest score wherever that is clear; a label of no class never is. */
    private static boolean agrees(Numbers scores, Names label, List<String> classes) {
        for (int row = 0; row < label.values().length; row++) {
            int best = best(scores, row);
            float[] sorted = Arrays.copyOfRange(scores.values(), row * scores.width(), (row + 1) * scores.width());
            Arrays.sort(sorted);
            boolean clear = sorted[sorted.length - 1] - sorted[sorted.length - 2] > MARGIN;
            int chosen = classes.indexOf(label.values()[row]);
            if (chosen < 0 || (clear && chosen != best)) {
                return false;
            }
        }
        return true;
    }
}
