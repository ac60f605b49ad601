package dev.millwright.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Residuals (truth − prediction) of a regression.
 *
 * @param mean the bias: positive when predictions are too low
 * @param deviation sample standard deviation, 0 of one row
 * @param histogram of the residuals between their 0.5 % and 99.5 % quantiles; the tails are counted in the end bins
 * @param bands residuals by prediction, in bins of about equally many rows
 * @param sample up to 400 rows, drawn without replacement
 */
public record ResidualSummary(
        double mean, double deviation, List<HistogramBin> histogram, List<Band> bands, List<PredictedPoint> sample) {
    private static final int HISTOGRAM_BINS = 30;
    private static final int BANDS = 12;
    private static final int SAMPLE = 400;

    /** Rows whose value is at least {@code from} and below {@code to}. */
    public record HistogramBin(double from, double to, long rows) {}

    /** The tenth, fiftieth and ninetieth percentile of the residuals of rows with about this prediction. */
    public record Band(double meanPrediction, double low, double median, double high) {}

    /** One row. */
    public record PredictedPoint(double prediction, double truth) {
        public double residual() {
            return truth - prediction;
        }
    }

    public ResidualSummary {
        histogram = List.copyOf(histogram);
        bands = List.copyOf(bands);
        sample = List.copyOf(sample);
    }

    static ResidualSummary of(RegressionMetrics.Residuals rows, long seed) {
        double[] sorted = rows.residual().clone();
        Arrays.sort(sorted);
        double mean = Arrays.stream(sorted).average().orElseThrow();
        double squares = Arrays.stream(sorted)
                .map(residual -> (residual - mean) * (residual - mean))
                .sum();
        double deviation = sorted.length > 1 ? Math.sqrt(squares / (sorted.length - 1)) : 0;
        return new ResidualSummary(mean, deviation, histogram(sorted), bands(rows), sample(rows, seed));
    }

    private static List<HistogramBin> histogram(double[] sorted) {
        double from = Bootstrap.quantile(sorted, 0.005);
        double to = Bootstrap.quantile(sorted, 0.995);
        if (to <= from) {
            double half = Math.max(Math.abs(from) * 1e-3, 1e-3);
            from -= half;
            to += half;
        }
        int size = Math.clamp(Math.round(Math.sqrt(sorted.length)), 1, HISTOGRAM_BINS);
        double width = (to - from) / size;
        long[] counts = new long[size];
        for (double value : sorted) {
            counts[Math.clamp((int) Math.floor((value - from) / width), 0, size - 1)]++;
        }
        List<HistogramBin> bins = new ArrayList<>();
        for (int bin = 0; bin < size; bin++) {
            bins.add(new HistogramBin(from + bin * width, from + (bin + 1) * width, counts[bin]));
        }
        return bins;
    }

    private static List<Band> bands(RegressionMetrics.Residuals rows) {
        double[] residual = rows.residual();
        double[] prediction = new double[residual.length];
        Arrays.setAll(prediction, row -> rows.truth()[row] - residual[row]);
        int[] order = IntStream.range(0, residual.length)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> prediction[row]))
                .mapToInt(Integer::intValue)
                .toArray();
        int size = Math.clamp(order.length / 20, 1, BANDS);
        List<Band> bands = new ArrayList<>();
        for (int band = 0; band < size; band++) {
            int from = (int) ((long) order.length * band / size);
            int to = (int) ((long) order.length * (band + 1) / size);
            double[] inside = new double[to - from];
            double sum = 0;
            for (int i = from; i < to; i++) {
                inside[i - from] = residual[order[i]];
                sum += prediction[order[i]];
            }
            Arrays.sort(inside);
            bands.add(new Band(
                    sum / inside.length,
                    Bootstrap.quantile(inside, 0.1),
                    Bootstrap.quantile(inside, 0.5),
                    Bootstrap.quantile(inside, 0.9)));
        }
        return bands;
    }

    private static List<PredictedPoint> sample(RegressionMetrics.Residuals rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<PredictedPoint> points = new ArrayList<>();
        int rest = rows.truth().length;
        int wanted = Math.min(SAMPLE, rest);
        // Selection sampling (Knuth, volume 2, algorithm S): each row with the chance that makes all samples alike.
        for (int row = 0; row < rows.truth().length; row++, rest--) {
            if (random.nextInt(rest) < wanted) {
                points.add(new PredictedPoint(rows.truth()[row] - rows.residual()[row], rows.truth()[row]));
                wanted--;
            }
        }
        return points;
    }
}
