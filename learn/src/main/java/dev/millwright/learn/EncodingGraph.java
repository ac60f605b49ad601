package dev.millwright.learn;

import static dev.millwright.learn.OnnxGraph.DOUBLE;
import static dev.millwright.learn.OnnxGraph.FLOAT;
import static dev.millwright.learn.OnnxGraph.integer;
import static dev.millwright.learn.OnnxGraph.integers;
import static dev.millwright.learn.OnnxGraph.number;
import static dev.millwright.learn.OnnxGraph.numbers;
import static dev.millwright.learn.OnnxGraph.word;
import static dev.millwright.learn.OnnxGraph.words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Writes an {@link Encoding} into a graph, operator for operator what {@link Encoding#apply} computes.
 *
 * @param absent what a one-hot or word slot holds when it is not set: 0 for sums, NaN for trees, which take the direction
 *     of missing values there
 */
record EncodingGraph(OnnxGraph graph, float absent) {

    /** Returns the name of the tensor of all slots, float32 [N, width]. */
    String write(Encoding encoding) {
        List<String> parts = new ArrayList<>();
        if (!encoding.numbers().columns().isEmpty()) {
            writeNumbers(encoding.numbers(), parts);
        }
        if (!encoding.categories().isEmpty()) {
            parts.add(writeCategories(encoding.categories()));
        }
        for (Terms terms : encoding.texts()) {
            parts.add(writeTerms(terms));
        }
        return graph.concat(parts);
    }

    private void writeNumbers(Numbers numbers, List<String> parts) {
        String joined = graph.concat(numbers.columns());
        if (numbers.standardiser().isEmpty()) {
            parts.add(joined);
            return;
        }
        Numbers.Standardiser fitted = numbers.standardiser().get();
        String imputed = graph.mlNode(
                "Imputer",
                joined,
                numbers("imputed_value_floats", fitted.fill()),
                number("replaced_value_float", Float.NaN));
        String scaled =
                graph.mlNode("Scaler", imputed, numbers("offset", fitted.offset()), numbers("scale", fitted.scale()));
        parts.add(graph.node(
                "Clip",
                List.of(scaled, graph.floats(new float[] {-Numbers.LIMIT}), graph.floats(new float[] {Numbers.LIMIT
                }))));
        if (fitted.indicators().length > 0) {
            String columns = graph.longs(
                    Arrays.stream(fitted.indicators()).asLongStream().toArray(), fitted.indicators().length);
            String chosen = graph.node("Gather", List.of(joined, columns), integer("axis", 1));
            parts.add(graph.cast(graph.node("IsNaN", List.of(chosen)), FLOAT));
        }
    }

    /** A code for each column, [N, C]; then, slot by slot, whether its column has its code: four nodes however many. */
    private String writeCategories(List<Categories> categories) {
        List<String> codes = new ArrayList<>();
        List<Long> columns = new ArrayList<>();
        List<Long> wanted = new ArrayList<>();
        for (Categories category : categories) {
            for (long slot = 0; slot < category.width(); slot++) {
                columns.add((long) codes.size());
                wanted.add(slot);
            }
            codes.add(graph.mlNode(
                    "LabelEncoder",
                    category.column(),
                    words("keys_strings", category.keys()),
                    integers(
                            "values_int64s",
                            LongStream.range(0, category.keys().size()).toArray()),
                    integer("default_int64", category.otherwise())));
        }
        String spread = graph.node(
                "Gather",
                List.of(graph.concat(codes), graph.longs(unboxed(columns), columns.size())),
                integer("axis", 1));
        String equal = graph.node("Equal", List.of(spread, graph.longs(unboxed(wanted), wanted.size())));
        return graph.node("Where", List.of(equal, graph.floats(new float[] {1}), graph.floats(new float[] {absent})));
    }

    private String writeTerms(Terms terms) {
        String flat = graph.node("Reshape", List.of(terms.column(), graph.longs(new long[] {-1}, 1)));
        String neverEmpty = graph.node("StringConcat", List.of(flat, graph.strings(List.of(" " + Terms.SENTINEL), 1)));
        String split = graph.firstOf("StringSplit", List.of(neverEmpty), word("delimiter", " "));
        String counts = graph.node(
                "TfIdfVectorizer",
                List.of(split),
                word("mode", "TF"),
                integer("min_gram_length", 1),
                integer("max_gram_length", 1),
                integer("max_skip_count", 0),
                integers("ngram_counts", 0),
                integers("ngram_indexes", unboxed(List.copyOf(terms.spellings().values()))),
                words("pool_strings", List.copyOf(terms.spellings().keySet())));
        String weighted = graph.node("Mul", List.of(counts, graph.floats(terms.idf(), terms.idf().length)));
        return absentWords(graph.cast(normalised(graph.cast(weighted, DOUBLE)), FLOAT));
    }

    /** An idf is at least 1, so a text with any known word is at least 1 long, and 1 changes nothing for one with none. */
    private String normalised(String weighted) {
        String squares = graph.node(
                "ReduceSumSquare", List.of(weighted, graph.longs(new long[] {1}, 1)), integer("keepdims", 1));
        String length =
                graph.node("Max", List.of(graph.node("Sqrt", List.of(squares)), graph.doubles(new double[] {1})));
        return graph.node("Div", List.of(weighted, length));
    }

    private String absentWords(String weights) {
        if (absent == 0) {
            return weights;
        }
        String none = graph.node("Equal", List.of(weights, graph.floats(new float[] {0})));
        return graph.node("Where", List.of(none, graph.floats(new float[] {absent}), weights));
    }

    private static long[] unboxed(List<? extends Number> values) {
        return values.stream().mapToLong(Number::longValue).toArray();
    }
}
