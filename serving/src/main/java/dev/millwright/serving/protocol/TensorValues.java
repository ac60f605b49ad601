package dev.millwright.serving.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of a tensor, row by row (the last dimension runs fastest). Shared, not copied: don't change them. */
public sealed interface TensorValues {
    /** How many elements of {@code datatype} there are. */
    int count(Datatype datatype);

    /** 32-bit floating point: that of an FP32 tensor, or of any other numbers on their way to a model that takes those. */
    record Floats(float[] values) implements TensorValues {
        @Override
        public int count(Datatype datatype) {
            return values.length;
        }
    }

    /** Texts. */
    record Texts(String[] values) implements TensorValues {
        @Override
        public int count(Datatype datatype) {
            return values.length;
        }
    }

    /** Numbers as they go over the wire, little-endian and without gaps, from the buffer's position to its limit. */
    record Packed(ByteBuffer bytes) implements TensorValues {
        public Packed {
            bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public int count(Datatype datatype) {
            return bytes.limit() / datatype.bytes();
        }

        /** The {@code index}-th element as floating point; a truth value is 0 or 1. */
        public double number(Datatype datatype, int index) {
            return switch (datatype) {
                case BOOL -> bytes.get(index) == 0 ? 0 : 1;
                case UINT8 -> Byte.toUnsignedInt(bytes.get(index));
                case INT8 -> bytes.get(index);
                case UINT16 -> Short.toUnsignedInt(bytes.getShort(index * 2));
                case INT16 -> bytes.getShort(index * 2);
                case FP16 -> Float.float16ToFloat(bytes.getShort(index * 2));
                case BF16 -> Float.intBitsToFloat(bytes.getShort(index * 2) << 16);
                case UINT32 -> Integer.toUnsignedLong(bytes.getInt(index * 4));
                case INT32 -> bytes.getInt(index * 4);
                case FP32 -> bytes.getFloat(index * 4);
                case INT64 -> bytes.getLong(index * 8);
                case UINT64 -> unsigned(bytes.getLong(index * 8));
                case FP64 -> bytes.getDouble(index * 8);
                case BYTES -> throw new IllegalArgumentException("datatype: BYTES (expected: numbers)");
            };
        }

        private static double unsigned(long value) {
            // Halving keeps the lowest bit, which decides how the nearest double is rounded.
            return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
        }
    }
}
