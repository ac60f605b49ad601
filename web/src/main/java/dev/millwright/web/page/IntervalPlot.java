package dev.millwright.web.page;

import java.util.Collection;
import java.util.Locale;

/** Places values and their ranges on a scale that several rows share. */
public record IntervalPlot(double low, double high) {
    public static final int WIDTH = 120;

    /** A scale that holds all of them, with some air. */
    public static IntervalPlot around(Collection<Interval> intervals) {
        double low = intervals.stream().mapToDouble(Interval::low).min().orElse(0);
        double high = intervals.stream().mapToDouble(Interval::high).max().orElse(1);
        double air = high > low ? (high - low) * 0.08 : Math.max(Math.abs(low) * 0.05, 1e-6);
        return new IntervalPlot(low - air, high + air);
    }

    /** The horizontal place of a value, in the units of {@link #WIDTH}. */
    public String x(double value) {
        return String.format(Locale.ROOT, "%.1f", (value - low) / (high - low) * WIDTH);
    }
}
