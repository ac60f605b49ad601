package dev.millwright.serving.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The element types of the protocol. */
public enum Datatype {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    BF16(2),
    FP32(4),
    FP64(8),
    /** Texts, in UTF-8. */
    BYTES(0);

    private static final Map<String, Datatype> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

    private final int bytes;

    Datatype(int bytes) {
        this.bytes = bytes;
    }

    /** By its name in the protocol. */
    public static Optional<Datatype> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Of one element; 0 where that differs from element to element. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements are numbers or truth values, all of one size. */
    public boolean isNumeric() {
        return this != BYTES;
    }

    /** Whether elements may have a fraction, and may be NaN. */
    public boolean isFloating() {
        return switch (this) {
            case FP16, BF16, FP32, FP64 -> true;
            case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> false;
        };
    }

    /** All names, for messages. */
    static List<String> names() {
        return Arrays.stream(values()).map(Enum::name).toList();
    }
}
