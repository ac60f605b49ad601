package dev.millwright.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * A chart with two axes as inline SVG. It is drawn 360 wide, so that on a phone's page its text keeps its size; colours come
 * from the page through {@link ChartStyle}.
 *
 * @param title what the chart shows, for those who don't see it
 * @param marks drawn in this order
 */
public record Chart(String title, Axis x, Axis y, List<Mark> marks) {
    static final double WIDTH = 360;
    private static final double HEIGHT = 290;
    private static final double LEFT = 46;
    private static final double TOP = 28;
    private static final double BOTTOM = 40;
    private static final double LINE_HEIGHT = 13;

    public Chart {
        marks = List.copyOf(marks);
    }

    /** The chart as one {@code <svg>} element. */
    public String svg() {
        return new Drawing().draw();
    }

    /** The chart with its axes fitted to the marks, and where these lie in pixels. */
    private final class Drawing {
        private final Svg svg = new Svg(title, WIDTH, HEIGHT);
        private final Axis fittedX;
        private final Axis fittedY;
        private final double right;

        Drawing() {
            double[] rangeX = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
            double[] rangeY = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
            marks.forEach(mark -> extent(mark, value -> widen(rangeX, value), value -> widen(rangeY, value)));
            fittedX = x.fitted(rangeX[0], rangeX[1]);
            fittedY = y.fitted(rangeY[0], rangeY[1]);
            int longest = endLabels().stream()
                    .mapToInt(line -> line.label().length())
                    .max()
                    .orElse(0);
            right = WIDTH - (longest == 0 ? 14 : Math.min(120, 10 + longest * Svg.CHARACTER));
        }

        String draw() {
            axes();
            marks.forEach(this::draw);
            labelLines();
            return svg.finish();
        }

        private double px(double value) {
            return LEFT + (value - fittedX.from()) / (fittedX.to() - fittedX.from()) * (right - LEFT);
        }

        private double py(double value) {
            double share = (value - fittedY.from()) / (fittedY.to() - fittedY.from());
            return HEIGHT - BOTTOM - Math.clamp(share, 0, 1) * (HEIGHT - BOTTOM - TOP);
        }

        private void axes() {
            double bottom = HEIGHT - BOTTOM;
            for (Axis.Tick tick : fittedY.ticks()) {
                svg.line(LEFT, py(tick.value()), right, py(tick.value()), "mw-grid");
                svg.text(LEFT - 6, py(tick.value()) + 4, "mw-tick", Mark.Anchor.END, tick.label());
            }
            for (Axis.Tick tick : fittedX.ticks()) {
                svg.line(px(tick.value()), bottom, px(tick.value()), bottom + 4, "mw-axis");
                svg.text(px(tick.value()), bottom + 16, "mw-tick", Mark.Anchor.MIDDLE, tick.label());
            }
            svg.line(LEFT, bottom, right, bottom, "mw-axis");
            svg.text(2, 12, "mw-title", Mark.Anchor.START, y.title());
            svg.text(right, HEIGHT - 6, "mw-title", Mark.Anchor.END, x.title());
        }

        private void draw(Mark mark) {
            switch (mark) {
                case Mark.Line line ->
                    svg.path(path(line), "mw-line " + line.tone().css() + dashes(line.path()));
                case Mark.Dots dots ->
                    dots.dots()
                            .forEach(dot -> svg.circle(
                                    px(dot.x()),
                                    py(dot.y()),
                                    dots.dots().size() > 60 ? 2 : 4,
                                    (dots.dots().size() > 60 ? "mw-speck " : "mw-dot ")
                                            + dots.tone().css(),
                                    dot.hover()));
                case Mark.Whiskers whiskers -> whiskers.ranges().forEach(range -> whisker(range, whiskers.tone()));
                case Mark.Band band ->
                    svg.path(outline(band), "mw-band " + band.tone().css());
                case Mark.Bars bars -> bars.bars().forEach(bar -> bar(bar, bars.tone()));
                case Mark.HorizontalRule rule -> horizontal(rule);
                case Mark.VerticalRule rule -> vertical(rule);
                case Mark.Note note ->
                    svg.text(
                            px(note.x()),
                            py(note.y()) + 4,
                            "mw-label " + note.tone().css(),
                            note.anchor(),
                            note.text());
            }
        }

        private String dashes(Mark.Path path) {
            return path == Mark.Path.DASHED ? " mw-dashed" : "";
        }

        private StringBuilder path(Mark.Line line) {
            StringBuilder path = new StringBuilder();
            boolean broken = true;
            for (Mark.Point point : line.points()) {
                if (Double.isNaN(point.y())) {
                    broken = true;
                    continue;
                }
                if (!broken && line.path() == Mark.Path.STEP) {
                    path.append('H').append(Svg.number(px(point.x())));
                    path.append('V').append(Svg.number(py(point.y())));
                } else {
                    path.append(broken ? 'M' : 'L').append(place(point.x(), point.y()));
                }
                broken = false;
            }
            return path;
        }

