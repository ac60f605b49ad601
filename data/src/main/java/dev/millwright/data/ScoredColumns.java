package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;

/**
 * The columns that scoring adds to the rows: of a classifier {@code label} and a {@code probability_CLASS} for each class, of a
 * regressor {@code prediction}, and {@code model_version} of either. Scores are FLOAT, as the model gives them.
 *
 * @param prefix what stands before each of their names; may be empty
 * @param version what {@code model_version} says
 */
public record ScoredColumns(String prefix, ModelSignature signature, String version) {
    /** {@code label}, the position of the class, and {@code s0}, {@code s1}, …: the scores. */
    static final String TABLE = "scored_rows";

    /** In the order in which they stand; they differ in more than case. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        if (signature.task().isClassification()) {
            names.add(prefix + "label");
            signature.classes().forEach(name -> names.add(prefix + "probability_" + name));
        } else {
            names.add(prefix + "prediction");
        }
        names.add(prefix + "model_version");
        return distinct(names);
    }

    private static List<String> distinct(List<String> names) {
        Set<String> taken = new HashSet<>();
        List<String> distinct = new ArrayList<>();
        for (String name : names) {
            String free = name;
            for (int number = 2; !taken.add(free.toLowerCase(Locale.ROOT)); number++) {
                free = name + "_" + number;
            }
            distinct.add(free);
        }
        return distinct;
    }

    /** @throws InvalidInputException when a column that is kept has the name of one that is added */
    void requireFree(List<String> kept) {
        for (String name : kept) {
            if (isOne(name)) {
                throw new InvalidInputException(
                        "column: '" + name + "' would stand twice in the output (expected: names"
                                + " that scoring does not use itself). Say --prefix scored_, or choose columns with --keep.");
            }
        }
    }

    boolean isOne(String name) {
        return names().stream().anyMatch(name::equalsIgnoreCase);
    }

    private int scores() {
        return Math.max(1, signature.classes().size());
    }

    String create() {
        return "CREATE OR REPLACE TEMP TABLE " + TABLE + " (label INTEGER"
                + IntStream.range(0, scores())
                        .mapToObj(i -> ", s" + i + " FLOAT")
                        .collect(Collectors.joining()) + ")";
    }

    void append(Predictions predictions, DuckDBAppender appender) throws SQLException {
        for (int row = 0; row < predictions.rows(); row++) {
            appender.beginRow();
            switch (predictions) {
                case Predictions.Classes classes -> {
                    appender.append(classes.labels()[row]);
                    for (int i = 0; i < scores(); i++) {
                        appender.append(classes.probability(row, i));
                    }
                }
                case Predictions.Values values -> {
                    appender.append(0);
                    appender.append(values.values()[row]);
                }
            }
            appender.endRow();
        }
    }

    /** The columns, under their names. */
    String select() {
        List<String> values = new ArrayList<>();
        if (signature.task().isClassification()) {
            values.add("list_extract([" + Sql.literals(signature.classes()) + "], label + 1)");
        }
        for (int i = 0; i < scores(); i++) {
            values.add("s" + i);
        }
        values.add(Sql.literal(version));
        List<String> names = names();
        return IntStream.range(0, names.size())
                .mapToObj(i -> values.get(i) + " AS " + Sql.identifier(names.get(i)))
                .collect(Collectors.joining(", "));
    }
}
