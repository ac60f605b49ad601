package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * A run in the list that can be searched.
 *
 * @param cells the values of the chosen columns, in their order
 * @param children how many runs are within it; more than {@value #MOST_COUNTED} are not told apart
 * @param level how many runs it is shown within
 * @param under the run that it is shown under
 */
public record RunLine(RunRow run, List<Cell> cells, int children, int level, Optional<String> under) {
    public static final int MOST_COUNTED = 1_000;

    private static final int DEEPEST = 4;

    public RunLine {
        cells = List.copyOf(cells);
    }

    /** A value as it is shown; empty when the run has none. */
    public record Cell(String text, Alignment alignment) {
        public static final Cell EMPTY = new Cell("", Alignment.TEXT);
    }

    /** Numbers stand below one another by their last digit. */
    public enum Alignment {
        TEXT(""),
        NUMBER("num");

        private final String style;

        Alignment(String style) {
            this.style = style;
        }

        public String style() {
            return style;
        }
    }

    /** How many runs are within it, in words. */
    public String counted() {
        return children > MOST_COUNTED ? Figures.count(MOST_COUNTED) + "+" : Figures.count(children);
    }

    public String indent() {
        return "level-" + Math.clamp(level, 0, DEEPEST);
    }
}
