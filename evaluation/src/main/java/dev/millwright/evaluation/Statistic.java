package dev.millwright.evaluation;

/**
 * A metric made ready for one set of rows: whatever must be sorted is sorted, so that each resample costs one pass.
 * Safe for use by several threads.
 */
@FunctionalInterface
public interface Statistic {
    /**
     * The metric on the rows, each taken as often as {@code counts} says.
     *
     * @param counts per row, how often it is taken; not negative, as many as there are rows
     * @return the value, or NaN where the metric is undefined
     */
    double at(int[] counts);
}
