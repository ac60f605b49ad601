package dev.millwright.evaluation;

/**
 * How much a model leans on a column.
 *
 * @param drop how much worse the metric gets, on the mean, when the column is shuffled; 0 when the model ignores it
 * @param deviation the sample standard deviation of the drop between repeats; 0 with one repeat
 */
public record Importance(String column, double drop, double deviation) {}
