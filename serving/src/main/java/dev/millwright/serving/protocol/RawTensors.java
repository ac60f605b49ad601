package dev.millwright.serving.protocol;

import dev.millwright.core.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Tensors as bytes, the same over REST's binary extension and in gRPC's raw contents: numbers little-endian without gaps,
 * a text as its length (4 bytes, little-endian) and its UTF-8.
 */
public final class RawTensors {
    private static final int LENGTH = Integer.BYTES;

    private RawTensors() {}

    /**
     * Reads a tensor that takes up all of {@code bytes}; numbers are shared with it, not copied.
     *
     * @throws InvalidInputException beginning with the member that is wrong, {@code shape} or {@code data}
     */
    public static Tensor read(String name, Datatype datatype, long[] shape, ByteBuffer bytes) {
        long elements = Tensor.claimed(shape);
        if (elements < 0) {
            throw new InvalidInputException("shape: " + Tensor.describe(shape)
                    + " (expected: dimensions of at least 0 whose product fits the data)");
        }
        if (datatype == Datatype.BYTES) {
            return new Tensor(name, datatype, shape, new TensorValues.Texts(texts(elements, shape, bytes)));
        }
        if (elements > bytes.remaining() || elements * datatype.bytes() != bytes.remaining()) {
            throw new InvalidInputException("data: " + bytes.remaining() + " bytes (expected: "
                    + (elements > Long.MAX_VALUE / 8 ? "far more" : elements * datatype.bytes()) + ", as " + datatype
                    + Tensor.describe(shape) + " takes)");
        }
        if (datatype == Datatype.BOOL) {
            requireTruth(bytes);
        }
        return new Tensor(name, datatype, shape, new TensorValues.Packed(bytes));
    }

    /** Native code reads these bytes as truth values, of which it knows two. */
    private static void requireTruth(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            byte value = bytes.get(i);
            if (value != 0 && value != 1) {
                throw new InvalidInputException("data: element " + (i - bytes.position()) + " is "
                        + Byte.toUnsignedInt(value) + " (expected: 0 for false, or 1 for true)");
            }
        }
    }

    /**
     * A tensor of elements that came otherwise.
     *
     * @throws InvalidInputException when there are not as many as the shape says
     */
    public static Tensor checked(String name, Datatype datatype, long[] shape, TensorValues values) {
        if (Tensor.claimed(shape) != values.count(datatype)) {
            throw new InvalidInputException("data: " + values.count(datatype) + " values (expected: as many as shape "
                    + Tensor.describe(shape) + " says)");
        }
        return new Tensor(name, datatype, shape, values);
    }

    private static String[] texts(long elements, long[] shape, ByteBuffer raw) {
        ByteBuffer bytes = raw.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (elements > bytes.remaining() / LENGTH) {
            throw tooShort(elements, shape, bytes.remaining() / LENGTH);
        }
        String[] texts = new String[(int) elements];
        for (int i = 0; i < texts.length; i++) {
            if (bytes.remaining() < LENGTH) {
                throw tooShort(elements, shape, i);
            }
            long length = Integer.toUnsignedLong(bytes.getInt());
            if (length > bytes.remaining()) {
                throw new InvalidInputException("data: element " + i + " of " + length
                        + " bytes (expected: at most the " + bytes.remaining() + " that are left)");
            }
            texts[i] = length == 0 ? "" : text(i, bytes.slice(bytes.position(), (int) length));
            bytes.position(bytes.position() + (int) length);
        }
        if (bytes.hasRemaining()) {
            throw new InvalidInputException("data: " + bytes.remaining() + " bytes after the last of " + elements
                    + " texts (expected: none, as shape " + Tensor.describe(shape) + " says)");
        }
        return texts;
    }

    private static InvalidInputException tooShort(long elements, long[] shape, int found) {
        return new InvalidInputException("data: at most " + found + " texts (expected: " + elements + ", as shape "
                + Tensor.describe(shape) + " says, each its length in 4 bytes and its UTF-8)");
    }

    /** The text of an element. */
    public static String text(int index, ByteBuffer utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(
                    "data: element " + index + " is not UTF-8 (expected: text; models here take no other bytes)");
        }
    }

    /** How many bytes {@link #write} writes. */
    public static int size(Tensor tensor) {
        return switch (tensor.values()) {
            case TensorValues.Floats(float[] values) -> Math.multiplyExact(values.length, Float.BYTES);
            case TensorValues.Packed packed -> packed.bytes().limit();
            case TensorValues.Texts(String[] values) -> {
                int size = 0;
                for (String value : values) {
                    size = Math.addExact(size, LENGTH + value.getBytes(StandardCharsets.UTF_8).length);
                }
                yield size;
            }
        };
    }

    /** Writes a tensor to a buffer. */
    public static void write(Tensor tensor, ByteBuffer into) {
        into.order(ByteOrder.LITTLE_ENDIAN);
        switch (tensor.values()) {
            case TensorValues.Floats(float[] values) -> {
                into.asFloatBuffer().put(values);
                into.position(into.position() + values.length * Float.BYTES);
            }
            case TensorValues.Packed packed -> into.put(packed.bytes().duplicate());
            case TensorValues.Texts(String[] values) -> {
                for (String value : values) {
                    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
                    into.putInt(utf8.length).put(utf8);
                }
            }
        }
    }
}
