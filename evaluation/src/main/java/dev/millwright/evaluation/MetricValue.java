package dev.millwright.evaluation;

/**
 * A metric's value with the 95 % percentile interval of the bootstrap.
 *
 * @param value NaN where the metric is undefined on these rows
 * @param low NaN where there is no interval: the value is undefined, or too few resamples were defined
 */
public record MetricValue(String name, double value, double low, double high) {

    public boolean isDefined() {
        return !Double.isNaN(value);
    }

    public boolean hasInterval() {
        return !Double.isNaN(low) && !Double.isNaN(high);
    }
}
