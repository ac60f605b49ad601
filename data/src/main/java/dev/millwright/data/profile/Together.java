package dev.millwright.data.profile;

import java.util.ArrayList;
import java.util.List;

/**
 * How well several columns predict together: ridge regression on what each predicts alone, as stacking does (Wolpert 1992;
 * Breiman 1996, "Stacked regressions"). It knows no interactions, so a trained model may do better.
 */
final class Together {
    /** Of the variance of each input. */
    private static final double RIDGE = 1e-3;

    private static final double LEAST_SHARE = 1e-6;

    private final ColumnScorer scorer;
    private final byte[] folds;

    Together(ColumnScorer scorer, byte[] folds) {
        this.scorer = scorer;
        this.folds = folds;
    }

    /** The score of some columns; NaN without any. */
    FoldScore score(List<ColumnScorer.Scored> columns) {
        if (columns.isEmpty()) {
            return FoldScore.of(Double.NaN);
        }
        List<float[]> predictions = new ArrayList<>();
        for (int output = 0; output < scorer.outputs().size(); output++) {
            int wanted = output;
            List<float[]> inputs = columns.stream()
                    .map(column -> column.predictions().get(wanted))
                    .toList();
            predictions.add(stacked(inputs, scorer.outputs().get(output)));
        }
        return scorer.score(predictions);
    }

    private float[] stacked(List<float[]> predictions, double[] target) {
        boolean shares = scorer.isClassification();
        double[][] inputs =
                predictions.stream().map(column -> standardized(column, shares)).toArray(double[][]::new);
        int width = inputs.length + 1;
        double[][][] products = new double[Folds.COUNT][width][width + 1];
        double[] row = new double[width + 1];
        for (int i = 0; i < target.length; i++) {
            if (folds[i] != Folds.NONE) {
                fill(row, inputs, i);
                row[width] = target[i];
                add(products[folds[i]], row);
            }
        }
        float[] stacked = new float[target.length];
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            double[] weights = solve(others(products, fold, width));
            for (int i = 0; i < target.length; i++) {
                if (folds[i] == fold) {
                    fill(row, inputs, i);
                    double sum = 0;
                    for (int j = 0; j < width; j++) {
                        sum += weights[j] * row[j];
                    }
                    stacked[i] = (float) sum;
                }
            }
        }
        return stacked;
    }

    /** 1, then each input of a row. */
    private static void fill(double[] row, double[][] inputs, int at) {
        row[0] = 1;
        for (int j = 0; j < inputs.length; j++) {
            row[j + 1] = inputs[j][at];
        }
    }

    private static void add(double[][] products, double[] row) {
        for (int i = 0; i < products.length; i++) {
            for (int j = 0; j <= i; j++) {
                products[i][j] += row[i] * row[j];
            }
            products[i][products.length] += row[i] * row[products.length];
        }
    }

    /** Log odds of shares, numbers as they are; then of mean 0 and variance 1. */
    private double[] standardized(float[] predictions, boolean shares) {
        double[] values = new double[predictions.length];
        double rows = 0;
        double mean = 0;
        double squares = 0;
        for (int row = 0; row < values.length; row++) {
            if (folds[row] != Folds.NONE) {
                double share = Math.clamp(predictions[row], LEAST_SHARE, 1 - LEAST_SHARE);
                values[row] = shares ? Math.log(share / (1 - share)) : predictions[row];
                rows++;
                double fromMean = values[row] - mean;
                mean += fromMean / rows;
                squares += fromMean * (values[row] - mean);
            }
        }
        double deviation = squares > 0 ? Math.sqrt(squares / rows) : 1;
        for (int row = 0; row < values.length; row++) {
            values[row] = (values[row] - mean) / deviation;
        }
        return values;
    }

    /** The normal equations of all folds but one, with the ridge on their diagonal; the intercept has none. */
    private static double[][] others(double[][][] products, int without, int width) {
        double[][] sum = new double[width][width + 1];
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            for (int i = 0; fold != without && i < width; i++) {
                for (int j = 0; j <= width; j++) {
                    sum[i][j] += products[fold][i][j];
                }
            }
        }
        double rows = Math.max(1, sum[0][0]);
        for (int i = 1; i < width; i++) {
            sum[i][i] += RIDGE * rows;
        }
        return sum;
    }

    /** Solves a positive definite system by Cholesky's decomposition; its lower half and, last in each row, its right side. */
    static double[] solve(double[][] system) {
        int width = system.length;
        double[][] root = new double[width][width];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = system[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= root[i][k] * root[j][k];
                }
                root[i][j] = i == j ? Math.sqrt(Math.max(sum, Double.MIN_NORMAL)) : sum / root[j][j];
            }
        }
        double[] solution = new double[width];
        for (int i = 0; i < width; i++) {
            double sum = system[i][width];
            for (int k = 0; k < i; k++) {
                sum -= root[i][k] * solution[k];
            }
            solution[i] = sum / root[i][i];
        }
        for (int i = width - 1; i >= 0; i--) {
            double sum = solution[i];
            for (int k = i + 1; k < width; k++) {
                sum -= root[k][i] * solution[k];
            }
            solution[i] = sum / root[i][i];
        }
        return solution;
    }
}
