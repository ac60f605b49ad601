package dev.millwright.plan;

import java.util.List;

/**
 * Which rows a window function sees: those of the same partition whose timestamp lies in the frame. Rows without a timestamp
 * see nothing and are seen by none. ROWS frames take rows of the same timestamp in the order of their row ids.
 */
record WindowSpec(List<Expression> partition, Expression order, Frame frame) {
    WindowSpec {
        partition = List.copyOf(partition);
    }
}
