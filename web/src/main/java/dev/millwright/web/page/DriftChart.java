package dev.millwright.web.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How far a column has moved from the training data, window by window, with the threshold drawn.
 *
 * @param points oldest first
 */
public record DriftChart(List<Point> points, double threshold, String measure) {
    public static final int WIDTH = 320;
    public static final int HEIGHT = 132;
    private static final double LEFT = 34;
    private static final double RIGHT = 8;
    private static final double TOP = 10;
    private static final double BOTTOM = 20;

    public DriftChart {
        points = List.copyOf(points);
    }

    /** The measure over one window that ended at {@code time}. */
    public record Point(Instant time, double value) {}

    /** A line of the grid. */
    public record Tick(String label, String at) {}

    /** The top of the scale: above the threshold and all values. */
    public double top() {
        double largest = points.stream().mapToDouble(Point::value).max().orElse(0);
        double wanted = Math.max(largest, threshold) * 1.15;
        double step = Math.pow(10, Math.floor(Math.log10(wanted)));
        for (double multiple : new double[] {1, 2, 2.5, 4, 5, 10}) {
            if (multiple * step >= wanted) {
                return multiple * step;
            }
        }
        return 10 * step;
    }

    public List<Tick> ticks() {
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i <= 2; i++) {
            double value = top() * i / 2;
            ticks.add(new Tick(trimmed(value), number(y(value))));
        }
        return ticks;
    }

    /** The times at both ends. */
    public List<Tick> ends() {
        if (points.isEmpty()) {
            return List.of();
        }
        Moment first = new Moment(points.getFirst().time(), points.getFirst().time());
        Moment last = new Moment(points.getLast().time(), points.getLast().time());
        boolean sameDay = first.day().equals(last.day());
        return List.of(
                new Tick(sameDay ? first.clock() : first.day(), number(LEFT)),
                new Tick(sameDay ? last.clock() : last.day(), number(WIDTH - RIGHT)));
    }

    public String thresholdAt() {
        return number(y(threshold));
    }

    public String path() {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < points.size(); i++) {
            path.append(i == 0 ? 'M' : 'L').append(x(i)).append(' ').append(y(i));
        }
        return path.toString();
    }

    public String x(int index) {
        double width = WIDTH - LEFT - RIGHT;
        return number(points.size() == 1 ? LEFT + width / 2 : LEFT + width * index / (points.size() - 1));
    }

    public String y(int index) {
        return number(y(points.get(index).value()));
    }

    public boolean isOver(int index) {
        return points.get(index).value() > threshold;
    }

    private double y(double value) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(1, Math.max(0, value) / top()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String trimmed(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return value == 0 ? "0" : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
