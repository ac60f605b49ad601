package dev.millwright.serving.cache;

import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorValues;
import java.nio.ByteBuffer;
import java.util.List;

/** Hashes and sizes of what is kept. */
final class Mixing {
    /** An object with a few fields and its place in the cache, in bytes. */
    static final long OBJECT = 160;

    private static final long TEXT = 56;
    private static final long TENSOR = 120;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Mixing() {}

    static long mix(long hash, long value) {
        long mixed = (hash ^ value) * GOLDEN;
        return mixed ^ (mixed >>> 32);
    }

    static int toInt(long hash) {
        return (int) (hash ^ (hash >>> 32));
    }

    static long bytes(String... texts) {
        long bytes = 0;
        for (String text : texts) {
            bytes += TEXT + 2L * text.length();
        }
        return bytes;
    }

    static long bytes(List<Tensor> tensors) {
        long bytes = OBJECT;
        for (Tensor tensor : tensors) {
            bytes += TENSOR
                    + switch (tensor.values()) {
                        case TensorValues.Floats(float[] values) -> 4L * values.length;
                        case TensorValues.Texts(String[] values) -> bytes(values);
                        case TensorValues.Packed(ByteBuffer values) -> values.limit();
                    };
        }
        return bytes;
    }
}
