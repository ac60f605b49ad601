package dev.millwright.data.profile;

import java.util.Arrays;

/**
 * How often the classes of two columns come together, over the rows that have both.
 *
 * @param counts by class of the one and of the other
 */
record Contingency(long[][] counts) {

    static Contingency of(Codes one, Codes other) {
        long[][] counts = new long[one.size()][other.size()];
        for (int row = 0; row < one.rows(); row++) {
            if (one.of()[row] != Codes.MISSING && other.of()[row] != Codes.MISSING) {
                counts[one.of()[row]][other.of()[row]]++;
            }
        }
        return new Contingency(counts);
    }

    private long[] rowSums() {
        return Arrays.stream(counts).mapToLong(row -> Arrays.stream(row).sum()).toArray();
    }

    private long[] columnSums() {
        long[] sums = new long[counts.length == 0 ? 0 : counts[0].length];
        for (long[] row : counts) {
            for (int column = 0; column < sums.length; column++) {
                sums[column] += row[column];
            }
        }
        return sums;
    }

    /**
     * Cramér's V with Bergsma's correction (2013, "A bias-correction for Cramér's V and Tschuprow's T"), from 0 to 1: without
     * it, columns of many classes seem associated when they are not. NaN where a column has fewer than two classes.
     */
    double cramersV() {
        long[] rows = rowSums();
        long[] columns = columnSums();
        double total = Arrays.stream(rows).sum();
        long height = Arrays.stream(rows).filter(count -> count > 0).count();
        long width = Arrays.stream(columns).filter(count -> count > 0).count();
        if (height < 2 || width < 2) {
            return Double.NaN;
        }
        double expected = (height - 1.0) * (width - 1) / (total - 1);
        double phi = Math.max(0, chiSquare(rows, columns, total) / total - expected);
        double least = Math.min(corrected(height, total), corrected(width, total)) - 1;
        return least <= 0 ? 0 : Math.min(1, Math.sqrt(phi / least));
    }

    private static double corrected(long classes, double total) {
        return classes - (classes - 1.0) * (classes - 1.0) / (total - 1);
    }

    private double chiSquare(long[] rows, long[] columns, double total) {
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                if (rows[i] > 0 && columns[j] > 0) {
                    double expected = rows[i] / total * columns[j];
                    sum += (counts[i][j] - expected) * (counts[i][j] - expected) / expected;
                }
            }
        }
        return sum;
    }

    /** What one column tells of the other, in bits (Shannon 1948): the plug-in estimate. 0 where no row has both. */
    double mutualInformation() {
        long[] rows = rowSums();
        long[] columns = columnSums();
        double total = Arrays.stream(rows).sum();
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                if (counts[i][j] > 0) {
                    sum += counts[i][j] * Math.log(counts[i][j] * total / ((double) rows[i] * columns[j]));
                }
            }
        }
        return total == 0 ? 0 : Math.max(0, sum / total / Math.log(2));
    }
}
