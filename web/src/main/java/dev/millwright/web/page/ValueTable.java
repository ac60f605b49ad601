package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * Parameters and metrics of runs, a row each.
 *
 * @param omitted how many columns more there are
 */
public record ValueTable(List<Column> columns, List<Row> rows, int omitted) {
    /** No table. */
    public static final ValueTable NONE = new ValueTable(List.of(), List.of(), 0);

    public ValueTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * A parameter or metric.
     *
     * @param key {@code params.NAME} or {@code metrics.NAME}
     */
    public record Column(String key, String name) {}

    /** One entry a column; empty where the run logged nothing of the name. */
    public record Row(RunMark run, List<Optional<Cell>> cells) {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /**
     * A value.
     *
     * @param exact with all its digits
     */
    public record Cell(String exact, String shown) {}
}
