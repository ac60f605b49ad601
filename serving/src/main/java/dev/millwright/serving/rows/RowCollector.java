package dev.millwright.serving.rows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.rows.RequestColumns.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Collects the rows of a request, and all that is wrong with them. What is never put is missing. For one thread. */
final class RowCollector {
    private static final int PROBLEMS_SHOWN = 20;
    private static final int NAMES_SHOWN = 50;

    private final RequestColumns columns;
    private final List<Cells> cells;
    private final boolean[] seen;
    private final List<Problem> problems = new ArrayList<>();
    private int rows;

    RowCollector(RequestColumns columns) {
        this.columns = columns;
        List<ModelSignature.Input> inputs = columns.signature().inputs();
        this.cells = inputs.stream().map(input -> new Cells(input.type())).toList();
        this.seen = new boolean[inputs.size()];
    }

    /** The values of one column; those of the other type stay empty. */
    private static final class Cells {
        private final InputType type;
        private float[] numbers = {};
        private String[] texts = {};

        Cells(InputType type) {
            this.type = type;
        }

        void put(int row, float value) {
            if (row >= numbers.length) {
                int before = numbers.length;
                numbers = Arrays.copyOf(numbers, Math.max(row + 1, 2 * before));
                Arrays.fill(numbers, before, numbers.length, Float.NaN);
            }
            numbers[row] = value;
        }

        void put(int row, String value) {
            if (row >= texts.length) {
                int before = texts.length;
                texts = Arrays.copyOf(texts, Math.max(row + 1, 2 * before));
                Arrays.fill(texts, before, texts.length, "");
            }
            texts[row] = value;
        }

        FeatureColumn column(String name, int rows) {
            return switch (type) {
                case NUMBER -> {
                    put(rows, Float.NaN);
                    yield new FeatureColumn.Numeric(name, Arrays.copyOf(numbers, rows));
                }
                case TEXT -> {
                    put(rows, "");
                    yield new FeatureColumn.Text(name, Arrays.copyOf(texts, rows));
                }
            };
        }
    }

    RequestColumns columns() {
        return columns;
    }

    InputType type(int column) {
        return cells.get(column).type;
    }

    String name(int column) {
        return columns.signature().inputs().get(column).name();
    }

    /**
     * Begins another row.
     *
     * @return its index
     */
    int startRow() {
        reach(rows);
        return rows - 1;
    }

    /** Goes on until there is a row with this index. */
    void reach(int row) {
        if (row >= FeatureTensors.LARGEST_ROWS) {
            throw new InvalidInputException(
                    "rows: more than " + FeatureTensors.LARGEST_ROWS + " (expected: at most that many at once)");
        }
        rows = Math.max(rows, row + 1);
    }

    void put(int column, int row, float value) {
        cells.get(column).put(row, value);
    }

    void put(int column, int row, String value) {
        cells.get(column).put(row, value);
    }

    /** The columns that a name stands for, which count as sent from now on; a name that nobody knows is complained of. */
    Optional<Span> span(String name, String place) {
        Optional<Span> span = columns.find(name);
        if (span.isPresent()) {
            Arrays.fill(
                    seen, span.get().first(), span.get().first() + span.get().width(), true);
        } else if (!columns.isForOthers(name)) {
            complainOfName(name, place);
        }
        return span;
    }

    /** What nobody will read needs no suggestion, nor does a name that is none. */
    private void complainOfName(String name, String place) {
        if (problems.size() < PROBLEMS_SHOWN) {
            String shown = shortened(name);
            complain(place + shown + ": unknown (expected: a column of the model)."
                    + Words.nearest(shown, columns.names())
                            .map(near -> " Did you mean '" + near + "'?")
                            .orElseGet(() -> " Known: " + names() + "."));
        }
    }

    /** The names of all columns, or of many. */
    String names() {
        return listed(columns.signature().inputNames());
    }

    private static String listed(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(names.size(), NAMES_SHOWN)))
                + (names.size() > NAMES_SHOWN ? " and " + (names.size() - NAMES_SHOWN) + " more" : "");
    }

    /** Whether a value for any of these columns came already. */
    boolean isSeen(Span span) {
        return IntStream.range(span.first(), span.first() + span.width()).anyMatch(column -> seen[column]);
    }

    /** All columns, which count as sent from now on. */
    Span everything() {
        Arrays.fill(seen, true);
        return columns.all();
    }

    void complain(String message) {
        if (problems.size() < PROBLEMS_SHOWN) {
            problems.add(Problem.of(message));
        }
    }

    /** {@code place: value (expected: number)}. */
    void complainOfValue(String place, String value, int column) {
        String expected = switch (type(column)) {
            case NUMBER -> "number";
            case TEXT -> "text";
        };
        complain(place + ": " + shortened(value) + " (expected: " + expected + ")");
    }

    static String shortened(String text) {
        return Words.shortened(text);
    }

    /** Everything that was complained of, once there is something. */
    InvalidInputException refusal() {
        return new InvalidInputException(problems);
    }

    /**
     * What was collected.
     *
     * @param what the name of the rows in messages
     * @param remedy what to do where columns were not sent, from their names
     * @throws InvalidInputException saying everything that was complained of
     */
    Frame finish(String what, Remedy remedy) {
        if (rows == 0) {
            complain(what + ": none (expected: at least one)");
        } else {
            complainOfUnseen(what, remedy);
        }
        if (!problems.isEmpty()) {
            throw refusal();
        }
        return new Frame(
                rows,
                IntStream.range(0, cells.size())
                        .mapToObj(column -> cells.get(column).column(name(column), rows))
                        .toList());
    }

    /** What to do where columns were not sent. */
    @FunctionalInterface
    interface Remedy {
        /** To be added to objects. */
        Remedy KEYS = names -> "null where it is not known). Add to a row: "
                + names.stream()
                        .map(name -> JsonNodeFactory.instance.textNode(name) + ": null")
                        .collect(Collectors.joining(", "));

        /** The end of a message, from inside its parentheses. */
        String of(List<String> names);
    }

    /** A model is not asked with less than it was trained on unless someone says that the rest is unknown. */
    private void complainOfUnseen(String what, Remedy remedy) {
        List<String> unseen = IntStream.range(0, seen.length)
                .filter(column -> !seen[column])
                .mapToObj(this::name)
                .toList();
        if (!unseen.isEmpty()) {
            complain(what + ": without " + listed(unseen) + " (expected: every column of the model, "
                    + remedy.of(unseen.subList(0, Math.min(unseen.size(), NAMES_SHOWN))));
        }
    }
}
