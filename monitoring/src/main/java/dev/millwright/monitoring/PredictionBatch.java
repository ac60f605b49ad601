package dev.millwright.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import dev.millwright.monitoring.PredictionFiles.Group;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.protocol.OpenInferenceJson;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Predictions of one version, day and shape that wait to be written into a file. For one thread at a time. */
final class PredictionBatch {
    /** Tensors of more bytes are kept by their hash alone. */
    static final int LARGEST_TENSOR = 4096;

    /** In place of the length of a text, or of a moment, that is missing. */
    static final int NO_TEXT = -1;

    static final long NO_MOMENT = Long.MIN_VALUE;

    /** What all rows have in common is not collected, but added when they are written. */
    private static final List<Column> FIXED = List.of(
            new Column(PredictionTable.ID, Kind.TEXT),
            new Column(PredictionTable.TIME, Kind.MOMENT),
            new Column("client_id", Kind.TEXT),
            new Column("entity", Kind.TEXT),
            new Column(PredictionTable.TIMESTAMP, Kind.MOMENT),
            new Column("latency_us", Kind.COUNT),
            new Column("label", Kind.TEXT));

    private final Group group;
    private final String model;
    private final PredictionEvent.Exchange shape;
    private final List<Column> columns;
    private final int leastBytes;
    private final RowBlocks rows;
    private Held held = Held.NOTHING;

    /** What a column holds, and in how many bytes a row: a text has as many more as its UTF-8 takes. */
    enum Kind {
        TEXT(Integer.BYTES),
        NUMBER(Float.BYTES),
        /** In microseconds since 1970. */
        MOMENT(Long.BYTES),
        COUNT(Long.BYTES);

        private final int bytes;

        Kind(int bytes) {
            this.bytes = bytes;
        }
    }

    /** A column of the file. */
    record Column(String name, Kind kind) {}

    /**
     * An empty one for predictions that look like {@code first}.
     *
     * @throws InvalidInputException when no file can have its columns
     */
    PredictionBatch(Group group, PredictionEvent first, RowBlocks.Pool pool) {
        this.group = group;
        this.model = first.model();
        this.shape = first.exchange();
        this.columns = columns(shape);
        this.leastBytes =
                columns.stream().mapToInt(column -> column.kind().bytes).sum();
        this.rows = new RowBlocks(pool);
    }

    private static List<Column> columns(PredictionEvent.Exchange exchange) {
        List<Column> columns = new ArrayList<>(FIXED);
        switch (exchange) {
            case PredictionEvent.Rows rows -> {
                for (FeatureColumn feature : rows.frame().columns()) {
                    columns.add(new Column(
                            PredictionTable.FEATURE + feature.name(),
                            feature instanceof FeatureColumn.Text ? Kind.TEXT : Kind.NUMBER));
                }
                switch (rows.predictions()) {
                    case Predictions.Classes classes ->
                        classes.classes()
                                .forEach(name ->
                                        columns.add(new Column(PredictionTable.PROBABILITY + name, Kind.NUMBER)));
                    case Predictions.Values _ -> columns.add(new Column(PredictionTable.PREDICTION, Kind.NUMBER));
                }
            }
            case PredictionEvent.Tensors _ -> {
                columns.add(new Column("inputs", Kind.TEXT));
                columns.add(new Column("outputs", Kind.TEXT));
            }
        }
        requireDistinct(columns);
        return List.copyOf(columns);
    }

    /** The engine takes names for the same that differ in the case of ASCII letters alone; it would refuse the file, again and again. */
    private static void requireDistinct(List<Column> columns) {
        Map<String, String> names = new HashMap<>();
        for (Column column : columns) {
            String other = names.putIfAbsent(lowerCase(column.name()), column.name());
            if (other != null) {
                throw new InvalidInputException(
                        "columns: " + other + " and " + column.name()
                                + " (expected: names that differ in more than their case). Rename one, so that its predictions can be logged");
            }
        }
    }

    private static String lowerCase(String name) {
        return name.chars()
                .map(c -> c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** What becomes its file's name. */
    Group group() {
        return group;
    }

    String model() {
        return model;
    }

    /** In the order in which a row's values follow each other. */
    List<Column> columns() {
        return columns;
    }

    /** What was added. */
    Held held() {
        return held;
    }

    /** Whether the prediction has the columns of this batch; a version that was registered anew could have others. */
    boolean fits(PredictionEvent event) {
        return event.model().equals(model)
                && switch (event.exchange()) {
                    case PredictionEvent.Rows rows -> shape instanceof PredictionEvent.Rows first && alike(first, rows);
                    case PredictionEvent.Tensors _ -> shape instanceof PredictionEvent.Tensors;
                };
    }

    private static boolean alike(PredictionEvent.Rows one, PredictionEvent.Rows other) {
        List<FeatureColumn> columns = one.frame().columns();
        List<FeatureColumn> others = other.frame().columns();
        if (columns.size() != others.size() || !outputs(one).equals(outputs(other))) {
            return false;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).getClass() != others.get(i).getClass()
                    || !columns.get(i).name().equals(others.get(i).name())) {
                return false;
            }
        }
        return true;
    }

