package dev.millwright.web.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A measure over the versions of a dataset, with the bounds drawn that it had to keep to.
 *
 * @param versions that the chart has room for, oldest first
 * @param points of some of them, in that order
 * @param chosen the version that is looked at
 * @param label what is shown, for those who don't see it
 */
public record VersionChart(List<Integer> versions, List<Point> points, Unit unit, int chosen, String label) {
    public static final int WIDTH = 320;
    public static final int HEIGHT = 132;
    public static final int LEFT = 50;
    public static final int RIGHT = WIDTH - 8;
    public static final int TOP = 14;
    public static final int GROUND = HEIGHT - 20;
    private static final double PAD = 10;
    private static final int DOTTED = 40;
    private static final int NAMED = 8;
    private static final double CROWDED = 11;

    public VersionChart {
        versions = List.copyOf(versions);
        List<Integer> shown = versions;
        points =
                points.stream().filter(point -> shown.contains(point.version())).toList();
    }

    /** What is counted. */
    public enum Unit {
        ROWS,
        /** From 0 to 1. */
        SHARE,
        NUMBER,
        SECONDS
    }

    /**
     * What was found in a version.
     *
     * @param value empty when there was nothing to measure
     * @param least the smallest value that held
     * @param most the largest one
     * @param text value and outcome for a person
     */
    public record Point(
            int version,
            Optional<Double> value,
            Optional<Double> least,
            Optional<Double> most,
            boolean passed,
            String text) {
        /** Of a measure that keeps to no bounds. */
        public static Point free(int version, double value, String text) {
            return new Point(version, Optional.of(value), Optional.empty(), Optional.empty(), true, text);
        }
    }

    /** A label on an axis, or a line of the grid. */
    public record Tick(String label, String at) {}

    /** A mark: where it is, and what it says when it is pointed at. */
    public record Dot(String x, String y, boolean passed, String text) {}

    private VersionScale scale() {
        return VersionScale.around(
                points.stream()
                        .flatMap(point -> Stream.of(point.value(), point.least(), point.most()))
                        .flatMap(Optional::stream)
                        .toList(),
                unit);
    }

    public List<Tick> ticks() {
        VersionScale scale = scale();
        return scale.ticks().stream()
                .map(value -> new Tick(scale.tick(value), number(y(scale, value))))
                .toList();
    }

    /** The bounds that were drawn last, as labels. */
    public List<Tick> limits() {
        VersionScale scale = scale();
        List<Tick> limits = new ArrayList<>();
        points.stream()
                .reduce((before, after) -> after)
                .ifPresent(last -> Stream.of(last.most(), last.least())
                        .flatMap(Optional::stream)
                        .distinct()
                        .map(value -> new Tick(scale.exact(value), number(y(scale, value))))
                        .filter(limit -> limits.stream().noneMatch(other -> crowded(limit, other)))
                        .forEach(limits::add));
        return limits;
    }

    /** Whether the label would run into that of a bound. */
    public boolean isCrowded(Tick tick) {
        return limits().stream().anyMatch(limit -> crowded(tick, limit));
    }

    private static boolean crowded(Tick one, Tick other) {
        return Math.abs(Double.parseDouble(one.at()) - Double.parseDouble(other.at())) < CROWDED;
    }

    /** The names of versions: of all when there are a few, else of the first and the last. */
    public List<Tick> names() {
        return versions.stream()
                .filter(version -> versions.size() <= NAMED
                        || version.equals(versions.getFirst())
                        || version.equals(versions.getLast()))
                .map(version -> new Tick("v" + version, number(x(version))))
                .toList();
    }

    /** Where the version is that is looked at. */
    public Optional<String> chosenAt() {
        return versions.contains(chosen) ? Optional.of(number(x(chosen))) : Optional.empty();
    }

    /** The curve, broken where nothing was measured. */
    public String path() {
        VersionScale scale = scale();
        StringBuilder path = new StringBuilder();
        int before = -2;
        for (Point point : points) {
            int index = versions.indexOf(point.version());
            if (point.value().isPresent()) {
                path.append(index == before + 1 ? 'L' : 'M')
                        .append(number(x(point.version())))
                        .append(' ')
                        .append(number(y(scale, point.value().get())));
                before = index;
            }
        }
        return path.toString();
    }

    /** The lines of the bounds, each as long as it was in force. */
    public String bounds() {
        return line(Point::least) + line(Point::most);
    }

    private String line(Function<Point, Optional<Double>> bound) {
        VersionScale scale = scale();
        StringBuilder path = new StringBuilder();
        Optional<Double> drawn = Optional.empty();
        int before = -2;
        for (Point point : points) {
            int index = versions.indexOf(point.version());
            Optional<Double> value = bound.apply(point);
            if (value.isPresent()) {
                if (!value.equals(drawn) || index != before + 1) {
                    path.append('M').append(number(edge(index, -0.5))).append(' ');
                    path.append(number(y(scale, value.get())));
                }
                path.append('H').append(number(edge(index, 0.5)));
            }
            drawn = value;
            before = index;
        }
        return path.toString();
    }

    /** A dot for each value that was found; of many versions for the last and for those that broke a bound. */
    public List<Dot> dots() {
        VersionScale scale = scale();
        return points.stream()
                .filter(point -> point.value().isPresent())
                .filter(point -> points.size() <= DOTTED || !point.passed() || point.equals(points.getLast()))
                .map(point -> new Dot(
                        number(x(point.version())),
                        number(y(scale, point.value().orElseThrow())),
                        point.passed(),
                        "v" + point.version() + ": " + point.text()))
                .toList();
    }

    /** Where there was nothing to measure, but something was expected. */
    public List<Dot> blanks() {
        return points.stream()
                .filter(point -> point.value().isEmpty())
                .map(point -> new Dot(
                        number(x(point.version())),
                        Integer.toString(GROUND),
                        point.passed(),
                        "v" + point.version() + ": " + point.text()))
                .toList();
    }

    private double x(int version) {
        return x(versions.indexOf(version), 0);
    }

    private double edge(int index, double half) {
        return Math.min(RIGHT, Math.max(LEFT, x(index, half)));
    }

    private double x(int index, double half) {
        double room = RIGHT - LEFT - 2 * PAD;
        return versions.size() == 1
                ? LEFT + PAD + room / 2 + half * 2 * room
                : LEFT + PAD + room * (index + half) / (versions.size() - 1);
    }

    private static double y(VersionScale scale, double value) {
        return TOP + (GROUND - TOP) * (1 - scale.share(value));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
