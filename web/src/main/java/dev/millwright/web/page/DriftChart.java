package dev.millwright.web.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A measure over time with the threshold drawn: how far a column has moved from the training data, or how good
 * predictions turned out to be.
 *
 * @param points oldest first
 * @param marks where another version took over
 * @param good on which side of the threshold all is well
 */
public record DriftChart(List<Point> points, List<Mark> marks, double threshold, Good good, String measure) {
    public static final int WIDTH = 320;
    public static final int HEIGHT = 132;
    private static final double LEFT = 34;
    private static final double RIGHT = 8;
    private static final double TOP = 14;
    private static final double BOTTOM = 20;
    private static final int DOTTED = 40;
    private static final double CROWDED = 11;
    private static final double LABEL_WIDTH = 34;

    public DriftChart {
        points = List.copyOf(points);
        marks = List.copyOf(marks);
    }

    /** On which side of the threshold all is well. */
    public enum Good {
        BELOW,
        ABOVE
    }

    /** The measure over one window that ended at {@code time}. */
    public record Point(Instant time, double value) {}

    /** A version that took over. */
    public record Mark(Instant time, String label) {}

    /** A line of the grid, or a label on an axis. */
    public record Tick(String label, String at) {}

    /** The top of the scale: above the threshold and all values. */
    public double top() {
        double largest = points.stream().mapToDouble(Point::value).max().orElse(0);
        double highest = Math.max(largest, threshold);
        double wanted = highest <= 1 && good == Good.ABOVE ? Math.min(1, highest * 1.15) : highest * 1.15;
        wanted = Math.max(wanted, 1e-3);
        double step = Math.pow(10, Math.floor(Math.log10(wanted)));
        for (double multiple : new double[] {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8}) {
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
            ticks.add(new Tick(Figures.plain(value), number(y(value))));
        }
        return ticks;
    }

    /** Whether the label would run into that of the threshold. */
    public boolean isCrowded(Tick tick) {
        return Math.abs(Double.parseDouble(tick.at()) - y(threshold)) < CROWDED;
    }

    /** The times at both ends; one when there is one point only. */
    public List<Tick> ends() {
        if (points.isEmpty()) {
            return List.of();
        }
        Instant first = points.getFirst().time();
        Instant last = points.getLast().time();
        Tick end = new Tick(label(first, last, last), number(WIDTH - RIGHT));
        return points.size() == 1 ? List.of(end) : List.of(new Tick(label(first, last, first), number(LEFT)), end);
    }

    private static String label(Instant first, Instant last, Instant instant) {
        Moment moment = new Moment(instant, instant);
        return Duration.between(first, last).toHours() < 20 ? moment.clock() : moment.day();
    }

    /** The lines where another version took over; a label that would run into the one before is left out. */
    public List<Tick> takeovers() {
        List<Tick> lines = new ArrayList<>();
        double labelled = Double.NEGATIVE_INFINITY;
        for (Mark mark : marks) {
            double at = x(mark.time());
            boolean room = at - labelled > LABEL_WIDTH;
            lines.add(new Tick(room ? mark.label() : "", number(at)));
            labelled = room ? at : labelled;
        }
        return lines;
    }

    public String thresholdAt() {
        return number(y(threshold));
    }

    /** The curve, broken where another version took over. */
    public String path() {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < points.size(); i++) {
            path.append(i == 0 || begins(i) ? 'M' : 'L')
                    .append(x(i))
                    .append(' ')
                    .append(y(i));
        }
        return path.toString();
    }

    private boolean begins(int index) {
        Instant before = points.get(index - 1).time();
        Instant now = points.get(index).time();
        return marks.stream()
                .anyMatch(mark -> mark.time().isAfter(before) && !mark.time().isAfter(now));
    }

    public String x(int index) {
        return number(x(points.get(index).time()));
    }

    private double x(Instant time) {
        Duration whole =
                Duration.between(points.getFirst().time(), points.getLast().time());
        if (whole.isZero()) {
            return WIDTH - RIGHT;
        }
        double share = (double) Duration.between(points.getFirst().time(), time).toMillis() / whole.toMillis();
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, Math.max(0, share));
    }

    public String y(int index) {
        return number(y(points.get(index).value()));
    }

    /** Whether the point is worth a dot: the last always, each of few, and of many none. */
    public boolean isDotted(int index) {
        return index == points.size() - 1 || points.size() <= DOTTED;
    }

    /** Whether the point is on the wrong side of the threshold. */
    public boolean isOver(int index) {
        double value = points.get(index).value();
        return switch (good) {
            case BELOW -> value > threshold;
            case ABOVE -> value < threshold;
        };
    }

    private double y(double value) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(1, Math.max(0, value) / top()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