        private String place(double atX, double atY) {
            return Svg.number(px(atX)) + " " + Svg.number(py(atY));
        }

        private StringBuilder outline(Mark.Band band) {
            StringBuilder path = new StringBuilder();
            for (Mark.Range range : band.ranges()) {
                path.append(path.isEmpty() ? 'M' : 'L').append(place(range.x(), range.high()));
            }
            for (Mark.Range range : band.ranges().reversed()) {
                path.append('L').append(place(range.x(), range.low()));
            }
            return path.append(path.isEmpty() ? "" : "Z");
        }

        private void whisker(Mark.Range range, Mark.Tone tone) {
            String css = "mw-whisker " + tone.css();
            double at = px(range.x());
            svg.line(at, py(range.low()), at, py(range.high()), css);
            svg.line(at - 3, py(range.low()), at + 3, py(range.low()), css);
            svg.line(at - 3, py(range.high()), at + 3, py(range.high()), css);
        }

        private void bar(Mark.Bar bar, Mark.Tone tone) {
            double left = px(bar.from());
            double top = py(Math.max(bar.height(), 0));
            double width = Math.max(1, px(bar.to()) - left - 1);
            double height = py(Math.min(bar.height(), 0)) - top;
            svg.rectangle(left, top, width, height, "mw-bar " + tone.css(), 1, bar.hover());
        }

        private void horizontal(Mark.HorizontalRule rule) {
            svg.line(LEFT, py(rule.y()), right, py(rule.y()), "mw-line mw-muted mw-dashed");
            double at = switch (rule.anchor()) {
                case START -> LEFT + 4;
                case MIDDLE -> (LEFT + right) / 2;
                case END -> right - 2;
            };
            double above = py(rule.y()) - 5;
            double below = py(rule.y()) + LINE_HEIGHT;
            svg.text(at, above < TOP + 6 ? below : above, "mw-label mw-muted", rule.anchor(), rule.label());
        }

        private void vertical(Mark.VerticalRule rule) {
            double at = px(rule.x());
            svg.line(at, TOP, at, HEIGHT - BOTTOM, "mw-line mw-muted mw-dashed");
            boolean left = at > (LEFT + right) / 2;
            svg.text(
                    at + (left ? -4 : 4),
                    TOP + 9,
                    "mw-label mw-muted",
                    left ? Mark.Anchor.END : Mark.Anchor.START,
                    rule.label());
        }

        private List<Mark.Line> endLabels() {
            List<Mark.Line> lines = new ArrayList<>();
            for (Mark mark : marks) {
                if (mark instanceof Mark.Line line
                        && !line.label().isEmpty()
                        && !line.points().isEmpty()
                        && !Double.isNaN(line.points().getLast().y())) {
                    lines.add(line);
                }
            }
            return lines;
        }

        /** Each line's label at its end, moved down where it would lie on another. */
        private void labelLines() {
            List<Mark.Line> lines = endLabels();
            lines.sort(Comparator.comparingDouble(
                    line -> py(line.points().getLast().y())));
            double lowest = HEIGHT - BOTTOM - (lines.size() - 1) * LINE_HEIGHT;
            double next = TOP;
            for (Mark.Line line : lines) {
                double at = Math.max(next, Math.min(py(line.points().getLast().y()) + 4, lowest));
                svg.text(right + 5, at, "mw-label " + line.tone().css(), Mark.Anchor.START, line.label());
                next = at + LINE_HEIGHT;
                lowest += LINE_HEIGHT;
            }
        }
    }

    private static void widen(double[] range, double value) {
        if (Double.isFinite(value)) {
            range[0] = Math.min(range[0], value);
            range[1] = Math.max(range[1], value);
        }
    }

    private static void extent(Mark mark, DoubleConsumer xs, DoubleConsumer ys) {
        switch (mark) {
            case Mark.Line line ->
                line.points().forEach(point -> {
                    xs.accept(point.x());
                    ys.accept(point.y());
                });
            case Mark.Dots dots ->
                dots.dots().forEach(dot -> {
                    xs.accept(dot.x());
                    ys.accept(dot.y());
                });
            case Mark.Whiskers whiskers -> ranges(whiskers.ranges(), xs, ys);
            case Mark.Band band -> ranges(band.ranges(), xs, ys);
            case Mark.Bars bars ->
                bars.bars().forEach(bar -> {
                    xs.accept(bar.from());
                    xs.accept(bar.to());
                    ys.accept(bar.height());
                    ys.accept(0);
                });
            case Mark.HorizontalRule rule -> ys.accept(rule.y());
            case Mark.VerticalRule rule -> xs.accept(rule.x());
            case Mark.Note note -> {
                // a text has its place in the chart, and does not stretch it
            }
        }
    }

    private static void ranges(List<Mark.Range> ranges, DoubleConsumer xs, DoubleConsumer ys) {
        ranges.forEach(range -> {
            xs.accept(range.x());
            ys.accept(range.low());
            ys.accept(range.high());
        });
    }
}
