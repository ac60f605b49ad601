package dev.millwright.monitoring;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.RowKey;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Builds {@link LoggedPredictions} from the rows of a query, column by column. For one query. */
final class PredictionRowReader {
    private final List<Numbers> numbers = new ArrayList<>();
    private final List<Texts> texts = new ArrayList<>();
    /** Features in their order: members of {@code numbers} and {@code texts}. */
    private final List<Builder> features = new ArrayList<>();

    private final List<String> classes = new ArrayList<>();
    private final List<Numbers> scores = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<Instant> times = new ArrayList<>();
    private final List<Optional<RowKey>> keys = new ArrayList<>();
    private String endpoint = "";
    private String model = "";
    private String role = "";
    private int version;

    /** A feature column that grows. */
    private sealed interface Builder {
        FeatureColumn build(int rows);
    }

    /** A column of numbers that grows. */
    private static final class Numbers implements Builder {
        final String name;
        final int index;
        float[] values = new float[16];

        Numbers(String name, int index) {
            this.name = name;
            this.index = index;
        }

        void read(ResultSet rows, int row) throws SQLException {
            if (row == values.length) {
                values = Arrays.copyOf(values, row * 2);
            }
            float value = rows.getFloat(index);
            values[row] = rows.wasNull() ? Float.NaN : value;
        }

        @Override
        public FeatureColumn build(int rows) {
            return new FeatureColumn.Numeric(name, Arrays.copyOf(values, rows));
        }
    }

    /** A column of words that grows. */
    private static final class Texts implements Builder {
        final String name;
        final int index;
        final List<String> values = new ArrayList<>();

        Texts(String name, int index) {
            this.name = name;
            this.index = index;
        }

        void read(ResultSet rows) throws SQLException {
            String value = rows.getString(index);
            values.add(value == null ? "" : value);
        }

        @Override
        public FeatureColumn build(int rows) {
            return new FeatureColumn.Text(name, values.toArray(new String[0]));
        }
    }

    PredictionRowReader(ResultSetMetaData columns) throws SQLException {
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String name = columns.getColumnName(i);
            if (name.startsWith(PredictionTable.FEATURE)) {
                addFeature(name.substring(PredictionTable.FEATURE.length()), i, columns.getColumnTypeName(i));
            } else if (name.startsWith(PredictionTable.PROBABILITY)) {
                classes.add(name.substring(PredictionTable.PROBABILITY.length()));
                scores.add(new Numbers(name, i));
            } else if (name.equals(PredictionTable.PREDICTION)) {
                scores.add(new Numbers(name, i));
            }
        }
    }

    private void addFeature(String name, int index, String type) {
        if (type.equals("FLOAT")) {
            Numbers column = new Numbers(name, index);
            numbers.add(column);
            features.add(column);
        } else {
            Texts column = new Texts(name, index);
            texts.add(column);
            features.add(column);
        }
    }

    /** All rows; empty when there are none, or none that predict numbers or classes. */
    Optional<LoggedPredictions> read(ResultSet rows) throws SQLException {
        while (rows.next()) {
            readRow(rows, ids.size());
        }
        if (ids.isEmpty() || scores.isEmpty()) {
            return Optional.empty();
        }
        int count = ids.size();
        return Optional.of(new LoggedPredictions(
                endpoint,
                model,
                version,
                PredictionEvent.Role.valueOf(role),
                ids,
                times,
                keys,
                new Frame(
                        count,
                        features.stream().map(column -> column.build(count)).toList()),
                predictions(count)));
    }

    private void readRow(ResultSet rows, int row) throws SQLException {
        endpoint = rows.getString("endpoint");
        model = rows.getString("model");
        version = rows.getInt("version");
        role = rows.getString("role");
        ids.add(rows.getString("prediction_id"));
        times.add(PredictionTable.instant(rows.getLong("time_us")));
        String entity = rows.getString("entity");
        keys.add(
                entity == null
                        ? Optional.empty()
                        : Optional.of(new RowKey(entity, PredictionTable.instant(rows.getLong("timestamp_us")))));
        for (Numbers column : numbers) {
            column.read(rows, row);
        }
        for (Texts column : texts) {
            column.read(rows);
        }
        for (Numbers score : scores) {
            score.read(rows, row);
        }
        if (!classes.isEmpty()) {
            labels.add(rows.getString("label"));
        }
    }

    private Predictions predictions(int count) {
        int width = scores.size();
        float[] flat = new float[count * width];
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < width; i++) {
                flat[row * width + i] = scores.get(i).values[row];
            }
        }
        return classes.isEmpty()
                ? new Predictions.Values(flat)
                : new Predictions.Classes(
                        classes,
                        flat,
                        labels.stream().mapToInt(classes::indexOf).toArray());
    }
}
