package dev.millwright.learn;

import dev.millwright.core.ModelSignature;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Gradient-boosted trees, grown by XGBoost on histograms with all cores, and stopped when the validation rows stop gaining.
 * The base value is ours, not the library's: the log-odds of the training rows go in as base
 * margins (the mean of a regression's labels is subtracted from them), and the scorer adds it back in float64.
 *
 * <p>Source: T. Chen, C. Guestrin, "XGBoost: a scalable tree boosting system", KDD 2016.
 */
final class GradientBoosting implements Learner {
    /** The numbers that go to the library under its own names, which are ours too but for {@code colsample}. */
    private static final Map<String, String> SETTINGS = Map.of(
            "learning_rate", "learning_rate",
            "max_depth", "max_depth",
            "min_child_weight", "min_child_weight",
            "subsample", "subsample",
            "colsample", "colsample_bytree",
            "reg_lambda", "reg_lambda",
            "reg_alpha", "reg_alpha");

    @Override
    public String name() {
        return "xgboost";
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.values());
    }

    @Override
    public List<ParameterSpec> parameters() {
        return Stream.of(growth(), Classification.parameters(), Encoding.parameters())
                .flatMap(List::stream)
                .toList();
    }

    private static List<ParameterSpec> regression() {
        return Stream.concat(growth().stream(), Encoding.parameters().stream()).toList();
    }

    private static List<ParameterSpec> growth() {
        return List.of(
                ParameterSpec.integer("n_estimators", 500, 1, 100_000, "Boosting rounds at most."),
                ParameterSpec.number("learning_rate", 0.1, 1e-6, 1, "How much of each tree is believed."),
                ParameterSpec.integer("max_depth", 6, 1, 30, "Questions that a tree asks in a row, at most."),
                ParameterSpec.number(
                        "min_child_weight",
                        1,
                        0,
                        1e9,
                        "Smallest sum of second derivatives (rows, in a regression) in a leaf."),
                ParameterSpec.number("subsample", 1, 0.01, 1, "Share of the rows that each tree sees."),
                ParameterSpec.number("colsample", 1, 0.01, 1, "Share of the columns that each tree sees."),
                ParameterSpec.number("reg_lambda", 1, 0, 1e9, "L2 penalty on the values of leaves."),
                ParameterSpec.number("reg_alpha", 0, 0, 1e9, "L1 penalty on the values of leaves."),
                ParameterSpec.integer(
                        "early_stopping_rounds",
                        30,
                        0,
                        100_000,
                        "Stop when the validation loss has not improved for so many rounds; 0 never stops early."));
    }

    @Override
    public TrainedModel fit(TrainingData data, Map<String, Object> parameters, long seed, Progress progress) {
        TaskFit.require(this, data.task());
        Parameters chosen = data.task().isClassification()
                ? Parameters.resolve(name(), parameters(), parameters)
                : Parameters.resolve(name() + " for regression", regression(), parameters);
        Optional<Classification> classes =
                data.task().isClassification() ? Optional.of(Classification.of(data, chosen)) : Optional.empty();
        Encoding encoding = Encoding.raw(data, chosen);
        Features train = encoding.apply(data.train());
        Features validation = encoding.apply(data.validation());
        Boosting boosting = classes.map(Boosting::classifier).orElseGet(() -> Boosting.regressor(data));
        Boosting.Grown grown = boosting.grow(train, validation, settings(chosen, seed), limits(chosen), progress);
        TreeScorer scorer = grown.scorer();
        Optional<Calibration> calibration = classes.flatMap(known -> known.calibrate(scorer, validation, chosen));
        String notes = grown.notes()
                + classes.map(known -> "; " + known.describe(calibration, chosen))
                        .orElse("");
        return new TrainedModel(
                classes.map(known -> known.signature(chosen))
                        .orElseGet(() -> new ModelSignature(data.task(), data.inputs(), List.of(), 0.5)),
                encoding,
                scorer,
                calibration.orElseGet(() -> Calibration.none(scorer.outputs())),
                new TrainedModel.Report(name(), chosen.values(), grown.curve(), scorer.gains(train.width()), notes));
    }

    private static Boosting.Limits limits(Parameters chosen) {
        return new Boosting.Limits(chosen.integer("n_estimators"), chosen.integer("early_stopping_rounds"));
    }

    private static Map<String, Object> settings(Parameters chosen, long seed) {
        Map<String, Object> settings = new TreeMap<>();
        SETTINGS.forEach((ours, theirs) ->
                settings.put(theirs, Objects.requireNonNull(chosen.values().get(ours), ours)));
        settings.put("tree_method", "hist");
        settings.put("seed", Long.hashCode(seed) & Integer.MAX_VALUE);
        settings.put("nthread", Runtime.getRuntime().availableProcessors());
        settings.put("verbosity", 0);
        return settings;
    }
}
