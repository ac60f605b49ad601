package dev.millwright.learn;

import java.util.Arrays;

/**
 * Encoded rows: what an algorithm sees. The first {@code dense} of {@code width} slots are stored for every row; of the
 * others only the non-zero ones, in compressed sparse rows. Arrays are shared: treat them as read-only.
 *
 * @param numbers row by row: {@code numbers[row * dense + slot]}
 * @param rowStart rows + 1 offsets into {@code slots} and {@code values}
 * @param slots ascending within a row, each from {@code dense} to {@code width - 1}
 * @param values of those slots, never zero
 */
record Features(int rows, int dense, int width, float[] numbers, int[] rowStart, int[] slots, float[] values) {

    /** Adds the products of a row with {@code weights[slot * outputs + k]} to {@code sums[k]}. */
    void addProducts(int row, double[] weights, int outputs, double[] sums) {
        for (int slot = 0; slot < dense; slot++) {
            addScaled(numbers[row * dense + slot], weights, slot * outputs, sums);
        }
        for (int entry = rowStart[row]; entry < rowStart[row + 1]; entry++) {
            addScaled(values[entry], weights, slots[entry] * outputs, sums);
        }
    }

    /** Adds the row, times {@code factors[k]}, to {@code gradient[slot * outputs + k]}. */
    void addOuter(int row, double[] factors, double[] gradient) {
        int outputs = factors.length;
        for (int slot = 0; slot < dense; slot++) {
            double value = numbers[row * dense + slot];
            for (int k = 0; k < outputs; k++) {
                gradient[slot * outputs + k] += value * factors[k];
            }
        }
        for (int entry = rowStart[row]; entry < rowStart[row + 1]; entry++) {
            for (int k = 0; k < outputs; k++) {
                gradient[slots[entry] * outputs + k] += values[entry] * factors[k];
            }
        }
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive), copied. */
    Features slice(int from, int to) {
        int first = rowStart[from];
        int[] start = new int[to - from + 1];
        for (int row = 0; row < start.length; row++) {
            start[row] = rowStart[from + row] - first;
        }
        return new Features(
                to - from,
                dense,
                width,
                Arrays.copyOfRange(numbers, from * dense, to * dense),
                start,
                Arrays.copyOfRange(slots, first, rowStart[to]),
                Arrays.copyOfRange(values, first, rowStart[to]));
    }

    private static void addScaled(double value, double[] weights, int offset, double[] sums) {
        for (int k = 0; k < sums.length; k++) {
            sums[k] += value * weights[offset + k];
        }
    }
}
