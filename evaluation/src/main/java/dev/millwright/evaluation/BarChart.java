package dev.millwright.evaluation;

import java.util.List;

/**
 * Horizontal bars with names on the left, values on the right and, where known, their uncertainty.
 *
 * @param title what the chart shows, for those who don't see it
 * @param unit what the bars measure
 * @param bars from top to bottom
 */
public record BarChart(String title, String unit, List<Bar> bars, Mark.Tone tone) {
    private static final double ROW = 22;
    private static final double TOP = 26;
    private static final double NAMES = 130;
    private static final double VALUES = 52;
    private static final int NAME_LENGTH = 20;

    /**
     * One bar.
     *
     * @param text the value as written beside the bar
     * @param low lower end of its uncertainty; equal to {@code value}, as {@code high}, where there is none
     */
    public record Bar(String name, double value, double low, double high, String text) {}

    public BarChart {
        bars = List.copyOf(bars);
    }

    /** The chart as one {@code <svg>} element. */
    public String svg() {
        double height = TOP + bars.size() * ROW + 6;
        Svg svg = new Svg(title, Chart.WIDTH, height);
        double least = 0;
        double greatest = 0;
        for (Bar bar : bars) {
            least = Math.min(least, Math.min(bar.value(), bar.low()));
            greatest = Math.max(greatest, Math.max(bar.value(), bar.high()));
        }
        double scale = (Chart.WIDTH - NAMES - VALUES) / Math.max(greatest - least, Double.MIN_NORMAL);
        double zero = NAMES - least * scale;
        svg.text(NAMES, 12, "mw-title", Mark.Anchor.START, unit);
        for (int i = 0; i < bars.size(); i++) {
            draw(svg, bars.get(i), TOP + i * ROW, zero, scale);
        }
        svg.line(zero, TOP - 4, zero, height - 4, "mw-axis");
        return svg.finish();
    }

    private void draw(Svg svg, Bar bar, double top, double zero, double scale) {
        double middle = top + ROW / 2;
        double end = zero + bar.value() * scale;
        svg.text(NAMES - 8, middle + 4, "mw-name", Mark.Anchor.END, Markup.shorten(bar.name(), NAME_LENGTH));
        svg.rectangle(
                Math.min(zero, end),
                top + 4,
                Math.abs(end - zero),
                ROW - 8,
                "mw-bar " + tone.css(),
                1,
                bar.name() + ": " + bar.text());
        if (bar.high() > bar.low()) {
            svg.line(zero + bar.low() * scale, middle, zero + bar.high() * scale, middle, "mw-over");
            svg.line(zero + bar.low() * scale, middle - 3, zero + bar.low() * scale, middle + 3, "mw-over");
            svg.line(zero + bar.high() * scale, middle - 3, zero + bar.high() * scale, middle + 3, "mw-over");
        }
        svg.text(Chart.WIDTH - 1, middle + 4, "mw-value", Mark.Anchor.END, bar.text());
    }
}
