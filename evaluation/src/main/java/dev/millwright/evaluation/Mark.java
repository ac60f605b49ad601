package dev.millwright.evaluation;

import java.util.List;

/** Something drawn in a {@link Chart}, in the units of its axes. Later marks lie over earlier ones. */
public sealed interface Mark {

    /** The role of a mark, which decides its colour; the same role looks the same on every page. */
    enum Tone {
        /** What the chart is about. */
        ACCENT,
        /** What it is held against: validation beside training, the challenger beside the champion. */
        SECOND,
        /** Context: chance, perfection, a threshold. */
        MUTED;

        String css() {
            return switch (this) {
                case ACCENT -> "mw-accent";
                case SECOND -> "mw-second";
                case MUTED -> "mw-muted";
            };
        }
    }

    /** How points are joined. */
    enum Path {
        STRAIGHT,
        /** The value holds until the next point. */
        STEP,
        /** As {@link #STRAIGHT}, dashed: for references. */
        DASHED
    }

    /** Which side of its place a text stands on. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    record Point(double x, double y) {}

    /** Points joined by a line; where {@code y} is NaN the line breaks. The label stands at its right end, "" for none. */
    record Line(List<Point> points, Path path, Tone tone, String label) implements Mark {
        public Line {
            points = List.copyOf(points);
        }
    }

    /** A dot with what a reader sees on hovering. */
    record Dot(double x, double y, String hover) {}

    record Dots(List<Dot> dots, Tone tone) implements Mark {
        public Dots {
            dots = List.copyOf(dots);
        }
    }

    /** A vertical range at one place. */
    record Range(double x, double low, double high) {}

    /** Uncertainty of single points. */
    record Whiskers(List<Range> ranges, Tone tone) implements Mark {
        public Whiskers {
            ranges = List.copyOf(ranges);
        }
    }

    /** Uncertainty along a line. */
    record Band(List<Range> ranges, Tone tone) implements Mark {
        public Band {
            ranges = List.copyOf(ranges);
        }
    }

    /** One bar of a histogram. */
    record Bar(double from, double to, double height, String hover) {}

    record Bars(List<Bar> bars, Tone tone) implements Mark {
        public Bars {
            bars = List.copyOf(bars);
        }
    }

    /** A dashed line over the whole width, such as a threshold; its label stands on it at the given end. */
    record HorizontalRule(double y, String label, Anchor anchor) implements Mark {}

    /** A dashed line over the whole height, such as the moment of a switch. */
    record VerticalRule(double x, String label) implements Mark {}

    /** A text at a place in the chart. */
    record Note(double x, double y, Anchor anchor, Tone tone, String text) implements Mark {}
}
