package dev.millwright.plan.window;

import dev.millwright.core.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Where tiles hold the values of each column, and summaries what they know of it. Immutable. */
final class SummaryLayout {
    /** How many texts a summary has of a column. */
    static final int TEXTS = 4;

    /** The cell of a summary that counts events. */
    static final int EVENTS = 0;

    private static final int NONE = -1;

    private final List<WindowColumn> columns;
    private final List<List<Place>> places = new ArrayList<>();
    private final int[] numberSlots;
    private final int[] textSlots;
    private final int numbers;
    private final int texts;
    private final int cells;

    /** @param cell the first of the part's cells */
    record Place(SummaryPart part, int cell) {}

    SummaryLayout(List<WindowColumn> columns) {
        this.columns = columns;
        this.numberSlots = new int[columns.size()];
        this.textSlots = new int[columns.size()];
        Arrays.fill(numberSlots, NONE);
        Arrays.fill(textSlots, NONE);
        int cell = EVENTS + 1;
        int slots = 0;
        int textual = 0;
        for (int i = 0; i < columns.size(); i++) {
            List<Place> ofColumn = new ArrayList<>();
            for (SummaryPart part : parts(columns.get(i))) {
                ofColumn.add(new Place(part, cell));
                cell += part.cells();
            }
            places.add(List.copyOf(ofColumn));
            if (columns.get(i).measures().isEmpty()) {
                continue;
            }
            if (columns.get(i).type() == ColumnType.VARCHAR) {
                textSlots[i] = textual++;
            } else {
                numberSlots[i] = slots++;
            }
        }
        this.cells = cell;
        this.numbers = slots;
        this.texts = textual;
    }

    private static List<SummaryPart> parts(WindowColumn column) {
        List<SummaryPart> parts = new ArrayList<>(List.of(SummaryPart.COUNT));
        Set<Measure> measures = column.measures();
        boolean real = column.type() == ColumnType.DOUBLE;
        if (measures.contains(Measure.SUM)) {
            parts.add(real ? SummaryPart.REAL_SUM : SummaryPart.WHOLE_SUM);
        }
        if (measures.contains(Measure.EXTREMES) && column.type() != ColumnType.VARCHAR) {
            parts.add(real ? SummaryPart.REAL_EXTREMES : SummaryPart.WHOLE_EXTREMES);
        }
        if (measures.contains(Measure.EDGES) && column.type() != ColumnType.VARCHAR) {
            parts.add(SummaryPart.EDGES);
        }
        if (measures.contains(Measure.DEVIATIONS)) {
            parts.add(SummaryPart.DEVIATIONS);
        }
        return parts;
    }

    int columns() {
        return columns.size();
    }

    ColumnType type(int column) {
        return columns.get(column).type();
    }

    /** What a summary holds of a column, the count first. */
    List<Place> places(int column) {
        return places.get(column);
    }

    /** The first cell of what a summary holds of a column. */
    int cell(int column, SummaryPart part) {
        for (Place place : places.get(column)) {
            if (place.part() == part) {
                return place.cell();
            }
        }
        throw new IllegalArgumentException(
                part + ": not kept of column " + column + " (expected: one of its measures)");
    }

    /** How many longs a summary has. */
    int cells() {
        return cells;
    }

    /** How many columns of tiles hold numbers; text columns come beside them. */
    int numbers() {
        return numbers;
    }

    /** How many columns hold text. A summary has {@link #TEXTS} texts for each of them: the least, the greatest, the first, the last. */
    int texts() {
        return texts;
    }

    /** The position among the columns that hold numbers, or negative. */
    int numberSlot(int column) {
        return numberSlots[column];
    }

    /** The position among the columns that hold text, or negative. */
    int textSlot(int column) {
        return textSlots[column];
    }
}
