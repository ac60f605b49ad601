package dev.millwright.evaluation;

import java.util.List;

/**
 * A table of coloured cells.
 *
 * @param title what the chart shows, for those who don't see it
 * @param rowTitle what the rows are, {@code columnTitle} what the columns are
 * @param cells {@code cells.get(row).get(column)}
 */
public record HeatMap(
        String title,
        String rowTitle,
        String columnTitle,
        List<String> rows,
        List<String> columns,
        List<List<Cell>> cells) {
    private static final double TOP = 20;
    private static final double NAMES = 84;
    private static final int NAME_LENGTH = 12;

    /** Text stays readable (AA) on the accent at no more than this opacity, in light and in dark. */
    private static final double STRONGEST = 0.5;

    /**
     * One cell.
     *
     * @param strength of its colour, from 0 to 1; NaN for no colour
     * @param text what stands in it
     * @param detail a second, smaller line where there is room
     */
    public record Cell(double strength, String text, String detail, String hover) {}

    public HeatMap {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        cells = cells.stream().map(List::copyOf).toList();
    }

    /** The chart as one {@code <svg>} element. */
    public String svg() {
        double all = (Chart.WIDTH - NAMES) / columns.size();
        boolean slanted = columns.stream().anyMatch(name -> name.length() * Svg.CHARACTER > all - 4);
        double width = (Chart.WIDTH - NAMES - (slanted ? overhang(all) : 0)) / columns.size();
        double height = Math.clamp(width * 0.6, 14, 72);
        double head = TOP + (slanted ? 62 : 20);
        Svg svg = new Svg(title, Chart.WIDTH, head + rows.size() * height + 4);
        svg.text(0, 12, "mw-title", Mark.Anchor.START, rowTitle + " ↓");
        svg.text(Chart.WIDTH, 12, "mw-title", Mark.Anchor.END, columnTitle + " →");
        for (int column = 0; column < columns.size(); column++) {
            double middle = NAMES + (column + 0.5) * width;
            if (slanted) {
                svg.slanted(middle, head - 6, "mw-name", Markup.shorten(columns.get(column), NAME_LENGTH));
            } else {
                svg.text(middle, head - 6, "mw-name", Mark.Anchor.MIDDLE, columns.get(column));
            }
        }
        for (int row = 0; row < rows.size(); row++) {
            double top = head + row * height;
            svg.text(
                    NAMES - 8,
                    top + height / 2 + 4,
                    "mw-name",
                    Mark.Anchor.END,
                    Markup.shorten(rows.get(row), NAME_LENGTH));
            for (int column = 0; column < columns.size(); column++) {
                draw(svg, cells.get(row).get(column), NAMES + column * width, top, width, height);
            }
        }
        return svg.finish();
    }

    /** How far the last column's slanted name reaches beyond it. */
    private double overhang(double width) {
        int length = Math.min(NAME_LENGTH, columns.getLast().length());
        return Math.max(0, length * Svg.CHARACTER * Math.cos(Math.toRadians(40)) - width / 2);
    }

    private static void draw(Svg svg, Cell cell, double left, double top, double width, double height) {
        double strength = Double.isNaN(cell.strength()) ? 0 : Math.clamp(cell.strength(), 0, 1);
        svg.rectangle(left + 1, top + 1, width - 2, height - 2, "mw-empty", 1, "");
        svg.rectangle(
                left + 1, top + 1, width - 2, height - 2, "mw-cell mw-accent", STRONGEST * strength, cell.hover());
        double middle = left + width / 2;
        boolean two = height >= 36 && !cell.detail().isEmpty();
        if (cell.text().length() * Svg.CHARACTER <= width - 4 && height >= 14) {
            svg.text(middle, top + height / 2 + (two ? -2 : 4), "mw-figure", Mark.Anchor.MIDDLE, cell.text());
        }
        if (two && cell.detail().length() * Svg.CHARACTER <= width) {
            svg.text(middle, top + height / 2 + 14, "mw-tick", Mark.Anchor.MIDDLE, cell.detail());
        }
    }
}
