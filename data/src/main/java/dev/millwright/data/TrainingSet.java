package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Task;
import dev.millwright.core.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads Parquet files of feature rows into arrays, as models take them. Thread-safe. */
public final class TrainingSet {
    private TrainingSet() {}

    /**
     * Reads one part of a training set.
     *
     * @param path written by {@link TrainingSetWriter}
     * @param inputs the feature columns to read, in the order in which the frame shall have them
     * @param classes of a classification, from {@link TrainingSetInfo#classNames}; empty for a regression
     */
    public static LabelledFrame read(
            DuckDb duck, Path path, List<ModelSignature.Input> inputs, Task task, List<String> classes, Split split) {
        return sample(duck, path, inputs, task, classes, split, Integer.MAX_VALUE);
    }

    /**
     * Reads rows that are spread evenly over one part of a training set, always the same.
     *
     * @param atMost how many; all where there aren't more
     */
    public static LabelledFrame sample(
            DuckDb duck,
            Path path,
            List<ModelSignature.Input> inputs,
            Task task,
            List<String> classes,
            Split split,
            int atMost) {
        try (Session session = duck.session()) {
            Map<String, String> columns = columns(session, path);
            requireColumns(path, columns, inputs);
            String relation = "read_parquet(" + Sql.globLiteral(path) + ", hive_partitioning=false)";
            String part = " WHERE " + ReservedColumns.SPLIT + " = " + Sql.literal(split.label());
            int rows = ColumnReader.rows(session, relation + part);
            if (rows > atMost) {
                relation = spread(relation, part, (rows + atMost - 1) / atMost);
                rows = ColumnReader.rows(session, relation + part);
            }
            boolean timed = columns.containsKey(ReservedColumns.TIME);

            List<String> expressions = new ArrayList<>(expressions(inputs));
            expressions.add(
                    task.isClassification()
                            ? LabelSurvey.className(labelType(columns))
                            : "CAST(" + ReservedColumns.LABEL + " AS DOUBLE)");
            expressions.add(ReservedColumns.ROW_ID);
            expressions.add(timed ? ReservedColumns.TIME : "CAST(0 AS BIGINT)");

            List<ColumnReader.Sink> features = sinks(inputs, rows);
            ColumnReader.Sink label =
                    task.isClassification() ? new ColumnReader.Classes(rows, classes) : new ColumnReader.Doubles(rows);
            ColumnReader.Longs ids = new ColumnReader.Longs(rows);
            ColumnReader.Longs times = new ColumnReader.Longs(rows);
            List<ColumnReader.Sink> sinks = new ArrayList<>(features);
            sinks.addAll(List.of(label, ids, times));
            ColumnReader.read(session, "SELECT " + String.join(", ", expressions) + " FROM " + relation + part, sinks);
            return new LabelledFrame(
                    frame(inputs, features, rows),
                    labels(path, label, classes),
                    ids.values,
                    timed ? times.values : new long[0]);
        }
    }

    private static String spread(String relation, String part, long step) {
        return "(SELECT * EXCLUDE (_place) FROM (SELECT *, row_number() OVER () AS _place FROM " + relation + part
                + ") WHERE _place % " + step + " = 0)";
    }

    /** Reads all rows of any Parquet file that has the columns of {@code inputs}. */
    public static Frame readRows(DuckDb duck, Path path, List<ModelSignature.Input> inputs) {
        try (Session session = duck.session()) {
            requireColumns(path, columns(session, path), inputs);
            return readRows(session, "read_parquet(" + Sql.globLiteral(path) + ", hive_partitioning=false)", inputs);
        }
    }

    /** Reads all rows of a query that yields the columns of {@code inputs}. */
    public static Frame readRows(DuckDb duck, String sql, List<ModelSignature.Input> inputs) {
        try (Session session = duck.session()) {
            session.execute("CREATE OR REPLACE TEMP TABLE query_rows AS SELECT * FROM (" + sql + ")");
            return readRows(session, "query_rows", inputs);
        }
    }

