package dev.millwright.web.page;

import java.util.List;
import java.util.Locale;

/**
 * A small curve without axes, oldest value first.
 *
 * @param label what it shows, for those who don't see it
 */
public record Sparkline(List<Double> values, String label) {
    public static final int WIDTH = 160;
    public static final int HEIGHT = 36;
    private static final int PAD = 2;

    public Sparkline {
        values = List.copyOf(values);
    }

    /** Whether there is enough for a line. */
    public boolean isDrawn() {
        return values.size() > 1;
    }

    /** The curve as an SVG path. */
    public String line() {
        StringBuilder path = new StringBuilder();
        double top =
                Math.max(values.stream().mapToDouble(Double::doubleValue).max().orElse(1), 1e-9);
        for (int i = 0; i < values.size(); i++) {
            double x = PAD + (WIDTH - 2.0 * PAD) * i / (values.size() - 1);
            double y = HEIGHT - PAD - (HEIGHT - 2.0 * PAD) * Math.max(0, values.get(i)) / top;
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", x, y));
        }
        return path.toString();
    }

    /** The same, closed to the ground, for a fill. */
    public String area() {
        return line() + String.format(Locale.ROOT, "L%d %dL%d %dZ", WIDTH - PAD, HEIGHT, PAD, HEIGHT);
    }
}
