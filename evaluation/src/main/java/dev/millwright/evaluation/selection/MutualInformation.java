package dev.millwright.evaluation.selection;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.commons.numbers.gamma.Digamma;

/**
 * How much one column tells of another, in nats; 0 when nothing. Numbers are compared by their nearest neighbours, as scikit-learn's
 * {@code mutual_info_classif} and {@code mutual_info_regression} do; estimates below 0 are 0. All functions are pure.
 */
public final class MutualInformation {
    /** Neighbours that are looked at. */
    private static final int NEIGHBOURS = 3;

    private static final double NOISE = 1e-10;
    private static final long SEED = 20;

    private MutualInformation() {}

    /**
     * Of two columns of classes: the plug-in estimate (Shannon 1948).
     *
     * @param one classes from 0
     * @param other classes from 0, as many
     */
    public static double ofClasses(int[] one, int[] other) {
        double[][] counts = new double[classes(one)][classes(other)];
        double[] ones = new double[counts.length];
        double[] others = new double[counts.length == 0 ? 0 : counts[0].length];
        for (int row = 0; row < one.length; row++) {
            counts[one[row]][other[row]]++;
            ones[one[row]]++;
            others[other[row]]++;
        }
        double sum = 0;
        for (int i = 0; i < ones.length; i++) {
            for (int j = 0; j < others.length; j++) {
                if (counts[i][j] > 0) {
                    sum += counts[i][j] * Math.log(counts[i][j] * one.length / (ones[i] * others[j]));
                }
            }
        }
        return one.length == 0 ? 0 : Math.max(0, sum / one.length);
    }

    private static int classes(int[] of) {
        return Arrays.stream(of).max().orElse(-1) + 1;
    }

    /**
     * Of numbers and classes (Ross 2014, "Mutual Information between Discrete and Continuous Data Sets").
     *
     * @param numbers finite; equal ones are drawn apart by very little
     * @param classes from 0, as many
     */
    public static double ofNumbersAndClasses(double[] numbers, int[] classes) {
        double[] values = apart(numbers, new SplittableRandom(SEED));
        double[][] byClass = new double[classes(classes)][];
        for (int k = 0; k < byClass.length; k++) {
            int each = k;
            byClass[k] = IntStream.range(0, values.length)
                    .filter(row -> classes[row] == each)
                    .mapToDouble(row -> values[row])
                    .sorted()
                    .toArray();
        }
        // A class of one row has no neighbours.
        double[] all = Arrays.stream(byClass)
                .filter(members -> members.length > 1)
                .flatMapToDouble(Arrays::stream)
                .sorted()
                .toArray();
        double sum = 0;
        for (double[] members : byClass) {
            if (members.length > 1) {
                int k = Math.min(NEIGHBOURS, members.length - 1);
                double terms = Digamma.value(k) - Digamma.value(members.length);
                for (int i = 0; i < members.length; i++) {
                    double radius = Math.nextDown(nearest(members, i, k));
                    sum += terms - Digamma.value(within(all, members[i], radius));
                }
            }
        }
        return all.length == 0 ? 0 : Math.max(0, Digamma.value(all.length) + sum / all.length);
    }

    /**
     * Of two columns of numbers (Kraskov, Stögbauer and Grassberger 2004, "Estimating mutual information", the first estimator).
     *
     * @param one finite; equal ones are drawn apart by very little
     * @param other finite, as many
     */
    public static double ofNumbers(double[] one, double[] other) {
        int rows = one.length;
        if (rows <= NEIGHBOURS) {
            return 0;
        }
        SplittableRandom random = new SplittableRandom(SEED);
        double[] a = apart(one, random);
        double[] b = apart(other, random);
        Integer[] order = new Integer[rows];
        Arrays.setAll(order, row -> row);
        Arrays.sort(order, (left, right) -> Double.compare(a[left], a[right]));
        double[] x = new double[rows];
        double[] y = new double[rows];
        for (int i = 0; i < rows; i++) {
            x[i] = a[order[i]];
            y[i] = b[order[i]];
        }
        double[] sorted = y.clone();
        Arrays.sort(sorted);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            double radius = Math.nextDown(nearest(x, y, i));
            sum += Digamma.value(within(x, x[i], radius)) + Digamma.value(within(sorted, y[i], radius));
        }
        return Math.max(0, Digamma.value(rows) + Digamma.value(NEIGHBOURS) - sum / rows);
    }

    /** In standard deviations, with so little noise that only equal values move. */
    private static double[] apart(double[] numbers, SplittableRandom random) {
        double mean = Arrays.stream(numbers).average().orElse(0);
        double square = Arrays.stream(numbers)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0);
        double deviation = square > 0 ? Math.sqrt(square) : 1;
        double size = Arrays.stream(numbers)
                .map(value -> Math.abs(value / deviation))
                .average()
                .orElse(0);
        return Arrays.stream(numbers)
                .map(value -> value / deviation + NOISE * Math.max(1, size) * random.nextGaussian())
                .toArray();
    }

    /** How far it is to the {@code k}-th nearest neighbour in a sorted column. */
    private static double nearest(double[] sorted, int at, int k) {
        int low = at;
        int high = at;
        double distance = 0;
        for (int found = 0; found < k; found++) {
            double down = low > 0 ? sorted[at] - sorted[low - 1] : Double.POSITIVE_INFINITY;
            double up = high < sorted.length - 1 ? sorted[high + 1] - sorted[at] : Double.POSITIVE_INFINITY;
            if (down <= up) {
                low--;
                distance = down;
            } else {
                high++;
                distance = up;
            }
        }
        return distance;
    }

    /** The same in two dimensions, a distance being the larger of the two: {@code x} is sorted, so that far rows needn't be looked at. */
    private static double nearest(double[] x, double[] y, int at) {
        double[] best = new double[NEIGHBOURS];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        int low = at - 1;
        int high = at + 1;
        while (low >= 0 || high < x.length) {
            double down = low >= 0 ? x[at] - x[low] : Double.POSITIVE_INFINITY;
            double up = high < x.length ? x[high] - x[at] : Double.POSITIVE_INFINITY;
            if (Math.min(down, up) >= best[NEIGHBOURS - 1]) {
                break;
            }
            int row = down <= up ? low-- : high++;
            insert(best, Math.max(Math.min(down, up), Math.abs(y[row] - y[at])));
        }
        return best[NEIGHBOURS - 1];
    }

    private static void insert(double[] best, double distance) {
        int place = best.length - 1;
        if (distance >= best[place]) {
            return;
        }
        while (place > 0 && best[place - 1] > distance) {
            best[place] = best[place - 1];
            place--;
        }
        best[place] = distance;
    }

    /**
     * How many values are no further away than {@code radius}, the value itself among them. Distances are compared, not ends of the interval, whose
     * rounding would take in the neighbour that the radius leaves out.
     */
    private static int within(double[] sorted, double value, double radius) {
        return first(sorted.length, place -> sorted[place] - value <= radius)
                - first(sorted.length, place -> value - sorted[place] > radius);
    }

    /** The first place that isn't before what is looked for. */
    private static int first(int length, IntPredicate before) {
        int low = 0;
        int high = length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (before.test(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