    private static Frame readRows(Session session, String relation, List<ModelSignature.Input> inputs) {
        int rows = ColumnReader.rows(session, relation);
        List<ColumnReader.Sink> sinks = sinks(inputs, rows);
        ColumnReader.read(session, "SELECT " + String.join(", ", expressions(inputs)) + " FROM " + relation, sinks);
        return frame(inputs, sinks, rows);
    }

    private static List<String> expressions(List<ModelSignature.Input> inputs) {
        return inputs.stream()
                .map(input -> "CAST(" + Sql.identifier(input.name())
                        + (input.type() == InputType.NUMBER ? " AS DOUBLE)" : " AS VARCHAR)"))
                .toList();
    }

    static List<ColumnReader.Sink> sinks(List<ModelSignature.Input> inputs, int rows) {
        return inputs.stream()
                .<ColumnReader.Sink>map(input -> switch (input.type()) {
                    case NUMBER -> new ColumnReader.Floats(rows);
                    case TEXT -> new ColumnReader.Texts(rows);
                })
                .toList();
    }

    static Frame frame(List<ModelSignature.Input> inputs, List<ColumnReader.Sink> sinks, int rows) {
        List<FeatureColumn> columns = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            String name = inputs.get(i).name();
            columns.add(
                    switch (sinks.get(i)) {
                        case ColumnReader.Floats floats -> new FeatureColumn.Numeric(name, floats.values);
                        case ColumnReader.Texts texts -> new FeatureColumn.Text(name, texts.values);
                        case ColumnReader.Doubles _, ColumnReader.Longs _, ColumnReader.Classes _ ->
                            throw new IllegalStateException("a feature is numbers or text");
                    });
        }
        return new Frame(rows, columns);
    }

    private static Labels labels(Path path, ColumnReader.Sink label, List<String> classes) {
        return switch (label) {
            case ColumnReader.Classes found -> {
                if (!found.unknown.isEmpty()) {
                    throw new InvalidInputException(
                            path + ": label: " + found.unknown + " (expected: one of " + classes + ")");
                }
                yield new Labels.Classes(classes, found.values);
            }
            case ColumnReader.Doubles found -> new Labels.Values(found.values);
            case ColumnReader.Floats _, ColumnReader.Longs _, ColumnReader.Texts _ ->
                throw new IllegalStateException("a label is a class or a value");
        };
    }

    private static Map<String, String> columns(Session session, Path path) {
        Map<String, String> columns = new LinkedHashMap<>();
        session.query(
                        "DESCRIBE SELECT * FROM read_parquet(" + Sql.globLiteral(path) + ", hive_partitioning=false)",
                        row -> Map.entry(row.getString(1), row.getString(2)))
                .forEach(entry -> columns.put(entry.getKey(), entry.getValue()));
        return columns;
    }

    private static void requireColumns(Path path, Map<String, String> columns, List<ModelSignature.Input> inputs) {
        for (ModelSignature.Input input : inputs) {
            if (columns.keySet().stream().noneMatch(input.name()::equalsIgnoreCase)) {
                throw new InvalidInputException(path + ": column: '" + input.name() + "' (expected: one that is there)."
                        + Words.suggestion(input.name(), columns.keySet()));
            }
            requireNumber(path, columns, input);
        }
    }

    private static void requireNumber(Path path, Map<String, String> columns, ModelSignature.Input input) {
        for (Map.Entry<String, String> column : columns.entrySet()) {
            String type = column.getValue();
            boolean number = !type.equals("VARCHAR") && !type.equals("DATE") && !type.startsWith("TIME");
            if (input.type() == InputType.NUMBER && column.getKey().equalsIgnoreCase(input.name()) && !number) {
                throw new InvalidInputException(
                        path + ": column: '" + input.name() + "' is " + type.toLowerCase(Locale.ROOT)
                                + " (expected: a number or boolean); compute a number from it in the view");
            }
        }
    }

    private static ColumnType labelType(Map<String, String> columns) {
        return switch (Optional.ofNullable(columns.get(ReservedColumns.LABEL)).orElse("")) {
            case "DOUBLE", "FLOAT" -> ColumnType.DOUBLE;
            case "BOOLEAN" -> ColumnType.BOOLEAN;
            case "VARCHAR" -> ColumnType.VARCHAR;
            default -> ColumnType.BIGINT; // of any width; its text is its digits
        };
    }
}
