package dev.millwright.pipelines.profile;

import dev.millwright.core.ColumnType;
import dev.millwright.data.profile.ColumnSummary;
import dev.millwright.data.profile.ColumnSummary.Trait;
import dev.millwright.data.profile.ColumnSummary.ValueCount;
import dev.millwright.data.profile.DataProfile;
import dev.millwright.data.profile.Histogram;
import dev.millwright.data.profile.NumberSummary;
import dev.millwright.evaluation.Axis;
import dev.millwright.evaluation.BarChart;
import dev.millwright.evaluation.Block;
import dev.millwright.evaluation.Blocks;
import dev.millwright.evaluation.Chart;
import dev.millwright.evaluation.Figures;
import dev.millwright.evaluation.Mark;
import dev.millwright.evaluation.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** All columns in a table, and the distribution of each. */
final class ColumnsSection {
    /** Of more columns a page takes long to open. */
    private static final int MOST_CHARTS = 200;

    private static final int LONGEST_VALUE = 32;

    private ColumnsSection() {}

    static Section overview(DataProfile profile) {
        StringBuilder html = new StringBuilder("<div class=\"card\"><div class=\"scroll\"><table><thead><tr>");
        for (String heading : List.of("Column", "Type", "#Missing", "#Distinct", "Range, or most frequent", "")) {
            html.append(heading.startsWith("#") ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                    .append(heading.replace("#", ""))
                    .append("</th>");
        }
        html.append("</tr></thead><tbody>");
        for (int i = 0; i < profile.columns().size(); i++) {
            ColumnSummary column = profile.columns().get(i);
            String name = Markup.escape(column.name());
            html.append("<tr><td>")
                    .append(i < MOST_CHARTS ? "<a href=\"#column-" + i + "\">" + name + "</a>" : name)
                    .append("</td><td>")
                    .append(column.type().label())
                    .append("</td><td class=\"n\">")
                    .append(column.missing() == 0 ? "0" : Figures.percent(share(column.missing(), column)))
                    .append("</td><td class=\"n\">")
                    .append(Figures.count(column.distinct()))
                    .append("</td><td>")
                    .append(Markup.escape(range(column)))
                    .append("</td><td class=\"traits\">")
                    .append(traits(column))
                    .append("</td></tr>");
        }
        return new Section(
                "columns",
                "Columns",
                html.append("</tbody></table></div></div>").toString());
    }

    private static double share(long rows, ColumnSummary column) {
        return (double) rows / column.rows();
    }

    /** From the least to the greatest value, or for texts the most frequent ones. */
    private static String range(ColumnSummary column) {
        return switch (column.type()) {
            case BIGINT, DOUBLE -> range(column, Numbers::text);
            case TIMESTAMP -> range(column, ColumnsSection::moment);
            case BOOLEAN, VARCHAR ->
                column.frequent().stream()
                        .limit(3)
                        .map(value -> shortened(value.value()))
                        .collect(Collectors.joining(", "));
        };
    }

    private static String range(ColumnSummary column, UnaryOperator<String> written) {
        String least = column.minimum().map(written).orElse("");
        return column.distinct() > 1
                ? least + " – " + column.maximum().map(written).orElse("")
                : least;
    }

    /** {@code 2026-11-01 12:00:00}; a date where it is midnight. */
    private static String moment(String iso) {
        return iso.replace("T00:00:00Z", "").replace("T", " ").replace("Z", "");
    }

    private static String shortened(String value) {
        return value.codePointCount(0, value.length()) <= LONGEST_VALUE
                ? value
                : value.substring(0, value.offsetByCodePoints(0, LONGEST_VALUE - 1)) + "…";
    }

    private static String traits(ColumnSummary column) {
        return column.traits().stream().map(ColumnsSection::trait).collect(Collectors.joining(", "));
    }

    private static String trait(Trait trait) {
        return switch (trait) {
            case EMPTY -> "no value";
            case CONSTANT -> "constant";
            case NEARLY_CONSTANT -> "nearly constant";
            case ID -> "id: no value stands twice";
            case NEARLY_AN_ID -> "nearly an id";
            case HIGH_CARDINALITY -> "many different texts";
        };
    }

    static Section distributions(DataProfile profile) {
        List<String> figures = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST_CHARTS, profile.columns().size()); i++) {
            ColumnSummary column = profile.columns().get(i);
            if (column.type() != ColumnType.TIMESTAMP || column.present() == 0) {
                figures.add(figure(column).replaceFirst("<figure", "<figure id=\"column-" + i + "\""));
            }
        }
        String left = profile.columns().size() > MOST_CHARTS
                ? Section.paragraph("Only the first " + MOST_CHARTS + " columns are drawn.")
                : "";
        return new Section("distributions", "Distributions", left + Section.grid(figures));
    }

    private static String figure(ColumnSummary column) {
        String caption = column.type().label() + ", " + Figures.count(column.distinct()) + " distinct, "
                + (column.missing() == 0
                        ? "none missing"
                        : Figures.percent(share(column.missing(), column)) + " missing")
                + (column.once() > 0 && column.distinct() > column.once()
                        ? ", " + Figures.count(column.once()) + " occur once"
                        : "")
                + ".";
        if (column.present() == 0) {
            return Section.figure(column.name(), caption, "", "");
        }
        if (column.type() == ColumnType.VARCHAR && column.distinct() == column.present() && column.distinct() > 1) {
            String some = column.frequent().stream()
                    .limit(3)
                    .map(value -> shortened(value.value()))
                    .collect(Collectors.joining(", "));
            return Section.figure(column.name(), caption + " No value occurs twice: " + some + ", …", "", "");
        }
        return switch (column.type()) {
            case BIGINT, DOUBLE ->
                Section.figure(
                        column.name(),
                        caption + tails(column),
                        histogram(column),
                        column.numbers().map(ColumnsSection::numbers).orElse(""));
            case TIMESTAMP -> throw new IllegalArgumentException(column.name() + ": drawn with its gaps, under Time");
            case BOOLEAN, VARCHAR ->
                Section.figure(
                        column.name(),
                        caption,
                        values("The most frequent values", column.frequent(), column.rows()),
                        "");
        };
    }

    private static String tails(ColumnSummary column) {
        long left =
                column.histogram().map(found -> found.below() + found.above()).orElse(0L);
        return left == 0 ? "" : " " + Figures.count(left) + " far from the others are not drawn.";
    }

    private static String histogram(ColumnSummary column) {
        Histogram histogram = column.histogram().orElseThrow();
        boolean whole = column.type() == ColumnType.BIGINT
                && histogram.bins().getFirst().to()
                                - histogram.bins().getFirst().from()
                        == 1;
        List<Mark.Bar> bars = histogram.bins().stream()
                .map(bin -> new Mark.Bar(
                        bin.from(), bin.to(), bin.rows(), hover(bin, whole) + Figures.count(bin.rows()) + " rows"))
                .toList();
        List<Mark> marks = new ArrayList<>();
        marks.add(new Mark.Bars(bars, Mark.Tone.ACCENT));
        column.numbers()
                .map(numbers -> numbers.quantiles().p50())
                .filter(median -> !whole
                        && median >= histogram.bins().getFirst().from()
                        && median <= histogram.bins().getLast().to())
                .ifPresent(median -> marks.add(new Mark.VerticalRule(median, "median")));
        return new Chart(
                        "Distribution of " + column.name(),
                        Axis.number(column.name()),
                        Axis.number("rows").startingAt(0),
                        marks)
                .svg();
    }

    private static String hover(Histogram.Bin bin, boolean whole) {
        return (whole
                        ? Numbers.text((bin.from() + bin.to()) / 2)
                        : Numbers.text(bin.from()) + " to " + Numbers.text(bin.to()))
                + ": ";
    }

    /** Bars of values, with their share of {@code rows}. */
    static String values(String title, List<ValueCount> values, long rows) {
        List<BarChart.Bar> bars = values.stream()
                .map(value -> {
                    double share = (double) value.rows() / rows;
                    String name = value.value().isBlank() ? "(blank)" : value.value();
                    return new BarChart.Bar(name, share, share, share, Figures.percent(share));
                })
                .toList();
        return new BarChart(title, "share of the rows", bars, Mark.Tone.ACCENT).svg();
    }

    private static String numbers(NumberSummary numbers) {
        NumberSummary.Quantiles of = numbers.quantiles();
        return Blocks.html(new Block.Facts(List.of(
                new Block.Fact("mean", Numbers.text(numbers.mean())),
                new Block.Fact("deviation", Numbers.text(numbers.deviation())),
                new Block.Fact("5\u00a0%", Numbers.text(of.p05())),
                new Block.Fact("25\u00a0%", Numbers.text(of.p25())),
                new Block.Fact("median", Numbers.text(of.p50())),
                new Block.Fact("75\u00a0%", Numbers.text(of.p75())),
                new Block.Fact("95\u00a0%", Numbers.text(of.p95())),
                new Block.Fact("zeros", Figures.count(numbers.zeros())))));
    }
}
