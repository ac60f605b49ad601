package dev.millwright.serving.protocol;

/** How numbers in JSON are kept. */
public enum NumberForm {
    /** As their datatype says; only floating point may be null, which is NaN. */
    EXACT,
    /** As 32-bit floating point whatever their datatype, null as NaN: for models that take features. */
    FLOATS
}
