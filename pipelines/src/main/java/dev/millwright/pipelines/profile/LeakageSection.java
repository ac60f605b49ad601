package dev.millwright.pipelines.profile;

import dev.millwright.core.Task;
import dev.millwright.data.profile.ColumnScore;
import dev.millwright.data.profile.FoldScore;
import dev.millwright.data.profile.LeakageStudy;
import dev.millwright.data.profile.LeakageWarning;
import dev.millwright.data.profile.SharedRows;
import dev.millwright.evaluation.BarChart;
import dev.millwright.evaluation.Figures;
import dev.millwright.evaluation.Mark;
import dev.millwright.evaluation.Markup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What gives the label away. */
final class LeakageSection {
    private static final int MOST_BARS = 20;
    private static final double CHANCE = 0.5;

    private LeakageSection() {}

    static Section of(LeakageStudy study) {
        String html = warnings(study) + "<div class=\"grid\">" + chart(study) + classes(study) + "</div>"
                + Section.wide(table(study)
                        + study.sharedRows()
                                .map(shared -> Section.card(
                                        "Rows shared by train and test", Section.paragraph(sentence(shared))))
                                .orElse(""));
        return new Section("leakage", "Leakage", html);
    }

    private static String warnings(LeakageStudy study) {
        if (study.warnings().isEmpty()) {
            return Section.paragraph("No column predicts " + study.label()
                    + " suspiciously well, and no trace of it was found in the others. Whether a column is known at the"
                    + " moment of a prediction, only you can tell.");
        }
        return study.warnings().stream()
                .map(warning -> "<div class=\"card warning\"><h3>" + Markup.escape(title(warning)) + "</h3><p>"
                        + Markup.escape(warning.message()) + "</p></div>")
                .collect(Collectors.joining("", "<div class=\"wide\">", "</div>"));
    }

    private static String title(LeakageWarning warning) {
        String columns = String.join(", ", warning.columns());
        return switch (warning.kind()) {
            case NEARLY_THE_LABEL -> columns + ": nearly the label";
            case FAR_ABOVE_THE_REST -> columns + ": far above the rest";
            case MADE_FROM_THE_LABEL -> columns + ": made from the label";
            case MISSING_BY_LABEL -> columns + ": missing by label";
            case KNOWN_AFTER -> columns + ": known afterwards";
            case SHARED_ROWS -> "Train and test share rows";
        };
    }

    private static String metric(Task task) {
        return switch (task) {
            case BINARY -> "ROC AUC";
            case MULTICLASS -> "ROC AUC, mean of the classes";
            case REGRESSION -> "R²";
        };
    }

    private static String chart(LeakageStudy study) {
        boolean areas = study.task().isClassification();
        List<BarChart.Bar> bars = new ArrayList<>();
        study.scores().stream().limit(MOST_BARS).forEach(score -> bars.add(bar(score.column(), score.score(), areas)));
        if (study.scores().size() > 1) {
            bars.add(bar("all together", study.together(), areas));
        }
        String unit = metric(study.task()) + (areas ? ", from 0.5: chance" : "");
        return Section.figure(
                "What one column predicts",
                "On rows that had no part in what they are judged by; whiskers are the worst and the best of five folds.",
                new BarChart("How well each column alone predicts the label", unit, bars, Mark.Tone.ACCENT).svg(),
                "");
    }

    private static BarChart.Bar bar(String name, FoldScore score, boolean areas) {
        double zero = areas ? CHANCE : 0;
        return new BarChart.Bar(
                name,
                Math.max(0, score.value() - zero),
                Math.max(0, score.low() - zero),
                Math.max(0, score.high() - zero),
                decimals(score.value()));
    }

    private static String classes(LeakageStudy study) {
        if (study.classes().isEmpty()) {
            return "";
        }
        return Section.figure(
                "Classes of " + study.label(),
                "The most frequent values of the label.",
                ColumnsSection.values(
                        "Rows of each class",
                        study.classes(),
                        study.classes().stream()
                                .mapToLong(value -> value.rows())
                                .sum()),
                "");
    }

    private static String table(LeakageStudy study) {
        Set<String> accused = new HashSet<>();
        study.warnings().forEach(warning -> accused.addAll(warning.columns()));
        boolean missing = study.scores().stream().anyMatch(score -> score.rows() < study.rows());
        List<String> headings =
                new ArrayList<>(List.of("Column", "", "#" + metric(study.task()), "#Worst – best fold", "Predicts by"));
        if (missing) {
            headings.add("#Missing or not, alone");
        }
        List<List<String>> rows = new ArrayList<>();
        for (ColumnScore score : study.scores()) {
            List<String> row = new ArrayList<>(List.of(
                    score.column(),
                    accused.contains(score.column()) ? "see above" : "",
                    decimals(score.score().value()),
                    decimals(score.score().low()) + " – "
                            + decimals(score.score().high()),
                    basis(score)));
            if (missing) {
                row.add(score.rows() < study.rows() ? decimals(score.missingness()) : "");
            }
            rows.add(row);
        }
        return Section.card("Every column, on " + Figures.count(study.rows()) + " rows with a label", headings, rows);
    }

    private static String basis(ColumnScore score) {
        return switch (score.basis()) {
            case VALUE -> "value";
            case ORDER -> "order of values";
            case MISSINGNESS -> "missing or not";
        };
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.3f", value).replace('-', '−');
    }

    private static String sentence(SharedRows shared) {
        String parted = switch (shared.by()) {
            case RANDOM -> "With " + Figures.percent(shared.testShare()) + " of the rows as test, chosen at random, ";
            case TIME -> "With the latest " + Figures.percent(shared.testShare()) + " of the rows as test, ";
            case SOURCE -> "Of the rows of the test source, ";
        };
        return parted + Figures.percent(shared.exact())
                + " of them have their like among the training rows: equal in every column but label, ids, entity and time. "
                + Figures.percent(shared.near())
                + " have when next to equal numbers count as equal, and texts that differ in case or blanks alone."
                + (shared.near() > 0
                        ? " Of the rows of such groups " + Figures.percent(shared.agreeing()) + " have one label."
                        : "");
    }
}
