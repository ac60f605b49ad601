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

    /** {@code [2,30]}. */
    public static String describe(long... shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
