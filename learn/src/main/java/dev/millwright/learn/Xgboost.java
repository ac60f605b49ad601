package dev.millwright.learn;

import dev.millwright.core.MillwrightException;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/** Calls the XGBoost library, and says in our words what goes wrong there. */
final class Xgboost {
    private Xgboost() {}

    /** A call into the library. */
    @FunctionalInterface
    interface Call<T extends @Nullable Object> {
        T run() throws XGBoostError, java.io.IOException;
    }

    static <T extends @Nullable Object> T call(Call<T> call) {
        try {
            return call.run();
        } catch (XGBoostError | java.io.IOException refused) {
            throw new MillwrightException(
                    LearnError.XGBOOST_FAILED,
                    "xgboost: " + refused.getMessage() + " (expected: no error). Please report this with the data's"
                            + " columns and the parameters.",
                    refused);
        } catch (LinkageError missing) {
            throw new MillwrightException(
                    LearnError.XGBOOST_UNAVAILABLE,
                    "xgboost: " + missing.getMessage() + " (expected: a library that loads). Install libgomp (Debian:"
                            + " apt install libgomp1), then try again.",
                    missing);
        }
    }

    /**
     * The library's form of encoded rows. Slots that are not stored are missing values there. The caller disposes it.
     *
     * @param threads that read the rows
     */
    static DMatrix matrix(Features features, int threads) {
        return call(() -> features.dense() == features.width()
                ? new DMatrix(finite(features.numbers()), features.rows(), features.dense(), Float.NaN)
                : sparse(features, threads));
    }

    private static DMatrix sparse(Features features, int threads) throws XGBoostError {
        int present = 0;
        for (float number : features.numbers()) {
            present += Float.isNaN(number) ? 0 : 1;
        }
        int entries = Math.addExact(present, features.values().length);
        long[] start = new long[features.rows() + 1];
        int[] slots = new int[entries];
        float[] values = new float[entries];
        int next = 0;
        for (int row = 0; row < features.rows(); row++) {
            for (int slot = 0; slot < features.dense(); slot++) {
                float number = features.numbers()[row * features.dense() + slot];
                if (!Float.isNaN(number)) {
                    slots[next] = slot;
                    values[next++] = number;
                }
            }
            int from = features.rowStart()[row];
            int count = features.rowStart()[row + 1] - from;
            System.arraycopy(features.slots(), from, slots, next, count);
            System.arraycopy(features.values(), from, values, next, count);
            next += count;
            start[row + 1] = next;
        }
        return new DMatrix(start, slots, finite(values), DMatrix.SparseType.CSR, features.width(), Float.NaN, threads);
    }

    /** The library refuses infinities. The largest number stands in: it lies on the same side of every threshold. */
    private static float[] finite(float[] values) {
        float[] finite = values;
        for (int i = 0; i < values.length; i++) {
            if (Float.isInfinite(values[i])) {
                finite = finite == values ? values.clone() : finite;
                finite[i] = Math.copySign(Float.MAX_VALUE, values[i]);
            }
        }
        return finite;
    }

    /** A booster without trees, ready to be updated with rows of {@code train}. The caller disposes it. */
    static Booster start(DMatrix train, Map<String, Object> settings) {
        return call(() -> XGBoost.train(train, settings, 0, Map.of(), null, null));
    }
}
