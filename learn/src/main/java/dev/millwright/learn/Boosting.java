package dev.millwright.learn;

import dev.millwright.core.Labels;
import dev.millwright.core.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;

/**
 * Grows trees round by round for one kind of task.
 *
 * @param task the library's names for what is minimised and watched
 * @param base what every score starts from, one for each output
 * @param baseInMargins whether the library has to know the base; labels of a regression are centred instead
 * @param train labels and weights of the training rows
 * @param validation labels and weights of the validation rows
 */
record Boosting(Task task, double[] base, boolean baseInMargins, Rows train, Rows validation) {

    /** How the library calls a task, and how we call its loss. */
    private record Task(String objective, String libraryMetric, String metric, double neutralScore) {}

    /** What the library needs to know of rows besides their features. */
    private record Rows(float[] labels, float[] weights) {}

    /** When to stop: after so many rounds, or (unless 0) after so many without a better validation loss. */
    record Limits(int rounds, int patience) {}

    /** What was grown. */
    record Grown(TreeScorer scorer, List<CurvePoint> curve, String notes) {}

    /**
     * Of two classes, starts from the logarithm of the training rows' (weighted) odds. Of more it starts from equal shares,
     * because the library's Java interface takes only one base margin a row.
     */
    static Boosting classifier(Classification classes) {
        boolean binary = classes.outputs() == 1;
        return new Boosting(
                binary
                        ? new Task("binary:logistic", "logloss", "log_loss", 0.5)
                        : new Task("multi:softprob", "mlogloss", "log_loss", 0),
                binary ? new double[] {logOdds(classes)} : new double[classes.outputs()],
                binary,
                new Rows(floats(classes.train()), floats(classes.trainWeights())),
                new Rows(floats(classes.validation()), floats(classes.validationWeights())));
    }

    private static double logOdds(Classification classes) {
        double[] shares = new double[2];
        for (int k : classes.train()) {
            shares[k] += classes.weights()[k];
        }
        return Math.log(shares[1] / shares[0]);
    }

    /** Starts from the mean of the training labels. */
    static Boosting regressor(TrainingData data) {
        double mean = Arrays.stream(values(data.trainLabels())).average().orElseThrow();
        return new Boosting(
                new Task("reg:squarederror", "rmse", "rmse", 0),
                new double[] {mean},
                false,
                centred(values(data.trainLabels()), mean),
                centred(values(data.validationLabels()), mean));
    }

    /**
     * Grows trees and keeps those up to the best round.
     *
     * @param settings for the library, by its names
     */
    Grown grow(
            Features trainFeatures,
            Features validationFeatures,
            Map<String, Object> settings,
            Limits limits,
            Progress progress) {
        List<DMatrix> matrices = new ArrayList<>();
        try {
            matrices.add(matrix(trainFeatures, train));
            if (validationFeatures.rows() > 0) {
                matrices.add(matrix(validationFeatures, validation));
            }
            return grow(matrices, complete(settings), limits, progress);
        } finally {
            matrices.forEach(DMatrix::dispose);
        }
    }

    private Grown grow(List<DMatrix> matrices, Map<String, Object> settings, Limits limits, Progress progress) {
        Booster booster = Xgboost.start(matrices.getFirst(), settings);
        try {
            List<CurvePoint> curve = rounds(booster, matrices, limits, progress);
            int kept = limits.patience() > 0 ? best(curve) : curve.size();
            byte[] model = Xgboost.call(() -> booster.toByteArray("json"));
            List<Tree> trees = Tree.parse(model).subList(0, kept * base.length);
            byte[] saved = Xgboost.call(() -> booster.toByteArray("ubj"));
            return new Grown(new TreeScorer(saved, trees, base), curve, describe(curve, kept, limits));
        } finally {
            booster.dispose();
        }
    }

    private List<CurvePoint> rounds(Booster booster, List<DMatrix> matrices, Limits limits, Progress progress) {
        boolean validated = matrices.size() > 1;
        DMatrix[] watched = matrices.toArray(DMatrix[]::new);
        String[] names = Arrays.copyOf(new String[] {"train", "validation"}, watched.length);
        float[] losses = new float[watched.length];
        List<CurvePoint> curve = new ArrayList<>();
        double best = Double.POSITIVE_INFINITY;
        int bestRound = 0;
        for (int round = 1; round <= limits.rounds(); round++) {
            int index = round - 1;
            Xgboost.call(() -> {
                booster.update(watched[0], index);
                return booster.evalSet(watched, names, index, losses);
            });
            curve.add(new CurvePoint(round, task.metric(), losses[0], validated ? losses[1] : Double.NaN));
            progress.report("trees", round, limits.rounds());
            if (validated && losses[1] < best) {
                best = losses[1];
                bestRound = round;
            }
            if (validated && limits.patience() > 0 && round - bestRound >= limits.patience()) {
                break;
            }
        }
        return curve;
    }

    /** The round with the smallest validation loss, the first of equals; the last one when nothing validates. */
    private static int best(List<CurvePoint> curve) {
        CurvePoint best = curve.getLast();
        for (CurvePoint point : curve.reversed()) {
            if (point.validation() <= best.validation()) {
                best = point;
            }
        }
        return best.step();
    }

    private static String describe(List<CurvePoint> curve, int kept, Limits limits) {
        if (limits.patience() == 0) {
            return kept + " rounds, without early stopping";
        }
        return Double.isNaN(curve.getLast().validation())
                ? kept + " rounds, without validation rows to stop early on"
                : kept + " rounds, best on validation of " + curve.size() + " grown (at most " + limits.rounds() + ")";
    }

    private Map<String, Object> complete(Map<String, Object> settings) {
        Map<String, Object> complete = new TreeMap<>(settings);
        complete.put("objective", task.objective());
        complete.put("eval_metric", task.libraryMetric());
        complete.put("base_score", task.neutralScore());
        if (base.length > 1) {
            complete.put("num_class", base.length);
        }
        return complete;
    }

    private DMatrix matrix(Features features, Rows rows) {
        DMatrix matrix = Xgboost.matrix(features, Runtime.getRuntime().availableProcessors());
        return Xgboost.call(() -> {
            matrix.setLabel(rows.labels());
            matrix.setWeight(rows.weights());
            if (baseInMargins) {
                matrix.setBaseMargin(margins(features.rows()));
            }
            return matrix;
        });
    }

    private float[] margins(int rows) {
        float[] margins = new float[rows];
        Arrays.fill(margins, (float) base[0]);
        return margins;
    }

    private static Rows centred(double[] values, double mean) {
        float[] labels = new float[values.length];
        float[] weights = new float[values.length];
        Arrays.fill(weights, 1);
        for (int row = 0; row < labels.length; row++) {
            labels[row] = (float) (values[row] - mean);
        }
        return new Rows(labels, weights);
    }

    private static double[] values(Labels labels) {
        return switch (labels) {
            case Labels.Values numbers -> numbers.values();
            case Labels.Classes _ -> throw new IllegalArgumentException("labels: classes (expected: numbers)");
        };
    }

    private static float[] floats(int[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values[i];
        }
        return floats;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
