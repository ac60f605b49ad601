package dev.millwright.serving.protocol;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A named tensor of a request or an answer.
 *
 * @param shape its dimensions, none negative; an empty shape is a single element
 * @param values as many as the shape says
 */
public record Tensor(String name, Datatype datatype, long[] shape, TensorValues values) {
    /** Dimensions that a tensor of a request may have. */
    public static final int MOST_DIMENSIONS = 16;

    /** Tensors that a request may have, and outputs that it may ask for. */
    public static final int MOST_IN_REQUEST = 10_000;

    private static final long MOST_BESIDE_NONE = 1 << 20;

    public Tensor {
        if (elements(shape) != values.count(datatype)) {
            throw new IllegalArgumentException("values: " + values.count(datatype) + " of " + name + " (expected: "
                    + elements(shape) + ", as shape " + describe(shape) + " says)");
        }
    }

    /** An FP32 tensor. */
    public static Tensor of(String name, float[] values, long... shape) {
        return new Tensor(name, Datatype.FP32, shape, new TensorValues.Floats(values));
    }

    /** A BYTES tensor. */
    public static Tensor of(String name, String[] values, long... shape) {
        return new Tensor(name, Datatype.BYTES, shape, new TensorValues.Texts(values));
    }

    /** How many elements there are. */
    public int count() {
        return values.count(datatype);
    }

    /** The product of the dimensions; -1 when one is negative, or when it is too large for a number of 63 bits. */
    static long elements(long... shape) {
        long product = 1;
        boolean empty = false;
        for (long size : shape) {
            if (size < 0) {
                return -1;
            }
            empty |= size == 0;
        }
        if (empty) {
            return 0;
        }
        for (long size : shape) {
            if (Math.multiplyHigh(product, size) != 0 || product * size < 0) {
                return -1;
            }
            product *= size;
        }
        return product;
    }

    /**
     * The product of the dimensions that a request claims; -1 when they can't be. An empty tensor takes no bytes, whatever its other
     * dimensions are, but what a model makes of it may take all memory: these have to be small.
     */
    static long claimed(long... shape) {
        long elements = elements(shape);
        return elements == 0 && !isSmall(shape) ? -1 : elements;
    }

    private static boolean isSmall(long... shape) {
        long others = 1;
        for (long size : shape) {
            others *= Math.max(1, Math.min(size, MOST_BESIDE_NONE + 1));
            if (others > MOST_BESIDE_NONE) {
                return false;
            }
        }
        return true;
    }

    /** {@code [2,30]}. */
    public static String describe(long... shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
