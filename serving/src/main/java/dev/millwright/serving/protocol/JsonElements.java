package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the elements of one tensor from JSON, nested or flat; keeps the first of what is wrong with them. */
final class JsonElements {
    private static final BigInteger UNSIGNED_END = BigInteger.ONE.shiftLeft(64);

    private static final int MOST_BELIEVED = 4096;
    private static final float[] NO_FLOATS = {};
    private static final String[] NO_TEXTS = {};
    private static final ByteBuffer NOTHING_PACKED = ByteBuffer.allocate(0);

    private final @Nullable Datatype datatype;
    private final NumberForm form;
    private float[] floats = NO_FLOATS;
    private String[] texts = NO_TEXTS;
    private ByteBuffer packed = NOTHING_PACKED;
    private final int room;
    private int count;
    private int deepest = 1;
    private boolean hasNumbers;
    private boolean hasTexts;
    private @Nullable String problem;

    /** {@code room}: how many elements to make room for at first. The datatype may be unknown for {@link NumberForm#FLOATS}. */
    JsonElements(@Nullable Datatype datatype, NumberForm form, int room) {
        this.datatype = datatype;
        this.form = form;
        this.room = room;
    }

    /** How many elements to make room for at first: what the shape says, unless it may be a lie that costs much. */
    static int room(long @Nullable [] shape) {
        return shape == null ? 1 : Math.clamp(Tensor.elements(shape), 1, MOST_BELIEVED);
    }

    int count() {
        return count;
    }

    /** From the opening bracket, which is the parser's token, to the closing one. */
    void read(JsonParser parser) throws IOException {
        int depth = 1;
        while (depth > 0) {
            JsonToken next = parser.nextToken();
            if (next == JsonToken.START_ARRAY) {
                deepest = Math.max(deepest, ++depth);
            } else if (next == JsonToken.END_ARRAY) {
                depth--;
            } else if (next == null) {
                return;
            } else {
                add(parser, next);
            }
        }
    }

