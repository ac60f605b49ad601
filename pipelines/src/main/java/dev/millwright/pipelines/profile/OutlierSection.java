package dev.millwright.pipelines.profile;

import dev.millwright.data.profile.ColumnSummary;
import dev.millwright.data.profile.DataProfile;
import dev.millwright.data.profile.NumberSummary;
import dev.millwright.evaluation.Figures;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Numbers far from the others. */
final class OutlierSection {
    private OutlierSection() {}

    static Optional<Section> of(DataProfile profile) {
        List<ColumnSummary> columns = profile.columns().stream()
                .filter(column -> beyond(column) > 0)
                .sorted(Comparator.comparingLong((ColumnSummary column) -> -beyond(column)))
                .toList();
        if (profile.columns().stream().noneMatch(column -> column.numbers().isPresent())) {
            return Optional.empty();
        }
        if (columns.isEmpty()) {
            return Optional.of(new Section(
                    "outliers", "Outliers", Section.paragraph("No number lies beyond the fences of its column.")));
        }
        String explained =
                "Fences lie one and a half interquartile ranges beyond the quartiles (Tukey). Extreme are values whose"
                        + " modified z-score is beyond 3.5: about 5.2 median absolute deviations from the median.";
        return Optional.of(new Section(
                "outliers",
                "Outliers",
                Section.paragraph(explained)
                        + Section.wide(Section.card(
                                "Numbers far from the others",
                                List.of(
                                        "Column",
                                        "#Least",
                                        "#Lower fence",
                                        "#Below",
                                        "#Upper fence",
                                        "#Above",
                                        "#Greatest",
                                        "#Extreme"),
                                columns.stream().map(OutlierSection::row).toList()))));
    }

    private static long beyond(ColumnSummary column) {
        return column.numbers()
                .map(numbers -> numbers.outliers().beyondFences())
                .orElse(0L);
    }

    private static List<String> row(ColumnSummary column) {
        NumberSummary.Outliers outliers = column.numbers().orElseThrow().outliers();
        return List.of(
                column.name(),
                column.minimum().map(Numbers::text).orElse(""),
                Numbers.text(outliers.lowerFence()),
                counted(outliers.below(), column),
                Numbers.text(outliers.upperFence()),
                counted(outliers.above(), column),
                column.maximum().map(Numbers::text).orElse(""),
                outliers.mad() == 0 ? "–" : counted(outliers.extreme(), column));
    }

    private static String counted(long rows, ColumnSummary column) {
        return rows == 0 ? "0" : Figures.count(rows) + " (" + Figures.percent((double) rows / column.present()) + ")";
    }
}
