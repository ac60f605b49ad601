package dev.millwright.evaluation;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;

/**
 * Compares two models on rows that neither was trained on. Both are scored on the same resamples, so what makes a
 * resample easy or hard cancels out (Efron and Tibshirani 1993, chapter 13; Berg-Kirkpatrick et al., EMNLP 2012).
 */
public final class PairedBootstrap {
    private PairedBootstrap() {}

    /**
     * Takes one pass over the rows for each resample and model; deterministic under its seed.
     *
     * @param resamples at least 1; {@link Evaluator#defaultResamples} suggests a number
     */
    public static Comparison compare(
            MetricSpec metric, Labels labels, Predictions champion, Predictions challenger, int resamples, long seed) {
        Statistic ofChampion = metric.definition().prepare(labels, champion);
        Statistic ofChallenger = metric.definition().prepare(labels, challenger);
        Statistic gain = counts -> metric.gain(ofChampion.at(counts), ofChallenger.at(counts));
        double before = metric.compute(labels, champion);
        double after = metric.compute(labels, challenger);
        double[][] resampled = Bootstrap.resample(new Statistic[] {gain}, labels.rows(), resamples, seed);
        double difference = metric.gain(before, after);
        Bootstrap.Interval interval = Double.isNaN(difference)
                ? new Bootstrap.Interval(Double.NaN, Double.NaN)
                : Bootstrap.interval(resampled[0]);
        return new Comparison(metric.name(), before, after, difference, interval.low(), interval.high());
    }
}
