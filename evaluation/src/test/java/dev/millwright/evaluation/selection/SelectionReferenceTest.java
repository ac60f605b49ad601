package dev.millwright.evaluation.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Against scikit-learn and SciPy: see {@code src/test/scripts/selection_fixtures.py}. */
class SelectionReferenceTest {
    private static final double CLOSE = 1e-6;

    private static List<String[]> lines(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(SelectionReferenceTest.class.getResourceAsStream(name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .toList();
        }
    }

    private static Map<String, double[]> columns() throws IOException {
        List<String[]> lines = lines("columns.tsv");
        Map<String, double[]> columns = new HashMap<>();
        for (int i = 0; i < lines.getFirst().length; i++) {
            int column = i;
            columns.put(
                    lines.getFirst()[i],
                    lines.stream()
                            .skip(1)
                            .mapToDouble(line -> Double.parseDouble(line[column]))
                            .toArray());
        }
        return columns;
    }

    private static int[] classes(double[] values) {
        return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
    }

    @Test
    void estimatesMutualInformation_asScikitLearn() throws IOException {
        Map<String, double[]> columns = columns();
        List<String[]> answers = lines("information.tsv");
        assertThat(answers).hasSize(12);
        for (String[] answer : answers) {
            double[] column = Objects.requireNonNull(columns.get(answer[0]));
            double[] label = Objects.requireNonNull(columns.get(answer[1]));
            boolean discrete = List.of("three", "coin").contains(answer[0]);
            boolean ofClasses = answer[1].equals("kind");
            double found = discrete
                    ? ofClasses
                            ? MutualInformation.ofClasses(classes(column), classes(label))
                            : MutualInformation.ofNumbersAndClasses(label, classes(column))
                    : ofClasses
                            ? MutualInformation.ofNumbersAndClasses(column, classes(label))
                            : MutualInformation.ofNumbers(column, label);
            assertThat(found)
                    .as("%s and %s", answer[0], answer[1])
                    .isCloseTo(Double.parseDouble(answer[2]), within(CLOSE));
        }
    }

    @Test
    void clusters_asSciPyDoesByCompleteLinkage() throws IOException {
        List<String[]> lines = lines("clusters.tsv");
        double[][] likeness = lines.stream()
                .filter(line -> line[0].equals("likeness"))
                .map(line -> Arrays.stream(line)
                        .skip(1)
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toArray(double[][]::new);
        List<String[]> answers =
                lines.stream().filter(line -> !line[0].equals("likeness")).toList();
        assertThat(answers).hasSize(5);
        for (String[] answer : answers) {
            Map<String, List<Integer>> expected = new TreeMap<>();
            for (int item = 0; item < likeness.length; item++) {
                expected.merge(answer[item + 1], List.of(item), (a, b) -> {
                    List<Integer> both = new ArrayList<>(a);
                    both.addAll(b);
                    return both;
                });
            }
            assertThat(CompleteLinkage.clusters(likeness, Double.parseDouble(answer[0])))
                    .as("at %s", answer[0])
                    .containsExactlyInAnyOrderElementsOf(expected.values());
        }
    }
}
