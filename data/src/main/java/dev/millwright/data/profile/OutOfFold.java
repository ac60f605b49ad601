package dev.millwright.data.profile;

/**
 * Predictions of a target from one column, each row's made from the rows of the other folds (Stone 1974), so that a value which
 * stands in one row only says nothing about it.
 */
final class OutOfFold {
    /** How many rows the overall mean counts for in each class: that many agreeing rows move a prediction half way. */
    static final double PRIOR = 10;

    private OutOfFold() {}

    /**
     * The mean target of the rows of the same class, shrunk towards the mean of all (Micci-Barreca 2001, "A preprocessing
     * scheme for high-cardinality categorical attributes"). A missing value is a class like the others.
     *
     * @param folds by row, of {@link Folds}
     */
    static float[] means(Codes column, double[] target, byte[] folds) {
        int classes = column.size() + 1;
        double[][] sums = new double[Folds.COUNT][classes];
        double[][] counts = new double[Folds.COUNT][classes];
        for (int row = 0; row < target.length; row++) {
            if (folds[row] != Folds.NONE) {
                sums[folds[row]][column.of()[row] + 1] += target[row];
                counts[folds[row]][column.of()[row] + 1]++;
            }
        }
        double[][] means = new double[Folds.COUNT][classes];
        double[] allSums = summed(sums, classes);
        double[] allCounts = summed(counts, classes);
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            double mean = (sum(allSums) - sum(sums[fold])) / Math.max(1, sum(allCounts) - sum(counts[fold]));
            for (int code = 0; code < classes; code++) {
                means[fold][code] = (allSums[code] - sums[fold][code] + PRIOR * mean)
                        / (allCounts[code] - counts[fold][code] + PRIOR);
            }
        }
        float[] predictions = new float[target.length];
        for (int row = 0; row < target.length; row++) {
            predictions[row] = folds[row] == Folds.NONE ? Float.NaN : (float) means[folds[row]][column.of()[row] + 1];
        }
        return predictions;
    }

    /**
     * A least-squares line in each class, for a number in bins: else a copy of the target would be judged by how finely it was
     * cut. Rows without a number get the mean of the others of their kind.
     *
     * @param numbers by row; NaN where the bin is missing
     */
    static float[] lines(Codes bins, double[] numbers, double[] target, byte[] folds) {
        float[] predictions = means(bins, target, folds);
        for (byte fold = 0; fold < Folds.COUNT; fold++) {
            Line[] lines = Line.fit(bins, numbers, target, folds, fold);
            for (int row = 0; row < target.length; row++) {
                if (folds[row] == fold && bins.of()[row] != Codes.MISSING) {
                    Line line = lines[bins.of()[row]];
                    predictions[row] = line.rows > PRIOR ? (float) line.at(numbers[row]) : predictions[row];
                }
            }
        }
        return predictions;
    }

    /** Running means and moments of one class (Welford 1962). */
    private static final class Line {
        private double rows;
        private double meanX;
        private double meanY;
        private double squareX;
        private double product;

        static Line[] fit(Codes bins, double[] numbers, double[] target, byte[] folds, byte without) {
            Line[] lines = new Line[bins.size()];
            for (int bin = 0; bin < lines.length; bin++) {
                lines[bin] = new Line();
            }
            for (int row = 0; row < target.length; row++) {
                if (folds[row] != Folds.NONE && folds[row] != without && bins.of()[row] != Codes.MISSING) {
                    lines[bins.of()[row]].add(numbers[row], target[row]);
                }
            }
            return lines;
        }

        private void add(double x, double y) {
            rows++;
            double fromMean = x - meanX;
            meanX += fromMean / rows;
            meanY += (y - meanY) / rows;
            squareX += fromMean * (x - meanX);
            product += fromMean * (y - meanY);
        }

        private double at(double x) {
            return squareX > 0 ? meanY + product / squareX * (x - meanX) : meanY;
        }
    }

    private static double[] summed(double[][] byFold, int classes) {
        double[] all = new double[classes];
        for (double[] fold : byFold) {
            for (int code = 0; code < classes; code++) {
                all[code] += fold[code];
            }
        }
        return all;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
