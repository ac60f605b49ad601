package dev.millwright.plan.window;

import dev.millwright.core.ColumnType;
import java.util.Set;

/**
 * A value that a window remembers of each event.
 *
 * @param measures what is asked of it; without any, only whether it is NULL is kept
 */
public record WindowColumn(ColumnType type, Set<Measure> measures) {
    public WindowColumn {
        measures = Set.copyOf(measures);
        if (measures.contains(Measure.SUM) && !type.isNumeric()) {
            throw new IllegalArgumentException("SUM: " + type + " (expected: BIGINT or DOUBLE)");
        }
        if (measures.contains(Measure.DEVIATIONS) && type != ColumnType.DOUBLE) {
            throw new IllegalArgumentException("DEVIATIONS: " + type + " (expected: DOUBLE)");
        }
    }
}