    private static List<String> outputs(PredictionEvent.Rows rows) {
        return switch (rows.predictions()) {
            case Predictions.Classes classes -> classes.classes();
            case Predictions.Values _ -> List.of();
        };
    }

    /** Adds a prediction that {@linkplain #fits fits}, and says what that came to. */
    Held add(PredictionEvent event) {
        byte[] client = event.clientId().orElse("").getBytes(UTF_8);
        long bytes = 0;
        switch (event.exchange()) {
            case PredictionEvent.Rows exchange -> {
                for (int row = 0; row < exchange.rows(); row++) {
                    bytes += addRow(event, exchange, row, client);
                }
            }
            case PredictionEvent.Tensors tensors -> bytes += addRow(event, tensors, client);
        }
        Held added = new Held(1, event.exchange().rows(), bytes);
        held = held.plus(added);
        return added;
    }

    /** The bytes that it took. */
    private int addRow(PredictionEvent event, PredictionEvent.Tensors tensors, byte[] client) {
        byte[] id = event.predictionId(0).getBytes(UTF_8);
        byte[] inputs =
                OpenInferenceJson.writeTensors(tensors.inputs(), LARGEST_TENSOR).getBytes(UTF_8);
        byte[] outputs = OpenInferenceJson.writeTensors(tensors.outputs(), LARGEST_TENSOR)
                .getBytes(UTF_8);
        ByteBuffer to = rows.room(leastBytes + id.length + client.length + inputs.length + outputs.length);
        int begin = to.position();
        putRequest(to, event, id, client);
        putText(to, null);
        to.putLong(NO_MOMENT);
        to.putLong(event.nanos() / 1000);
        putText(to, null);
        putText(to, inputs);
        putText(to, outputs);
        return to.position() - begin;
    }

    private int addRow(PredictionEvent event, PredictionEvent.Rows exchange, int row, byte[] client) {
        byte[] id = event.predictionId(row).getBytes(UTF_8);
        byte @Nullable [] entity = exchange.keys().isEmpty()
                ? null
                : exchange.keys().get(row).entity().getBytes(UTF_8);
        byte @Nullable [] label = exchange.predictions() instanceof Predictions.Classes classes
                ? classes.classes().get(classes.labels()[row]).getBytes(UTF_8)
                : null;
        List<FeatureColumn> features = exchange.frame().columns();
        ByteBuffer to = rows.room(
                leastBytes + id.length + client.length + length(entity) + length(label) + textBytes(features, row));
        int begin = to.position();
        putRequest(to, event, id, client);
        putText(to, entity);
        to.putLong(
                entity == null
                        ? NO_MOMENT
                        : PredictionTable.micros(exchange.keys().get(row).timestamp()));
        to.putLong(event.nanos() / 1000);
        putText(to, label);
        for (FeatureColumn feature : features) {
            switch (feature) {
                case FeatureColumn.Numeric(String _, float[] values) -> to.putFloat(values[row]);
                case FeatureColumn.Text(String _, String[] values) -> putText(to, values[row].getBytes(UTF_8));
            }
        }
        switch (exchange.predictions()) {
            case Predictions.Classes classes -> {
                for (int c = 0; c < classes.classes().size(); c++) {
                    to.putFloat(classes.probability(row, c));
                }
            }
            case Predictions.Values(float[] values) -> to.putFloat(values[row]);
        }
        return to.position() - begin;
    }

    /** The most bytes that the texts among a row's features can take: three for each of Java's characters. */
    private static int textBytes(List<FeatureColumn> features, int row) {
        int bytes = 0;
        for (FeatureColumn feature : features) {
            if (feature instanceof FeatureColumn.Text(String _, String[] values)) {
                bytes += 3 * values[row].length();
            }
        }
        return bytes;
    }

    private static int length(byte @Nullable [] text) {
        return text == null ? 0 : text.length;
    }

    private static void putRequest(ByteBuffer to, PredictionEvent event, byte[] id, byte[] client) {
        putText(to, id);
        to.putLong(PredictionTable.micros(event.time()));
        putText(to, client);
    }

    /** An empty text counts as missing. */
    private static void putText(ByteBuffer to, byte @Nullable [] text) {
        if (text == null || text.length == 0) {
            to.putInt(NO_TEXT);
        } else {
            to.putInt(text.length).put(text);
        }
    }

    /** The rows, each with the columns' values in their order. */
    RowBlocks.Reader read() {
        return rows.read();
    }

    /** Gives back the memory of the rows, which are forgotten. */
    void release() {
        rows.release();
    }
}
