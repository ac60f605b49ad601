package dev.millwright.data.profile;

import java.util.OptionalDouble;

/**
 * The distribution of numbers.
 *
 * @param deviation the sample standard deviation; 0 for a single value
 * @param skewness of the sample, adjusted for its size (Joanes and Gill 1998, G1); empty where it is not defined
 */
public record NumberSummary(
        double mean,
        double deviation,
        OptionalDouble skewness,
        long zeros,
        long negatives,
        Quantiles quantiles,
        Outliers outliers) {

    /** Values that so many hundredths of the values are no larger than; between two values by straight line (Hyndman and Fan 1996, type 7). */
    public record Quantiles(double p01, double p05, double p25, double p50, double p75, double p95, double p99) {
        /** The spread of the middle half. */
        public double interquartileRange() {
            return p75 - p25;
        }
    }

    /**
     * Values far from the others, by two rules that a few wild values don't move.
     *
     * @param lowerFence one and a half interquartile ranges below the lower quartile (Tukey 1977)
     * @param upperFence the same above the upper quartile
     * @param below rows beyond the lower fence; 0 where the quartiles are the same, for then every other value would be
     * @param above likewise
     * @param mad the median absolute deviation from the median
     * @param extreme rows whose modified z-score, 0.6745 times the distance from the median over {@code mad}, is beyond 3.5
     *     (Iglewicz and Hoaglin 1993); 0 where {@code mad} is 0, as when more than half of the values are the same
     */
    public record Outliers(double lowerFence, double upperFence, long below, long above, double mad, long extreme) {
        public long beyondFences() {
            return below + above;
        }
    }
}
