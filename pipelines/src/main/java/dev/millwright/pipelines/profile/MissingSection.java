package dev.millwright.pipelines.profile;

import dev.millwright.data.profile.ColumnSummary;
import dev.millwright.data.profile.DataProfile;
import dev.millwright.data.profile.MissingPatterns;
import dev.millwright.evaluation.BarChart;
import dev.millwright.evaluation.Figures;
import dev.millwright.evaluation.HeatMap;
import dev.millwright.evaluation.Mark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What is missing, together and where. */
final class MissingSection {
    private static final int MOST_COLUMNS = 20;

    private MissingSection() {}

    static Section of(DataProfile profile) {
        List<ColumnSummary> columns = profile.columns().stream()
                .filter(column -> column.missing() > 0)
                .sorted(Comparator.comparingLong((ColumnSummary column) -> -column.missing()))
                .limit(MOST_COLUMNS)
                .toList();
        if (columns.isEmpty()) {
            return new Section("missing", "Missing values", Section.paragraph("No value is missing."));
        }
        MissingPatterns missing = profile.missing();
        List<String> figures = new ArrayList<>();
        figures.add(shares(columns));
        slices(missing, columns).ifPresent(figures::add);
        List<String> cards = new ArrayList<>();
        cards.add(Section.card(
                "Patterns, the most frequent of " + Figures.count(missing.different()),
                List.of("#Rows", "#Share", "Missing together"),
                missing.patterns().stream()
                        .map(pattern -> List.of(
                                Figures.count(pattern.rows()),
                                Figures.percent((double) pattern.rows() / profile.rows()),
                                String.join(", ", pattern.columns())))
                        .toList()));
        if (!missing.together().isEmpty()) {
            cards.add(Section.card(
                    "Columns that are missing together (φ 1) or never together (φ −1)",
                    List.of("Column", "Column", "#φ"),
                    missing.together().stream()
                            .map(pair -> List.of(pair.first(), pair.second(), Numbers.decimals(pair.phi())))
                            .toList()));
        }
        return new Section("missing", "Missing values", Section.grid(figures) + Section.wide(String.join("", cards)));
    }

    private static String shares(List<ColumnSummary> columns) {
        List<BarChart.Bar> bars = columns.stream()
                .map(column -> {
                    double share = (double) column.missing() / column.rows();
                    return new BarChart.Bar(column.name(), share, share, share, Figures.percent(share));
                })
                .toList();
        return Section.figure(
                "How much",
                "Columns with missing values, those with most of them first.",
                new BarChart("Share of missing values", "share of the rows", bars, Mark.Tone.ACCENT).svg(),
                "");
    }

    private static Optional<String> slices(MissingPatterns missing, List<ColumnSummary> columns) {
        if (missing.slices().isEmpty()) {
            return Optional.empty();
        }
        List<String> names = columns.stream().map(ColumnSummary::name).toList();
        List<MissingPatterns.Slices> shown = missing.slices().stream()
                .filter(slices -> names.contains(slices.column()))
                .toList();
        int width = shown.getFirst().shares().size();
        List<List<HeatMap.Cell>> cells = shown.stream()
                .map(slices -> IntStream.range(0, slices.shares().size())
                        .mapToObj(i -> new HeatMap.Cell(
                                slices.shares().get(i),
                                "",
                                "",
                                slices.column() + ", part " + (i + 1) + " of " + width + ": "
                                        + Figures.percent(slices.shares().get(i)) + " missing"))
                        .toList())
                .toList();
        HeatMap map = new HeatMap(
                "Where values are missing",
                "column",
                "first row to last row",
                shown.stream().map(MissingPatterns.Slices::column).toList(),
                Collections.nCopies(width, ""),
                cells);
        return Optional.of(Section.figure(
                "Where",
                "The rows in their order, in " + width + " parts: the darker, the more is missing.",
                map.svg(),
                ""));
    }
}
