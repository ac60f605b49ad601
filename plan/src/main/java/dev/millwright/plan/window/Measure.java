package dev.millwright.plan.window;

/** What a summary can tell of a column's values, beside how many aren't NULL. */
public enum Measure {
    /** Of BIGINT exactly, of DOUBLE compensated; NaN when one is larger than {@link #LARGEST_SUMMED}. */
    SUM,
    /** The least and the greatest. */
    EXTREMES,
    /** The sum of the squared deviations from the mean; of DOUBLE alone; NaN when one is larger than {@link #LARGEST_SQUARED}. */
    DEVIATIONS,
    /** The first and the last. */
    EDGES;

    /** 2⁹⁶⁰: the sum of any number of values that aren't larger is finite. */
    public static final double LARGEST_SUMMED = 0x1p960;

    /** 2⁴⁸⁰: the sum of the squares of any number of values that aren't larger is finite. */
    public static final double LARGEST_SQUARED = 0x1p480;
}
