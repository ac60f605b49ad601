package dev.millwright.plan.window;

/** What a summary can tell of a column's values, beside how many aren't NULL. */
public enum Measure {
    /** Of BIGINT exactly, of DOUBLE compensated. */
    SUM,
    /** The least and the greatest. */
    EXTREMES,
    /** The sum of the squared deviations from the mean; of DOUBLE alone. */
    DEVIATIONS
}
