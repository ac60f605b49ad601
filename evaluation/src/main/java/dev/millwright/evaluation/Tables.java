package dev.millwright.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The tables that reports and cards share. */
final class Tables {
    static final String NOT_STATED = "Not stated";

    private Tables() {}

    static Block.Table metrics(ReportInput input) {
        List<String> columns = new ArrayList<>(List.of("Metric"));
        input.validation().ifPresent(ignored -> columns.addAll(List.of("#Validation", "#95 % interval")));
        input.test().ifPresent(ignored -> columns.addAll(List.of("#Test", "#95 % interval")));
        List<List<String>> rows = new ArrayList<>();
        for (MetricSpec metric : Metrics.of(input.facts().task())) {
            List<String> row = new ArrayList<>(List.of(metric.title() + (metric.greaterIsBetter() ? " ↑" : " ↓")));
            input.validation().ifPresent(evaluation -> value(row, evaluation.find(metric.name())));
            input.test().ifPresent(evaluation -> value(row, evaluation.find(metric.name())));
            rows.add(row);
        }
        return new Block.Table(columns, rows);
    }

    private static void value(List<String> row, Optional<MetricValue> found) {
        row.add(found.map(value -> Figures.score(value.value())).orElse("–"));
        row.add(found.map(value -> value.isDefined() && !value.hasInterval()
                        ? "none"
                        : Figures.interval(value.low(), value.high()))
                .orElse(""));
    }

    static Block.Table comparisons(List<Comparison> comparisons) {
        return new Block.Table(
                List.of("Metric", "#Champion", "#This model", "#Better by", "#95 % interval", "Verdict"),
                comparisons.stream()
                        .map(one -> List.of(
                                one.metric(),
                                Figures.score(one.champion()),
                                Figures.score(one.challenger()),
                                Figures.score(one.difference()),
                                Figures.interval(one.low(), one.high()),
                                verdict(one)))
                        .toList());
    }

    private static String verdict(Comparison comparison) {
        if (comparison.passes()) {
            return "better";
        }
        return comparison.high() < 0 ? "worse" : "no difference beyond chance";
    }

    static Block.Table data(List<ModelFacts.DataUse> data) {
        return new Block.Table(
                List.of("Dataset", "Version", "#Rows read", "#Quarantined", "#Rows"),
                data.stream()
                        .map(one -> List.of(
                                one.dataset(),
                                one.version(),
                                Figures.count(one.rowsRead()),
                                Figures.count(one.quarantined()),
                                Figures.count(one.rows())))
                        .toList());
    }

    /** Rows of each split, with the share of each class; beyond six classes, of the rows alone. */
    static Block.Table splits(List<ModelFacts.SplitUse> splits) {
        Set<String> classes = new LinkedHashSet<>();
        splits.forEach(split -> classes.addAll(split.classes().keySet()));
        List<String> shown = classes.size() <= 6 ? List.copyOf(classes) : List.of();
        boolean periods = splits.stream().anyMatch(split -> split.period().isPresent());
        List<String> columns = new ArrayList<>(List.of("Rows of", "#Rows"));
        shown.forEach(name -> columns.add("#" + name));
        if (periods) {
            columns.add("Period");
        }
        List<List<String>> rows = new ArrayList<>();
        for (ModelFacts.SplitUse split : splits) {
            List<String> row = new ArrayList<>(List.of(split.name(), Figures.count(split.rows())));
            for (String name : shown) {
                long count = split.classes().getOrDefault(name, 0L);
                row.add(Figures.count(count) + " (" + Figures.percent((double) count / split.rows()) + ")");
            }
            if (periods) {
                row.add(split.period().orElse(""));
            }
            rows.add(row);
        }
        return new Block.Table(columns, rows);
    }

    static Block.Table excluded(List<ModelFacts.Exclusion> excluded) {
        return new Block.Table(
                List.of("Left out because", "#Rows"),
                excluded.stream()
                        .map(one -> List.of(one.reason(), Figures.count(one.rows())))
                        .toList());
    }

    static Block.Table features(List<ModelFacts.FeatureUse> features) {
        boolean expressions = features.stream().anyMatch(one -> one.expression().isPresent());
        List<String> columns = new ArrayList<>(List.of("Feature", "Type", "Comes from"));
        if (expressions) {
            columns.add("Computed as");
        }
        return new Block.Table(
                columns,
                features.stream()
                        .map(one -> {
                            List<String> row = new ArrayList<>(List.of(
                                    one.name(),
                                    one.type(),
                                    one.sources().isEmpty() ? "–" : String.join(", ", one.sources())));
                            if (expressions) {
                                row.add(one.expression().orElse(""));
                            }
                            return row;
                        })
                        .map(List::copyOf)
                        .toList());
    }

    static Block.Table choices(List<ModelFacts.Choice> choices) {
        return new Block.Table(
                List.of("Feature", "", "Why"),
                choices.stream()
                        .map(one -> List.of(one.feature(), one.kept() ? "kept" : "left out", one.reason()))
                        .toList());
    }

    static Block.Table parameters(ModelFacts.Training training) {
        List<List<String>> rows = new ArrayList<>();
        training.parameters().forEach((name, value) -> rows.add(List.of(name, value)));
        return new Block.Table(List.of("Parameter", "#Value"), rows);
    }

    static Block.Table thresholds(Diagnostics.Binary binary) {
        return new Block.Table(
                List.of("#Threshold", "#Precision", "#Recall", "#F1", "#Taken", "#True positives", "#False positives"),
                binary.thresholds().stream()
                        .map(row -> List.of(
                                Figures.percent(row.threshold()),
                                Figures.percent(row.precision()),
                                Figures.percent(row.recall()),
                                Figures.percent(row.f1()),
                                Figures.percent(row.flagged()),
                                Figures.count(row.truePositives()),
                                Figures.count(row.falsePositives())))
                        .toList());
    }

    static Block.Table lift(Diagnostics.Binary binary) {
        return new Block.Table(
                List.of("#Highest scores", "#Rate", "#Lift", "#Found so far"),
                binary.lift().stream()
                        .map(row -> List.of(
                                "to " + Math.round(row.upTo() * 100) + "\u00a0%",
                                Figures.percent(row.rate()),
                                String.format(Locale.ROOT, "%.2f×", row.lift()),
                                Figures.percent(row.found())))
                        .toList());
    }

    static Block.Table classes(Diagnostics.Multiclass multiclass) {
        return new Block.Table(
                List.of("Class", "#Rows", "#Precision", "#Recall", "#F1", "#ROC AUC", "#Average precision"),
                multiclass.classes().stream()
                        .map(one -> List.of(
                                one.name(),
                                Figures.count(one.support()),
                                Figures.percent(one.precision()),
                                Figures.percent(one.recall()),
                                Figures.percent(one.f1()),
                                Figures.score(one.rocAuc()),
                                Figures.score(one.averagePrecision())))
                        .toList());
    }
}
