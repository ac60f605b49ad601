package dev.millwright.evaluation;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Reports on generated rows, one of each task. */
final class ReportSamples {
    private ReportSamples() {}

    static ReportInput binary() {
        Fixtures.Case validation = Fixtures.calibrated(2_000, -1.4, 1);
        Fixtures.Case test = Fixtures.calibrated(4_000, -1.4, 2);
        return new ReportInput(
                facts(Task.BINARY, "churn = 'Yes'", Map.of("No", 4_139L, "Yes", 1_495L)),
                Optional.of(Evaluator.evaluate(validation.labels(), validation.predictions(), 200, 1)),
                Optional.of(Evaluator.evaluate(test.labels(), test.predictions(), 200, 1)),
                Optional.of(0.5),
                Optional.of(study("roc_auc", 0.08)),
                List.of(
                        new Comparison("average_precision", 0.6012, 0.6214, 0.0202, 0.0051, 0.0354),
                        new Comparison("log_loss", 0.4312, 0.4298, 0.0014, -0.0021, 0.0049)));
    }

    static ReportInput rare() {
        Fixtures.Case test = Fixtures.calibrated(50_000, -6, 3);
        return new ReportInput(
                facts(Task.BINARY, "is_fraud", Map.of("false", 990_000L, "true", 9_000L)),
                Optional.empty(),
                Optional.of(Evaluator.evaluate(test.labels(), test.predictions(), 50, 1)),
                Optional.of(0.5),
                Optional.empty(),
                List.of());
    }

    static ReportInput multiclass() {
        List<String> classes = List.of("setosa", "versicolor", "virginica", "a much longer class name", "other");
        SplittableRandom random = new SplittableRandom(4);
        int rows = 1_500;
        int size = classes.size();
        int[] truth = new int[rows];
        int[] chosen = new int[rows];
        float[] probabilities = new float[rows * size];
        for (int row = 0; row < rows; row++) {
            truth[row] = Math.min(random.nextInt(size), random.nextInt(size));
            double sum = 0;
            double[] weights = new double[size];
            for (int k = 0; k < size; k++) {
                double signal = k == truth[row] ? 1.6 : Math.abs(k - truth[row]) == 1 ? 0.5 : 0;
                weights[k] = Math.exp(signal + random.nextGaussian());
                sum += weights[k];
                chosen[row] = weights[k] > weights[chosen[row]] ? k : chosen[row];
            }
            for (int k = 0; k < size; k++) {
                probabilities[row * size + k] = (float) (weights[k] / sum);
            }
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        classes.forEach(name -> counts.put(name, 300L));
        return new ReportInput(
                facts(Task.MULTICLASS, "species", counts),
                Optional.empty(),
                Optional.of(Evaluator.evaluate(
                        new Labels.Classes(classes, truth),
                        new Predictions.Classes(classes, probabilities, chosen),
                        100,
                        1)),
                Optional.empty(),
                Optional.of(study("log_loss", 0.3)),
                List.of());
    }

    static ReportInput regression() {
        SplittableRandom random = new SplittableRandom(5);
        double[] truth = new double[3_000];
        float[] predicted = new float[truth.length];
        for (int row = 0; row < truth.length; row++) {
            double level = 400 * Math.pow(random.nextDouble(), 2);
            predicted[row] = (float) (level * 1.02 + 3);
            truth[row] = Math.max(1, level + random.nextGaussian() * (8 + 0.2 * level));
        }
        return new ReportInput(
                facts(Task.REGRESSION, "cnt", Map.of()),
                Optional.empty(),
                Optional.of(Evaluator.evaluate(new Labels.Values(truth), new Predictions.Values(predicted), 200, 1)),
                Optional.empty(),
                Optional.of(study("rmse", 40)),
                List.of());
    }

    /** All texts are hostile: markup, quotes, control characters, a change of writing direction. */
    static ReportInput hostile() {
        String bad = "<script>alert('x')</script>\" onload=\"x\u0000\u202e|`*_&";
        Labels.Classes labels = new Labels.Classes(List.of(bad, bad + "2"), new int[] {0, 1, 1, 0});
        Predictions.Classes predictions = new Predictions.Classes(
                List.of(bad, bad + "2"),
                new float[] {0.9f, 0.1f, 0.4f, 0.6f, 0.2f, 0.8f, 0.45f, 0.55f},
                new int[] {0, 1, 1, 1});
        ModelFacts facts = new ModelFacts(
                bad,
                bad,
                bad,
                Task.BINARY,
                bad,
                Optional.of(bad),
                new ModelFacts.Training(
                        bad,
                        Map.of(bad, bad),
                        Optional.of(bad),
                        Optional.empty(),
                        Optional.of(new ModelFacts.TrainingCurve(
                                bad, bad, List.of(new ModelFacts.Measurement(1, 0.5, Double.NaN)), Optional.of(1)))),
                List.of(new ModelFacts.DataUse(bad, bad, 4, 4, 0)),
                List.of(new ModelFacts.SplitUse(bad, 4, Map.of(bad, 2L), Optional.of(bad))),
                List.of(new ModelFacts.Exclusion(bad, 1)),
                List.of(new ModelFacts.FeatureUse(bad, bad, List.of(bad), Optional.of(bad))),
                List.of(new ModelFacts.Choice(bad, false, bad)));
        return new ReportInput(
                facts,
                Optional.empty(),
                Optional.of(Evaluator.evaluate(labels, predictions, 20, 1)),
                Optional.of(0.5),
                Optional.of(new ReportInput.ImportanceStudy(bad, 4, 2, List.of(new Importance(bad, 0.1, 0.1)))),
                List.of(new Comparison(bad, 0.1, 0.2, 0.1, 0.05, 0.15)));
    }

    private static ReportInput.ImportanceStudy study(String metric, double greatest) {
        String[] names = {
            "contract",
            "tenure",
            "monthly_charges",
            "internet_service",
            "total_charges",
            "payment_method",
            "online_security_and_backup",
            "tech_support",
            "paperless_billing",
            "senior_citizen",
            "gender"
        };
        List<Importance> importances = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            double drop = greatest * (Math.exp(-0.5 * i) - 0.01);
            importances.add(new Importance(names[i], drop, greatest * 0.03 + drop * 0.08));
        }
        return new ReportInput.ImportanceStudy(metric, 4_000, 5, importances);
    }

