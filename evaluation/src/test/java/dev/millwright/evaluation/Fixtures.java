package dev.millwright.evaluation;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Inputs of tests: the committed reference cases, and generated rows. */
final class Fixtures {
    private Fixtures() {}

    record Case(String name, Labels labels, Predictions predictions) {
        Task task() {
            return Evaluator.task(labels);
        }
    }

    /** The lines of a reference file without its two heading lines. */
    static List<String[]> lines(String file) {
        try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(2)
                    .map(line -> line.split("\t", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Case> cases() {
        Map<String, List<String[]>> byCase = new LinkedHashMap<>();
        for (String[] line : lines("rows.tsv")) {
            byCase.computeIfAbsent(line[0], name -> new ArrayList<>()).add(line);
        }
        Map<String, Case> cases = new LinkedHashMap<>();
        byCase.forEach((name, rows) -> cases.put(name, read(name, rows)));
        return cases;
    }

    static Case load(String name) {
        return Objects.requireNonNull(cases().get(name), name);
    }

    private static Case read(String name, List<String[]> rows) {
        if (rows.getFirst()[1].equals("regression")) {
            float[] predicted = new float[rows.size()];
            for (int row = 0; row < predicted.length; row++) {
                predicted[row] = Float.parseFloat(rows.get(row)[4]);
            }
            double[] truth =
                    rows.stream().mapToDouble(row -> Double.parseDouble(row[2])).toArray();
            return new Case(name, new Labels.Values(truth), new Predictions.Values(predicted));
        }
        int[] truth = rows.stream().mapToInt(row -> Integer.parseInt(row[2])).toArray();
        int[] chosen = rows.stream().mapToInt(row -> Integer.parseInt(row[3])).toArray();
        int size = rows.getFirst()[4].split(",").length;
        float[] probabilities = new float[truth.length * size];
        for (int row = 0; row < truth.length; row++) {
            String[] parts = rows.get(row)[4].split(",");
            for (int k = 0; k < size; k++) {
                probabilities[row * size + k] = Float.parseFloat(parts[k]);
            }
        }
        List<String> classes =
                IntStream.range(0, size).mapToObj(k -> "class " + k).toList();
        return new Case(
                name, new Labels.Classes(classes, truth), new Predictions.Classes(classes, probabilities, chosen));
    }

    static final List<String> NO_YES = List.of("no", "yes");

    static Predictions.Classes binary(float... scores) {
        float[] probabilities = new float[scores.length * 2];
        int[] chosen = new int[scores.length];
        for (int row = 0; row < scores.length; row++) {
            probabilities[2 * row] = 1 - scores[row];
            probabilities[2 * row + 1] = scores[row];
            chosen[row] = scores[row] >= 0.5f ? 1 : 0;
        }
        return new Predictions.Classes(NO_YES, probabilities, chosen);
    }

    static Labels.Classes truth(int... indices) {
        return new Labels.Classes(NO_YES, indices);
    }

    /** Rows whose label is positive with the chance that the score says. */
    static Case calibrated(int rows, double meanLogit, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] truth = new int[rows];
        float[] scores = new float[rows];
        for (int row = 0; row < rows; row++) {
            scores[row] = (float) (1 / (1 + Math.exp(-meanLogit - 1.5 * random.nextGaussian())));
            truth[row] = random.nextDouble() < scores[row] ? 1 : 0;
        }
        return new Case("calibrated", truth(truth), binary(scores));
    }
}
