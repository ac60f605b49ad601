package dev.millwright.plan;

import java.util.OptionalLong;

/**
 * Which rows before the current one a window takes.
 *
 * @param reach how far back the frame starts: microseconds or rows; empty for UNBOUNDED PRECEDING
 * @param gap how far back it ends, inclusive: 0 is CURRENT ROW, which takes in rows of the same timestamp for
 *     {@link Unit#RANGE}
 */
record Frame(Unit unit, OptionalLong reach, long gap) {
    enum Unit {
        RANGE,
        ROWS
    }

    boolean includesCurrentRow() {
        return gap == 0;
    }
}
