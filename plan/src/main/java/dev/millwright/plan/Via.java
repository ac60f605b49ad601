package dev.millwright.plan;

/** How a column's values reach an output. */
public enum Via {
    /** The row's own value, also where it picks the window's partition or the row that is looked up. */
    ROW,
    /** A row of a joined table. */
    LOOKUP,
    /** Other rows, through a window. */
    WINDOW
}
