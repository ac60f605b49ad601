package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.io.NumberInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests in the form in which nearly all come: members that have no surprises in them, each once, flat data, and no escapes in texts.
 * Whatever is written otherwise, or wrong, is left to {@link RequestReader}, which reads everything and says what is wrong. Of what this one
 * reads both say the same, to the last bit of a number.
 */
final class PlainRequestReader {
    private static final KnownTexts TEXTS = new KnownTexts();

    private static final int MOST_DIMENSIONS = 8;

    /** So many digits fit a long, whatever they are. */
    private static final int LONG_DIGITS = 18;

    /** Up to here a double has all whole numbers, and up to this power of ten all powers: then one division rounds as it should. */
    private static final long LARGEST_EXACT = 1L << 53;

    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** The bits of a double that a float has no room for, and their value halfway between two floats. */
    private static final long BEYOND_FLOAT = (1L << 29) - 1;

    private static final long HALFWAY = 1L << 28;

    private final byte[] body;
    private final NumberForm numbers;
    private int at;

    private PlainRequestReader(byte[] body, NumberForm numbers) {
        this.body = body;
        this.numbers = numbers;
    }

    /** What is read here is given up. It has no stack: where, nobody asks. */
    private static final class NotPlain extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotPlain() {
            super("not plain", null, false, false);
        }
    }

    /** A request that is all of a body; empty when it takes more to read it. */
    static Optional<InferRequest> find(byte[] body, NumberForm numbers) {
        try {
            return Optional.of(new PlainRequestReader(body, numbers).request());
        } catch (NotPlain | ArrayIndexOutOfBoundsException notPlain) {
            // Beyond its end, too, there is nothing plain.
            return Optional.empty();
        }
    }

    private InferRequest request() {
        String id = null;
        List<Tensor> inputs = null;
        expect('{');
        do {
            switch (key()) {
                case "id" -> id = once(id, text());
                case "inputs" -> inputs = once(inputs, tensors());
                default -> throw new NotPlain();
            }
        } while (goesOn('}'));
        while (at < body.length) {
            require(isSpace(body[at++]));
        }
        Optional<String> sentId = id == null || id.isEmpty() ? Optional.empty() : Optional.of(id);
        return new InferRequest(sentId, Map.of(), known(inputs), List.of(), TensorForm.JSON);
    }

    private List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        expect('[');
        do {
            require(tensors.size() < Tensor.MOST_IN_REQUEST);
            tensors.add(tensor());
        } while (goesOn(']'));
        return tensors;
    }

    private Tensor tensor() {
        String name = null;
        Datatype datatype = null;
        long[] shape = null;
        TensorValues values = null;
        expect('{');
        do {
            switch (key()) {
                case "name" -> name = once(name, text());
                case "datatype" -> datatype = once(datatype, datatype());
                case "shape" -> shape = once(shape, shape());
                case "data" -> values = once(values, data(datatype, shape));
                default -> throw new NotPlain();
            }
        } while (goesOn('}'));
        Datatype type = known(datatype);
        long[] dimensions = known(shape);
        TensorValues elements = known(values);
        require((elements instanceof TensorValues.Texts) == (type == Datatype.BYTES));
        require(Tensor.claimed(dimensions) == elements.count(type));
        require(!known(name).isEmpty());
        return new Tensor(known(name), type, dimensions, elements);
    }

    private Datatype datatype() {
        return Datatype.find(text()).orElseThrow(NotPlain::new);
    }

    private long[] shape() {
        long[] dimensions = new long[2];
        int rank = 0;
        expect('[');
        do {
            require(rank < MOST_DIMENSIONS);
            if (rank == dimensions.length) {
                dimensions = Arrays.copyOf(dimensions, MOST_DIMENSIONS);
            }
            skipSpace();
            int from = at;
            dimensions[rank++] = digits(0);
            requireWhole(from);
            require(at - from <= LONG_DIGITS);
        } while (goesOn(']'));
        return rank == dimensions.length ? dimensions : Arrays.copyOf(dimensions, rank);
    }

    private TensorValues data(@Nullable Datatype datatype, long @Nullable [] shape) {
        require(numbers == NumberForm.FLOATS || datatype == Datatype.FP32 || datatype == Datatype.BYTES);
        expect('[');
        skipSpace();
        int room = JsonElements.room(shape);
        return body[at] == '"' ? texts(room) : floats(room);
    }

    private TensorValues texts(int room) {
        String[] found = new String[room];
        int count = 0;
        do {
            if (count == found.length) {
                found = Arrays.copyOf(found, 2 * count);
            }
            found[count++] = text();
        } while (goesOn(']'));
        return new TensorValues.Texts(count == found.length ? found : Arrays.copyOf(found, count));
    }

    private TensorValues floats(int room) {
        float[] found = new float[room];
        int count = 0;
        do {
            if (count == found.length) {
                found = Arrays.copyOf(found, 2 * count);
            }
            skipSpace();
            found[count++] = element();
        } while (goesOn(']'));
        return new TensorValues.Floats(count == found.length ? found : Arrays.copyOf(found, count));
    }

    private float element() {
        return switch (body[at]) {
            case 'n' -> literal("null", Float.NaN);
            case 't' -> literal("true", 1);
            case 'f' -> literal("false", 0);
            default -> number();
        };
    }

    private float literal(String word, float value) {
        for (int i = 0; i < word.length(); i++) {
            require(body[at++] == word.charAt(i));
        }
        return value;
    }

    /** The nearest float. */
    private float number() {
        int from = at;
        boolean negative = body[at] == '-';
        if (negative) {
            at++;
        }
        int first = at;
        long digits = digits(0);
        requireWhole(first);
        int count = at - first;
        int power = 0;
        boolean whole = true;
        if (body[at] == '.') {
            at++;
            int point = at;
            digits = digits(digits);
            power = point - at;
            require(power < 0);
            count -= power;
            whole = false;
        }
        if (body[at] == 'e' || body[at] == 'E') {
            at++;
            power += exponent();
            whole = false;
        }
        require(at - from <= OpenInferenceJson.LONGEST_NUMBER);
        // Of a whole number 0 has no sign.
        require(digits != 0 || !negative);
        if (count <= LONG_DIGITS && digits <= LARGEST_EXACT && Math.abs(power) < POWERS.length) {
            double value = power < 0 ? digits / POWERS[-power] : digits * POWERS[power];
            // Rounded twice, what was nearly halfway might go the wrong way.
            if (Math.abs((Double.doubleToRawLongBits(value) & BEYOND_FLOAT) - HALFWAY) > 1) {
                return (float) (negative ? -value : value);
            }
        }
        require(!whole);
        float value = NumberInput.parseFloat(new String(body, from, at - from, StandardCharsets.ISO_8859_1), true);
        require(!Float.isInfinite(value));
        return value;
    }

    /** What follows {@code before}, as far as there are digits; of too many of them it makes nonsense. */
    private long digits(long before) {
        long value = before;
        for (int digit = body[at] - '0'; digit >= 0 && digit <= 9; digit = body[at] - '0') {
            value = 10 * value + digit;
            at++;
        }
        return value;
    }

    /** That from there to here is a whole number as JSON has it. */
    private void requireWhole(int from) {
        int count = at - from;
        require(count == 1 || (count > 1 && body[from] != '0'));
    }

    private int exponent() {
        boolean negative = body[at] == '-';
        if (negative || body[at] == '+') {
            at++;
        }
        int from = at;
        int value = (int) digits(0);
        require(at > from && at - from <= 3);
        return negative ? -value : value;
    }

    private String key() {
        String key = text();
        expect(':');
        return key;
    }

    /** Without escapes, and of ASCII alone. */
    private String text() {
        expect('"');
        int from = at;
        byte next = body[at];
        while (next != '"') {
            require(next >= ' ' && next != '\\');
            next = body[++at];
        }
        require(at - from <= OpenInferenceJson.LONGEST_TEXT);
        String text = TEXTS.of(body, from, at);
        at++;
        return text;
    }

    /** After a member or an element: true when another one follows, false when {@code end} does. */
    private boolean goesOn(char end) {
        skipSpace();
        byte next = body[at++];
        require(next == ',' || next == end);
        return next == ',';
    }

    private void expect(char character) {
        skipSpace();
        require(body[at++] == character);
    }

    private void skipSpace() {
        while (isSpace(body[at])) {
            at++;
        }
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\n' || character == '\r' || character == '\t';
    }

    private static void require(boolean plain) {
        if (!plain) {
            throw new NotPlain();
        }
    }

    private static <T> T known(@Nullable T member) {
        if (member == null) {
            throw new NotPlain();
        }
        return member;
    }

    private static <T> T once(@Nullable T before, T now) {
        require(before == null);
        return now;
    }
}
