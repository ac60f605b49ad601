package dev.millwright.plan;

/**
 * What an operator or function does, once its argument types are known. This is the one meaning that the printers and the row
 * evaluator both obey. Unless said otherwise the result is NULL when an argument is NULL, and a DOUBLE result that would be
 * infinite or not a number is NULL. BIGINT results that don't fit 64 bits are errors.
 */
enum Operation {
    // BIGINT
    ADD_LONG,
    SUBTRACT_LONG,
    MULTIPLY_LONG,
    /** Truncates toward zero; the planner only makes it with a divisor that is a constant and not zero. */
    DIVIDE_LONG,
    /** The sign is the dividend's; NULL when the divisor is 0. */
    MOD_LONG,
    NEGATE_LONG,
    ABS_LONG,
    /** -1, 0 or 1. */
    SIGN_LONG,

    // DOUBLE
    ADD,
    SUBTRACT,
    MULTIPLY,
    /** NULL when the divisor is 0. */
    DIVIDE,
    /** The sign is the dividend's; NULL when the divisor is 0. */
    MOD,
    NEGATE,
    ABS,
    SIGN,
    /** Halves go away from zero. */
    ROUND,
    /** {@code round(x · 10ⁿ) / 10ⁿ} in DOUBLE arithmetic, or x when that overflows; n is a literal from 0 to 15. */
    ROUND_TO,
    FLOOR,
    CEIL,
    /** NULL below 0. */
    SQRT,
    /** NULL at 0 and below. */
    LN,
    /** NULL at 0 and below. */
    LOG10,
    EXP,
    POWER,
    SIN,
    COS,

    // conditions; both sides have the same type
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    /** FALSE when one side is FALSE, even if the other is NULL. */
    AND,
    /** TRUE when one side is TRUE, even if the other is NULL. */
    OR,
    NOT,
    /** Whether the first argument equals one of the others; NULL when none does and one is NULL. */
    IN,
    /** Never NULL. */
    IS_NULL,
    /** Never NULL. */
    IS_NOT_NULL,
    /** Never NULL. */
    IS_TRUE,
    /** Never NULL. */
    IS_NOT_TRUE,
    /** Never NULL. */
    IS_FALSE,
    /** Never NULL. */
    IS_NOT_FALSE,
    /** {@code %} stands for any characters, {@code _} for one code point; there is no escape character. */
    LIKE,

    // choices
    /** The first argument that isn't NULL. */
    COALESCE,
    /** NULL when both are equal, else the first. */
    NULLIF,
    /** The largest of the arguments that aren't NULL. */
    GREATEST,
    /** The smallest of the arguments that aren't NULL. */
    LEAST,

    // text, counted in code points from 1
    CONCAT,
    /** Code point by code point, so that the length stays. */
    UPPER,
    LOWER,
    /** Takes the second argument, one code point, from both ends of the first. */
    TRIM,
    TRIM_LEADING,
    TRIM_TRAILING,
    CHAR_LENGTH,
    /** Of {@code (text, start)} or {@code (text, start, length)}: the characters whose positions lie in the range. */
    SUBSTRING,
    /** Of {@code (what, text)}: where the first occurrence starts, 0 when there is none. */
    POSITION,

    // time
    /** A timestamp and microseconds. */
    ADD_MICROS,
    /** Microseconds from the first timestamp to the second. */
    MICROS_BETWEEN,
    /**
     * Of year, month, day, hour, minute, second in the view's zone, seconds from 0 to 59, years from 1 to 9999; NULL when there
     * is no such date. A time that the clocks skip is read with the offset before the change; of one that comes twice, the
     * second is taken.
     */
    MAKE_TIMESTAMP
}
