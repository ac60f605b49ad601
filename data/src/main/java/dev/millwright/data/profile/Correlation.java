package dev.millwright.data.profile;

import java.util.Arrays;

/** How numbers go together. Rows in which one of them is missing (NaN, or {@link Codes#MISSING}) don't count. */
final class Correlation {
    private Correlation() {}

    /** Pearson's r, from -1 to 1; NaN where one of them doesn't vary. */
    static double pearson(double[] one, double[] other) {
        double rows = 0;
        double meanOne = 0;
        double meanOther = 0;
        for (int row = 0; row < one.length; row++) {
            if (!Double.isNaN(one[row]) && !Double.isNaN(other[row])) {
                rows++;
                meanOne += (one[row] - meanOne) / rows;
                meanOther += (other[row] - meanOther) / rows;
            }
        }
        double product = 0;
        double squareOne = 0;
        double squareOther = 0;
        for (int row = 0; row < one.length; row++) {
            if (!Double.isNaN(one[row]) && !Double.isNaN(other[row])) {
                double a = one[row] - meanOne;
                double b = other[row] - meanOther;
                product += a * b;
                squareOne += a * a;
                squareOther += b * b;
            }
        }
        double scale = Math.sqrt(squareOne) * Math.sqrt(squareOther);
        return scale == 0 ? Double.NaN : Math.clamp(product / scale, -1.0, 1.0);
    }

    /**
     * Spearman's rho: Pearson's r of the ranks, equal values sharing the mean of theirs.
     *
     * @param one classes in the order of the values, as {@link Codes#of(double[])} makes them
     */
    static double spearman(Codes one, Codes other) {
        boolean[] both = new boolean[one.rows()];
        for (int row = 0; row < both.length; row++) {
            both[row] = one.of()[row] != Codes.MISSING && other.of()[row] != Codes.MISSING;
        }
        return pearson(ranks(one, both), ranks(other, both));
    }

    /** Ranks among the chosen rows, from 1; NaN for the others. */
    private static double[] ranks(Codes codes, boolean[] chosen) {
        long[] counts = new long[codes.size()];
        for (int row = 0; row < chosen.length; row++) {
            if (chosen[row]) {
                counts[codes.of()[row]]++;
            }
        }
        double[] rankOfCode = new double[codes.size()];
        long before = 0;
        for (int code = 0; code < rankOfCode.length; code++) {
            rankOfCode[code] = before + (counts[code] + 1) / 2.0;
            before += counts[code];
        }
        double[] ranks = new double[chosen.length];
        for (int row = 0; row < chosen.length; row++) {
            ranks[row] = chosen[row] ? rankOfCode[codes.of()[row]] : Double.NaN;
        }
        return ranks;
    }

    /**
     * The correlation ratio eta (Fisher 1925), from 0 to 1: the square root of the share of a number's variance that lies
     * between classes. NaN where the number doesn't vary.
     */
    static double ratio(Codes classes, double[] numbers) {
        double[] counts = new double[classes.size()];
        double[] means = new double[classes.size()];
        double rows = 0;
        double mean = 0;
        for (int row = 0; row < numbers.length; row++) {
            int code = classes.of()[row];
            if (code != Codes.MISSING && !Double.isNaN(numbers[row])) {
                rows++;
                counts[code]++;
                mean += (numbers[row] - mean) / rows;
                means[code] += (numbers[row] - means[code]) / counts[code];
            }
        }
        double between = 0;
        for (int code = 0; code < means.length; code++) {
            between += counts[code] * (means[code] - mean) * (means[code] - mean);
        }
        double all = 0;
        for (int row = 0; row < numbers.length; row++) {
            if (classes.of()[row] != Codes.MISSING && !Double.isNaN(numbers[row])) {
                all += (numbers[row] - mean) * (numbers[row] - mean);
            }
        }
        boolean varies =
                all > 0 && Arrays.stream(counts).filter(count -> count > 0).count() > 1;
        return varies ? Math.sqrt(Math.clamp(between / all, 0.0, 1.0)) : Double.NaN;
    }
}
