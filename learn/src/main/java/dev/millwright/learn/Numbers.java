package dev.millwright.learn;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The numeric columns of a model, and how they are made ready: as they are (trees), or imputed, standardised and followed
 * by missing indicators (linear models). All arithmetic is float32 and the very same as in the ONNX operators, so that
 * both see equal bits.
 */
record Numbers(List<String> columns, Optional<Standardiser> standardiser) {
    Numbers {
        columns = List.copyOf(columns);
    }

    /**
     * Learnt on the training rows.
     *
     * @param fill per column, what a missing value becomes
     * @param offset per column, subtracted: the mean after imputation
     * @param scale per column, multiplied: 1 / the population standard deviation, 1 for a constant column
     * @param indicators positions of columns that get a 0/1 column saying "was missing": those that had some, but not
     *     only, missing values
     */
    record Standardiser(float[] fill, float[] offset, float[] scale, int[] indicators) {}

    /**
     * Standardised values are cut off here. No training row reaches it (n values lie within √n standard deviations), so
     * it only keeps absurd values met in serving from becoming infinite, and 0 · ∞ from becoming NaN.
     */
    static final float LIMIT = 1e6f;

    static Numbers raw(List<String> columns) {
        return new Numbers(columns, Optional.empty());
    }

    static Numbers standardised(List<String> columns, Frame train, boolean median) {
        float[] fill = new float[columns.size()];
        float[] offset = new float[columns.size()];
        float[] scale = new float[columns.size()];
        List<Integer> indicators = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            float[] values = values(train, columns.get(i));
            float[] present = present(values);
            int missing = values.length - present.length;
            if (missing > 0 && present.length > 0) {
                indicators.add(i);
            }
            Arrays.sort(present);
            fill[i] = median ? median(present) : (float) mean(present, 0, 0);
            double mean = mean(present, fill[i], missing);
            double deviation = deviation(present, fill[i], missing, mean);
            offset[i] = (float) mean;
            scale[i] = deviation > 0 ? (float) Math.min(1 / deviation, Float.MAX_VALUE) : 1;
        }
        return new Numbers(
                columns,
                Optional.of(new Standardiser(
                        fill,
                        offset,
                        scale,
                        indicators.stream().mapToInt(Integer::intValue).toArray())));
    }

    int width() {
        return columns.size()
                + standardiser.map(fitted -> fitted.indicators().length).orElse(0);
    }

    /** The input column that each slot comes from. */
    List<String> owners() {
        List<String> owners = new ArrayList<>(columns);
        standardiser.ifPresent(
                fitted -> Arrays.stream(fitted.indicators()).forEach(column -> owners.add(columns.get(column))));
        return owners;
    }

    /** Row by row, {@link #width} values each. */
    float[] apply(Frame frame) {
        int width = width();
        float[] result = new float[frame.rows() * width];
        for (int column = 0; column < columns.size(); column++) {
            float[] values = values(frame, columns.get(column));
            for (int row = 0; row < values.length; row++) {
                float value = values[row];
                result[row * width + column] =
                        standardiser.isPresent() ? standardise(standardiser.get(), column, value) : value;
            }
        }
        standardiser.ifPresent(fitted -> indicate(fitted, frame, result));
        return result;
    }

    private static float standardise(Standardiser fitted, int column, float value) {
        float imputed = Float.isNaN(value) ? fitted.fill()[column] : value;
        float scaled = (imputed - fitted.offset()[column]) * fitted.scale()[column];
        return Math.min(Math.max(scaled, -LIMIT), LIMIT);
    }

    private void indicate(Standardiser fitted, Frame frame, float[] result) {
        int width = width();
        for (int i = 0; i < fitted.indicators().length; i++) {
            float[] values = values(frame, columns.get(fitted.indicators()[i]));
            for (int row = 0; row < values.length; row++) {
                result[row * width + columns.size() + i] = Float.isNaN(values[row]) ? 1 : 0;
            }
        }
    }

    private static float[] values(Frame frame, String name) {
        return switch (frame.column(name)) {
            case FeatureColumn.Numeric numeric -> numeric.values();
            case FeatureColumn.Text _ ->
                throw new IllegalArgumentException(name + ": a text column (expected: a numeric one)");
        };
    }

    private static float[] present(float[] values) {
        float[] present = new float[values.length];
        int count = 0;
        for (float value : values) {
            if (!Float.isNaN(value)) {
                present[count++] = value;
            }
        }
        return Arrays.copyOf(present, count);
    }

    private static float median(float[] sorted) {
        if (sorted.length == 0) {
            return 0;
        }
        double below = sorted[(sorted.length - 1) / 2];
        double above = sorted[sorted.length / 2];
        return (float) ((below + above) / 2);
    }

    private static double mean(float[] present, float fill, int missing) {
        double sum = (double) fill * missing;
        for (float value : present) {
            sum += value;
        }
        return present.length + missing == 0 ? 0 : sum / (present.length + missing);
    }

    /** Zero exactly when all values are equal; sums of squares alone would leave rounding behind. */
    private static double deviation(float[] sorted, float fill, int missing, double mean) {
        boolean fillDiffers = missing > 0 && sorted.length > 0 && fill != sorted[0];
        boolean constant = sorted.length == 0 || (sorted[0] == sorted[sorted.length - 1] && !fillDiffers);
        if (constant) {
            return 0;
        }
        double sum = missing * (fill - mean) * (fill - mean);
        for (float value : sorted) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / (sorted.length + missing));
    }
}
