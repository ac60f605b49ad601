package dev.millwright.core;

/** The values of one feature for a batch of rows. Arrays are shared, not copied: treat them as read-only. */
public sealed interface FeatureColumn {
    String name();

    int rows();

    /** The values at {@code rows}, in that order. */
    FeatureColumn select(int[] rows);

    /** Numbers, booleans as 0 and 1; {@code NaN} is missing. Single precision, since that is what the model sees. */
    record Numeric(String name, float[] values) implements FeatureColumn {
        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public Numeric select(int[] rows) {
            float[] selected = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                selected[i] = values[rows[i]];
            }
            return new Numeric(name, selected);
        }
    }

    /** Strings; {@code ""} is missing, {@code null} never appears. */
    record Text(String name, String[] values) implements FeatureColumn {
        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public Text select(int[] rows) {
            String[] selected = new String[rows.length];
            for (int i = 0; i < rows.length; i++) {
                selected[i] = values[rows[i]];
            }
            return new Text(name, selected);
        }
    }
}