    private void add(JsonParser parser, JsonToken token) throws IOException {
        switch (token) {
            case VALUE_STRING -> addText(parser.getText());
            case VALUE_NULL -> addNull();
            case VALUE_TRUE, VALUE_FALSE, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                hasNumbers = true;
                if (form == NumberForm.FLOATS || datatype == Datatype.FP32) {
                    addFloat(number(parser, token));
                } else if (datatype != null && datatype.isNumeric()) {
                    addPacked(parser, token, datatype);
                } else {
                    count++;
                }
            }
            default -> {
                parser.skipChildren();
                complain("data: an object (expected: numbers, booleans, strings or null)");
            }
        }
    }

    private float number(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE ? 1 : 0;
        }
        float value = parser.getFloatValue();
        if (Float.isInfinite(value)) {
            complain("data: " + parser.getText() + " (expected: a number within ±3.4e38)");
        }
        return value;
    }

    private void addFloat(float value) {
        if (count >= floats.length) {
            floats = Arrays.copyOf(floats, grown());
        }
        floats[count++] = value;
    }

    private int grown() {
        return count == 0 ? room : Math.multiplyExact(count, 2);
    }

    private void addNull() {
        if (form == NumberForm.FLOATS) {
            addFloat(Float.NaN);
        } else if (datatype != null && datatype.isFloating()) {
            if (datatype == Datatype.FP32) {
                addFloat(Float.NaN);
            } else {
                putFloating(datatype, Double.NaN);
            }
        } else {
            complain("data: null (expected: a value; only floating point can be missing)");
            count++;
        }
    }

    private void addText(String value) {
        hasTexts = true;
        if (!Words.isWellFormed(value)) {
            complain("data: half of a surrogate pair in a text (expected: texts that UTF-8 can hold)");
        }
        if (count >= texts.length) {
            texts = Arrays.copyOf(texts, grown());
        }
        texts[count++] = value;
    }

    private void addPacked(JsonParser parser, JsonToken token, Datatype type) throws IOException {
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            double value = token == JsonToken.VALUE_TRUE ? 1 : 0;
            if (type.isFloating()) {
                putFloating(type, value);
            } else {
                putWhole(type, (long) value);
            }
        } else if (type.isFloating()) {
            putFloating(type, parser.getDoubleValue());
            if (Double.isInfinite(number(type))) {
                complain("data: " + parser.getText() + " (expected: a number that " + type + " can hold)");
            }
        } else {
            putWhole(type, whole(parser, type));
        }
    }

    /** The element that was put last. */
    private double number(Datatype type) {
        return new TensorValues.Packed(packed.slice(packed.position() - type.bytes(), type.bytes())).number(type, 0);
    }

    private long whole(JsonParser parser, Datatype type) throws IOException {
        BigInteger value;
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                return inRange(parser, type, parser.getLongValue());
            }
            value = parser.getBigIntegerValue();
        } else {
            BigDecimal decimal = decimal(parser);
            // A number of few digits may have billions of zeros.
            if (decimal == null
                    || decimal.scale() < -20
                    || decimal.stripTrailingZeros().scale() > 0) {
                return outOfRange(parser, type);
            }
            value = decimal.toBigInteger();
        }
        if (value.bitLength() <= 63) {
            return inRange(parser, type, value.longValue());
        }
        return type == Datatype.UINT64 && value.signum() > 0 && value.compareTo(UNSIGNED_END) < 0
                ? value.longValue()
                : outOfRange(parser, type);
    }

    /** Null when the exponent is beyond all bounds. */
    private static @Nullable BigDecimal decimal(JsonParser parser) throws IOException {
        try {
            return parser.getDecimalValue();
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }

    private long inRange(JsonParser parser, Datatype type, long value) throws IOException {
        return value >= least(type) && value <= most(type) ? value : outOfRange(parser, type);
    }

    private long outOfRange(JsonParser parser, Datatype type) throws IOException {
        complain("data: " + parser.getText() + " (expected: " + type + ", a whole number from " + least(type) + " to "
                + largest(type) + ")");
        return 0;
    }

    /** The largest whole number of a datatype that has no fractions. */
    static BigInteger largest(Datatype type) {
        return type == Datatype.UINT64 ? UNSIGNED_END.subtract(BigInteger.ONE) : BigInteger.valueOf(most(type));
    }

    /** The smallest whole number of a datatype that has no fractions. */
    static long least(Datatype type) {
        return switch (type) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            default -> 0;
        };
    }

    private static long most(Datatype type) {
        return switch (type) {
            case BOOL -> 1;
            case INT8 -> Byte.MAX_VALUE;
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            case UINT8 -> 0xFF;
            case UINT16 -> 0xFFFF;
            case UINT32 -> 0xFFFF_FFFFL;
            default -> Long.MAX_VALUE;
        };
    }

    private void putFloating(Datatype type, double value) {
        makeRoom(type.bytes());
        switch (type) {
            case FP64 -> packed.putDouble(value);
            case FP32 -> packed.putFloat((float) value);
            case FP16 -> packed.putShort(Float.floatToFloat16((float) value));
            default -> packed.putShort(bfloat16((float) value));
        }
        count++;
    }

    /** The nearest, ties to the even one; NaN stays NaN. */
    private static short bfloat16(float value) {
        int bits = Float.floatToIntBits(value);
        return Float.isNaN(value) ? (short) 0x7FC0 : (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    private void putWhole(Datatype type, long value) {
        makeRoom(type.bytes());
        switch (type.bytes()) {
            case 1 -> packed.put((byte) value);
            case 2 -> packed.putShort((short) value);
            case 4 -> packed.putInt((int) value);
            default -> packed.putLong(value);
        }
        count++;
    }

    private void makeRoom(int bytes) {
        if (packed.remaining() < bytes) {
            int larger =
                    packed.position() == 0 ? Math.multiplyExact(room, bytes) : Math.multiplyExact(packed.capacity(), 2);
            packed = ByteBuffer.allocate(larger).order(ByteOrder.LITTLE_ENDIAN).put(packed.flip());
        }
    }

    private void complain(String message) {
        if (problem == null) {
            problem = message;
        }
    }

    /**
     * The elements, once all are read.
     *
     * @param type of the tensor: the one that was known before, if one was
     * @param shape of the tensor, when it is known
     * @throws InvalidInputException saying what is wrong with them
     */
    TensorValues values(Datatype type, long @Nullable [] shape) {
        if (hasTexts && type != Datatype.BYTES) {
            throw new InvalidInputException("data: a string (expected: numbers, as datatype " + type + " says)");
        }
        if (hasNumbers && type == Datatype.BYTES) {
            throw new InvalidInputException("data: a number (expected: strings, as datatype BYTES says)");
        }
        if (problem != null) {
            throw new InvalidInputException(problem);
        }
        if (shape != null) {
            requireShape(shape);
        }
        if (type == Datatype.BYTES) {
            String[] all = texts.length == count ? texts : Arrays.copyOf(texts, count);
            Arrays.setAll(all, i -> all[i] == null ? "" : all[i]);
            return new TensorValues.Texts(all);
        }
        return form == NumberForm.FLOATS || type == Datatype.FP32
                ? new TensorValues.Floats(floats.length == count ? floats : Arrays.copyOf(floats, count))
                : new TensorValues.Packed(packed.flip());
    }

    private void requireShape(long... shape) {
        if (deepest > Math.max(1, shape.length)) {
            throw new InvalidInputException("data: nested " + deepest + " deep (expected: flat, or as shape "
                    + Tensor.describe(shape) + " says)");
        }
        if (Tensor.elements(shape) != count) {
            throw new InvalidInputException("data: " + count + " values (expected: " + Tensor.elements(shape)
                    + ", as shape " + Tensor.describe(shape) + " says)");
        }
    }
}