    private static ModelFacts facts(Task task, String label, Map<String, Long> classes) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("trees", "300");
        parameters.put("max_depth", "6");
        parameters.put("learning_rate", "0.05");
        parameters.put("seed", "42");
        return new ModelFacts(
                "churn",
                "1.2.0",
                "0198f2c41b7a7d3c9a8be5d0b6f2a911",
                task,
                label,
                Optional.of("Which customers are about to leave, so that the retention team can call them first."),
                new ModelFacts.Training(
                        "xgboost",
                        parameters,
                        task == Task.BINARY ? Optional.of("isotonic") : Optional.empty(),
                        Optional.of(Instant.parse("2026-03-04T05:06:07Z")),
                        Optional.of(curve())),
                List.of(
                        new ModelFacts.DataUse("customers", "5812374619283746123", 7_043, 7_040, 3),
                        new ModelFacts.DataUse("contracts", "981237461928374612", 12_311, 12_311, 0)),
                List.of(
                        new ModelFacts.SplitUse("train", 5_634, classes, Optional.empty()),
                        new ModelFacts.SplitUse("validation", 5_634, classes, Optional.empty()),
                        new ModelFacts.SplitUse("test", 5_634, classes, Optional.empty())),
                List.of(new ModelFacts.Exclusion("label is missing", 11)),
                List.of(
                        new ModelFacts.FeatureUse(
                                "contract", "varchar", List.of("contracts.contract"), Optional.empty()),
                        new ModelFacts.FeatureUse("tenure", "bigint", List.of("customers.tenure"), Optional.empty()),
                        new ModelFacts.FeatureUse(
                                "charge_per_month",
                                "double",
                                List.of("customers.total_charges", "customers.tenure"),
                                Optional.of("total_charges / NULLIF(tenure, 0)"))),
                List.of());
    }

    private static ModelFacts.TrainingCurve curve() {
        List<ModelFacts.Measurement> measurements = new ArrayList<>();
        for (int step = 1; step <= 120; step++) {
            double common = 0.42 + 0.26 * Math.exp(-step / 22.0);
            measurements.add(new ModelFacts.Measurement(
                    step, common - 0.0006 * step, common + 0.00001 * Math.pow(Math.max(0, step - 70), 1.6)));
        }
        return new ModelFacts.TrainingCurve("log loss", "trees", measurements, Optional.of(84));
    }
}
