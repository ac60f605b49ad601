package dev.millwright.monitoring;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.serving.PredictionEvent;

/**
 * How much waits to be written.
 *
 * @param bytes that it takes in the engine, about
 */
record Held(int events, int rows, long bytes) {
    static final Held NOTHING = new Held(0, 0, 0);

    /** A row without its features, in bytes. */
    private static final long ROW = 200;

    /** What one prediction comes to. */
    static Held of(PredictionEvent event) {
        int rows = event.exchange().rows();
        long values = switch (event.exchange()) {
            case PredictionEvent.Rows exchange -> bytes(exchange.frame());
            case PredictionEvent.Tensors tensors -> Math.min(tensors.bytes(), mostBytes(tensors));
        };
        return new Held(1, rows, rows * ROW + values);
    }

    /** Of a longer tensor only the hash is kept. */
    private static long mostBytes(PredictionEvent.Tensors tensors) {
        return (long) PredictionBatch.LARGEST_TENSOR
                * (tensors.inputs().size() + tensors.outputs().size());
    }

    private static long bytes(Frame frame) {
        long bytes = 0;
        for (FeatureColumn column : frame.columns()) {
            switch (column) {
                case FeatureColumn.Numeric(String _, float[] values) -> bytes += (long) values.length * Float.BYTES;
                case FeatureColumn.Text(String _, String[] values) -> {
                    for (String value : values) {
                        bytes += value.length();
                    }
                }
            }
        }
        return bytes;
    }

    Held plus(Held other) {
        return new Held(events + other.events, rows + other.rows, bytes + other.bytes);
    }

    Held minus(Held other) {
        return new Held(events - other.events, rows - other.rows, bytes - other.bytes);
    }
}
