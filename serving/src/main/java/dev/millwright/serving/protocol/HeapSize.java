package dev.millwright.serving.protocol;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import java.nio.ByteBuffer;
import java.util.List;

/** How much memory values take, in bytes, about: for bounds. */
public final class HeapSize {
    /** An object with a few fields and its place among others. */
    public static final long OBJECT = 160;

    private static final long TEXT = 56;
    private static final long TENSOR = 120;
    private static final long COLUMN = 48;

    private HeapSize() {}

    /** Of texts. */
    public static long of(String... texts) {
        long bytes = 0;
        for (String text : texts) {
            bytes += TEXT + 2L * text.length();
        }
        return bytes;
    }

    /** Of columns with their values. */
    public static long of(Frame frame) {
        long bytes = 0;
        for (FeatureColumn column : frame.columns()) {
            bytes += COLUMN
                    + switch (column) {
                        case FeatureColumn.Numeric(String _, float[] values) -> 4L * values.length;
                        case FeatureColumn.Text(String _, String[] values) -> of(values);
                    };
        }
        return bytes;
    }

    /** Of tensors with what they hold. */
    public static long of(List<Tensor> tensors) {
        long bytes = OBJECT;
        for (Tensor tensor : tensors) {
            bytes += TENSOR
                    + switch (tensor.values()) {
                        case TensorValues.Floats(float[] values) -> 4L * values.length;
                        case TensorValues.Texts(String[] values) -> of(values);
                        case TensorValues.Packed(ByteBuffer values) -> values.limit();
                    };
        }
        return bytes;
    }
}
