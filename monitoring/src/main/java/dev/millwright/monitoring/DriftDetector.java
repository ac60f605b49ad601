package dev.millwright.monitoring;

import dev.millwright.core.Divergence;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.monitoring.DriftReport.ColumnDrift;
import dev.millwright.monitoring.DriftReport.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares a window of predictions with the reference, column by column. A column has drifted when the effect is large
 * (population stability index), the test is sure (chi-square over the bins, corrected for the number of columns) and the
 * window has enough rows: either alone cries wolf, the one on small windows, the other on large ones.
 */
public final class DriftDetector {
    private DriftDetector() {}

    /** Compares rows with a reference. */
    public static DriftReport compare(
            ReferenceProfile reference, Frame rows, Predictions predictions, DriftOptions options) {
        DriftWindow window = new DriftWindow(reference);
        window.add(rows, predictions);
        return compare(reference, window.profile(), options);
    }

    /**
     * Compares counts with a reference.
     *
     * @param window counted in the reference's bins, by {@link DriftWindow}
     */
    public static DriftReport compare(ReferenceProfile reference, ReferenceProfile window, DriftOptions options) {
        List<ColumnProfile> before = new ArrayList<>(reference.columns());
        before.addAll(reference.outputs());
        List<ColumnProfile> now = new ArrayList<>(window.columns());
        now.addAll(window.outputs());
        if (now.size() != before.size()) {
            throw new IllegalArgumentException(
                    "window: " + now.size() + " columns (expected: " + before.size() + ", those of the reference)");
        }
        double[] pValues = new double[before.size()];
        for (int i = 0; i < pValues.length; i++) {
            pValues[i] = BinStatistics.chiSquarePValue(
                    before.get(i).counts(), now.get(i).counts());
        }
        double[] corrected = BinStatistics.benjaminiHochberg(pValues);
        boolean enoughRows = window.rows() >= options.minimumRows();
        List<ColumnDrift> columns = new ArrayList<>();
        for (int i = 0; i < pValues.length; i++) {
            Side side = i < reference.columns().size() ? Side.FEATURE : Side.OUTPUT;
            columns.add(drift(before.get(i), now.get(i), side, pValues[i], corrected[i], enoughRows, options));
        }
        return new DriftReport(window.rows(), enoughRows, columns, options);
    }

    private static ColumnDrift drift(
            ColumnProfile reference,
            ColumnProfile window,
            Side side,
            double pValue,
            double corrected,
            boolean enoughRows,
            DriftOptions options) {
        long[] before = reference.counts();
        long[] now = window.counts();
        double psi = window.rows() == 0 ? 0 : Divergence.psi(before, now);
        double distance = switch (reference) {
            case ColumnProfile.Numeric numeric -> BinStatistics.kolmogorovSmirnov(before, now, before.length - 1);
            case ColumnProfile.Categorical categorical -> 0;
        };
        return new ColumnDrift(
                reference.column(),
                side,
                psi,
                Divergence.jensenShannon(before, now),
                distance,
                pValue,
                corrected,
                reference.missingShare(),
                window.missingShare(),
                enoughRows && psi > options.psiThreshold() && corrected < options.alpha(),
                reference.binLabels(),
                before,
                now);
    }
}
