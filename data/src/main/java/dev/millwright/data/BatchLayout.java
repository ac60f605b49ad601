package dev.millwright.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How the rows of one batch are read.
 *
 * @param relation what stands in FROM: {@code _file}, {@code _line} and whatever the expressions need
 * @param kept what goes on into the output
 * @param features in the order of the model's inputs
 */
record BatchLayout(String relation, List<Kept> kept, List<FeatureSql> features) {
    /** {@code _file}, {@code _line}, kept {@code k0}, …, features {@code f0}, …, and {@code b0}, …: what makes no sense. */
    static final String TABLE = "batch_rows";

    private static final int SHOWN = 100;

    /** A column of the output: its name, and its value as SQL. */
    record Kept(String name, String value) {}

    BatchLayout {
        kept = List.copyOf(kept);
        features = List.copyOf(features);
    }

    /** Each value is computed once, in the inner SELECT; the outer one looks at what came of it. */
    String create() {
        List<String> inner = new ArrayList<>(List.of("_file", "_line"));
        List<String> outer = new ArrayList<>(List.of("_file", "_line"));
        for (int i = 0; i < kept.size(); i++) {
            inner.add(kept.get(i).value() + " AS k" + i);
            outer.add("k" + i);
        }
        for (int i = 0; i < features.size(); i++) {
            FeatureSql feature = features.get(i);
            int index = i;
            inner.add(feature.value() + " AS t" + i);
            outer.add("t" + i + " AS f" + i);
            feature.doubt().ifPresent(doubt -> {
                String found = "p" + index;
                inner.add(doubt.found() + " AS " + found);
                outer.add("CASE WHEN " + doubt.test().of("t" + index, found) + " THEN left(CAST(" + found
                        + " AS VARCHAR), " + SHOWN + ") END AS b" + index);
            });
        }
        return "CREATE OR REPLACE TEMP TABLE " + TABLE + " AS SELECT " + String.join(", ", outer) + " FROM (SELECT "
                + String.join(", ", inner) + " FROM " + relation + ")";
    }

    /** The features that may make no sense. */
    List<Integer> doubtful() {
        return IntStream.range(0, features.size())
                .filter(i -> features.get(i).doubt().isPresent())
                .boxed()
                .toList();
    }

    /** What is kept, under its names, each followed by a comma. */
    String selectKept() {
        return IntStream.range(0, kept.size())
                .mapToObj(i -> "k" + i + " AS " + Sql.identifier(kept.get(i).name()) + ", ")
                .collect(Collectors.joining());
    }

    /** The features, as the model takes them. */
    String selectFeatures() {
        return IntStream.range(0, features.size())
                        .mapToObj(i -> "f" + i)
                        .collect(Collectors.joining(", ", "SELECT ", ""))
                + " FROM " + TABLE;
    }
}
