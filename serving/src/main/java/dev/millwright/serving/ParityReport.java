package dev.millwright.serving;

import java.util.List;

/**
 * What replaying a {@link ParitySet} showed.
 *
 * @param rows rows replayed, each once alone and once in a batch
 * @param largestDifference of any probability or predicted value, absolute
 * @param mismatchCount values outside the tolerance, and labels that differ without excuse
 * @param mismatches the first ten of them
 */
public record ParityReport(int rows, double largestDifference, long mismatchCount, List<Mismatch> mismatches) {
    /**
     * One value that differs.
     *
     * @param row counts from 0
     * @param output {@code label}, {@code prediction}, or {@code probabilities[CLASS]}
     */
    public record Mismatch(int row, String output, String expected, String got) {
        @Override
        public String toString() {
            return "row " + row + ", " + output + ": " + got + " (expected: " + expected + ")";
        }
    }

    public ParityReport {
        mismatches = List.copyOf(mismatches);
    }

    /** Whether the model may serve. */
    public boolean passed() {
        return mismatchCount == 0;
    }
}
