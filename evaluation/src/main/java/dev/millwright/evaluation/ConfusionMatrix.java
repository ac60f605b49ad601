package dev.millwright.evaluation;

import java.util.List;

/**
 * How often each true class was taken for which.
 *
 * @param counts {@code counts[true class][chosen class]}, rows
 */
public record ConfusionMatrix(List<String> classes, long[][] counts) {
    public ConfusionMatrix {
        classes = List.copyOf(classes);
        if (counts.length != classes.size()) {
            throw new IllegalArgumentException(
                    "counts: " + counts.length + " rows (expected: " + classes.size() + ", one a class)");
        }
    }

    static ConfusionMatrix of(Classified rows) {
        int size = rows.classes().size();
        long[][] counts = new long[size][size];
        for (int row = 0; row < rows.rows(); row++) {
            counts[rows.truth()[row]][rows.chosen()[row]]++;
        }
        return new ConfusionMatrix(rows.classes(), counts);
    }

    /** Rows whose true class is this one. */
    public long support(int classIndex) {
        long sum = 0;
        for (long count : counts[classIndex]) {
            sum += count;
        }
        return sum;
    }

    /** Rows that were taken for this class. */
    public long chosen(int classIndex) {
        long sum = 0;
        for (long[] row : counts) {
            sum += row[classIndex];
        }
        return sum;
    }

    /** The share of a true class's rows that were taken for {@code chosen}; NaN when it has none. */
    public double share(int truth, int chosen) {
        return (double) counts[truth][chosen] / support(truth);
    }

    /** NaN when the class was never chosen. */
    public double precision(int classIndex) {
        return (double) counts[classIndex][classIndex] / chosen(classIndex);
    }

    /** NaN when the class has no rows. */
    public double recall(int classIndex) {
        return share(classIndex, classIndex);
    }

    /** NaN when the class has no rows and was never chosen. */
    public double f1(int classIndex) {
        return 2.0 * counts[classIndex][classIndex] / (support(classIndex) + chosen(classIndex));
    }

    public long rows() {
        long sum = 0;
        for (int k = 0; k < classes.size(); k++) {
            sum += support(k);
        }
        return sum;
    }
}
