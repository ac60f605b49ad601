package dev.millwright.data;

import dev.millwright.core.ModelSignature;
import dev.millwright.core.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Copies parts of a training set for programs outside, with the values that models are trained and served on: numbers as
 * float32, where NULL is missing, and text, where {@code ""} is. Thread-safe.
 *
 * @param inputs the feature columns, in the order in which the copy has them
 * @param label the name of the last column: booleans, whole numbers or text of a classification, doubles of a regression
 */
public record Handover(List<ModelSignature.Input> inputs, Task task, String label) {
    public Handover {
        inputs = List.copyOf(inputs);
        for (ModelSignature.Input input : inputs) {
            if (input.name().equalsIgnoreCase(label)) {
                throw new IllegalArgumentException("label: " + label + " (expected: no feature's name)");
            }
        }
    }

    /** A name for the label column that no feature has: {@code label}, or the first of {@code label_2}, … that is free. */
    public static String freeLabel(List<ModelSignature.Input> inputs) {
        List<String> taken = inputs.stream()
                .map(input -> input.name().toLowerCase(Locale.ROOT))
                .toList();
        String label = "label";
        for (int i = 2; taken.contains(label); i++) {
            label = "label_" + i;
        }
        return label;
    }

    /** Writes the rows of one part into a Parquet file, in the order in which {@link TrainingSet#read} gives them. */
    public void write(DuckDb duck, Path trainingSet, Split part, Path out) {
        String relation = "read_parquet(" + Sql.globLiteral(trainingSet) + ", hive_partitioning=false)";
        String features = inputs.stream()
                .map(input -> switch (input.type()) {
                    case NUMBER -> number(Sql.identifier(input.name()));
                    case TEXT ->
                        "coalesce(CAST(" + Sql.identifier(input.name()) + " AS VARCHAR), '') AS "
                                + Sql.identifier(input.name());
                })
                .collect(Collectors.joining(", "));
        try (Session session = duck.session()) {
            String type = session.single(
                    "SELECT typeof(" + ReservedColumns.LABEL + ") FROM " + relation + " LIMIT 1",
                    row -> row.getString(1));
            session.execute("COPY (SELECT " + features + ", " + label(type) + " AS " + Sql.identifier(label) + " FROM "
                    + relation + " WHERE " + ReservedColumns.SPLIT + " = " + Sql.literal(part.label()) + ") TO "
                    + Sql.literal(out) + " (FORMAT parquet, COMPRESSION zstd)");
        }
    }

    private static String number(String column) {
        String value = "TRY_CAST(CAST(" + column + " AS DOUBLE) AS FLOAT)";
        return "CASE WHEN isfinite(" + value + ") THEN " + value + " END AS " + column;
    }

    private String label(String type) {
        if (!task.isClassification()) {
            return "CAST(" + ReservedColumns.LABEL + " AS DOUBLE)";
        }
        return type.equals("BOOLEAN") || type.equals("VARCHAR")
                ? ReservedColumns.LABEL
                : "CAST(" + ReservedColumns.LABEL + " AS BIGINT)";
    }
}
