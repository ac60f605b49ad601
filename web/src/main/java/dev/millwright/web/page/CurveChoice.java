package dev.millwright.web.page;

import java.util.List;
import java.util.Locale;

/**
 * How curves are drawn.
 *
 * @param metrics those that have histories
 * @param metric the one that is shown where there is room for one; empty when there is none
 * @param axis {@code step} or {@code time}
 * @param scale {@code log} or {@code linear}
 * @param smoothing weight of what came before in the moving average, from 0 (none) to below 1
 */
public record CurveChoice(List<String> metrics, String metric, String axis, String scale, double smoothing) {
    /** The strongest smoothing: beyond it a curve hardly moves. */
    public static final double MOST = 0.99;

    public CurveChoice {
        metrics = List.copyOf(metrics);
    }

    public boolean byTime() {
        return axis.equals("time");
    }

    public boolean isLog() {
        return scale.equals("log");
    }

    public String smoothingText() {
        return String.format(Locale.ROOT, "%.2f", smoothing);
    }
}
