package dev.millwright.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Rows on which a client's model is tried: those that the client logged with it, else rows that are made up. */
final class ExampleRows {
    private static final int MOST = 400;
    private static final int MADE_UP = 64;
    private static final long SEED = 20;
    private static final int WORDS = 4;

    private ExampleRows() {}

    /**
     * The rows of a logged input example, in one of the forms in which MLflow writes them: {@code inputs} or {@code instances}
     * of rows or of columns, {@code columns} with {@code data}, or {@code dataframe_split} and {@code dataframe_records} around
     * them.
     *
     * @return empty when it has no rows for these columns
     */
    static Optional<Frame> read(byte[] json, List<Input> columns) {
        try {
            JsonNode root = new ObjectMapper().readTree(json);
            JsonNode body = firstOf(root, "dataframe_split", "dataframe_records", "inputs", "instances");
            List<String> names = new ArrayList<>();
            body.path("columns").forEach(name -> names.add(name.asText()));
            JsonNode rows = body.has("data") ? body.path("data") : body;
            return rows.isObject() ? ofColumns(rows, columns) : ofRows(rows, names, columns);
        } catch (JsonProcessingException damaged) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new IllegalStateException("bytes in memory can be read", unreadable);
        }
    }

    private static JsonNode firstOf(JsonNode root, String... names) {
        for (String name : names) {
            if (root.has(name)) {
                return root.path(name);
            }
        }
        return root;
    }

    /** Rows as arrays, in the order of the columns or as {@code names} says, or as objects. */
    private static Optional<Frame> ofRows(JsonNode rows, List<String> names, List<Input> columns) {
        int count = Math.min(MOST, rows.size());
        List<JsonNode[]> values = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            String name = columns.get(c).name();
            int at = names.contains(name) ? names.indexOf(name) : c;
            JsonNode[] column = new JsonNode[count];
            for (int row = 0; row < count; row++) {
                JsonNode cells = rows.get(row);
                boolean single = !cells.isContainerNode() && columns.size() == 1;
                JsonNode cell = single ? cells : cells.isArray() ? cells.get(at) : cells.get(name);
                if (cell == null || (cells.isArray() && cells.size() != columns.size())) {
                    return Optional.empty();
                }
                column[row] = cell;
            }
            values.add(column);
        }
        return frame(count, values, columns);
    }

    private static Optional<Frame> ofColumns(JsonNode root, List<Input> columns) {
        List<JsonNode[]> values = new ArrayList<>();
        int count = -1;
        for (Input input : columns) {
            JsonNode given = root.path(input.name());
            if (!given.isArray() || (count >= 0 && Math.min(MOST, given.size()) != count)) {
                return Optional.empty();
            }
            count = Math.min(MOST, given.size());
            JsonNode[] column = new JsonNode[count];
            for (int row = 0; row < count; row++) {
                column[row] = given.get(row).isArray() && given.get(row).size() == 1
                        ? given.get(row).get(0)
                        : given.get(row);
            }
            values.add(column);
        }
        return frame(count, values, columns);
    }

    private static Optional<Frame> frame(int rows, List<JsonNode[]> values, List<Input> columns) {
        List<FeatureColumn> made = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            FeatureColumn column = column(columns.get(c), values.get(c));
            if (column == null) {
                return Optional.empty();
            }
            made.add(column);
        }
        return rows < 1 ? Optional.empty() : Optional.of(new Frame(rows, made));
    }

    private static @Nullable FeatureColumn column(Input input, JsonNode[] cells) {
        if (input.type() == InputType.TEXT) {
            String[] texts = new String[cells.length];
            for (int row = 0; row < cells.length; row++) {
                if (cells[row].isContainerNode()) {
                    return null;
                }
                texts[row] = cells[row].isNull() ? "" : cells[row].asText();
            }
            return new FeatureColumn.Text(input.name(), texts);
        }
        float[] numbers = new float[cells.length];
        for (int row = 0; row < cells.length; row++) {
            JsonNode cell = cells[row];
            if (cell.isBoolean()) {
                numbers[row] = cell.booleanValue() ? 1 : 0;
            } else if (cell.isNumber() && Float.isFinite(cell.floatValue())) {
                numbers[row] = cell.floatValue();
            } else {
                return null; // missing numbers too: not every graph knows what to do with them
            }
        }
        return new FeatureColumn.Numeric(input.name(), numbers);
    }

    /**
     * Rows within the types: always the same, of several magnitudes.
     *
     * @param whole which columns take whole numbers only
     */
    static Frame madeUp(List<Input> columns, List<Boolean> whole) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<FeatureColumn> made = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            String name = columns.get(c).name();
            if (columns.get(c).type() == InputType.TEXT) {
                String[] texts = new String[MADE_UP];
                for (int row = 0; row < MADE_UP; row++) {
                    int word = random.nextInt(WORDS);
                    texts[row] = word == 0 ? "" : "word" + word;
                }
                made.add(new FeatureColumn.Text(name, texts));
            } else {
                float[] numbers = new float[MADE_UP];
                for (int row = 0; row < MADE_UP; row++) {
                    double number = random.nextGaussian() * Math.pow(10, row % 4 - 1.0);
                    numbers[row] = whole.get(c) ? random.nextInt(10) : (float) number;
                }
                made.add(new FeatureColumn.Numeric(name, numbers));
            }
        }
        return new Frame(MADE_UP, made);
    }
}
