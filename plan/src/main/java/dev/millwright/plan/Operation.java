package dev.millwright.plan;

/**
 * What an operator or function does, once its argument types are known. This is the one meaning that the printers and the row
 * evaluator both obey. Unless said otherwise the result is NULL when an argument is NULL. What has no value is NULL too: a DOUBLE
 * that would be infinite or not a number, a BIGINT that doesn't fit 64 bits, a timestamp before year 1 or after 9999. So no
 * expression ever fails, and it is no matter in which order the parts of one are computed.
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
    /** Toward zero. */
    TRUNCATE,
    /** NULL below 0. */
    SQRT,
    CBRT,
    /** NULL at 0 and below. */
    LN,
    /** NULL at 0 and below. */
    LOG10,
    /** NULL at 0 and below. */
    LOG2,
    EXP,
    POWER,
    /** In radians, as all of these. */
    SIN,
    COS,
    TAN,
    /** NULL outside of -1 to 1. */
    ASIN,
    /** NULL outside of -1 to 1. */
    ACOS,
    ATAN,
    /** The angle of the point {@code (x, y)}, given as {@code (y, x)}; a zero counts as positive. */
    ATAN2,
    SINH,
    COSH,
    TANH,

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
    /** Whether one side is NULL and the other isn't, or both differ. Never NULL. */
    IS_DISTINCT,
    /** Never NULL. */
    IS_NOT_DISTINCT,
    /**
     * {@code %} stands for any characters, {@code _} for one code point; after the third argument, a literal of one code point,
     * each stands for itself. With it the pattern is a literal too.
     */
    LIKE,
    STARTS_WITH,
    ENDS_WITH,

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
    /** Code point by code point, so that the length stays; as Unicode 15.1 has it. */
    UPPER,
    LOWER,
    /** Takes the second argument, one code point, from both ends of the first. */
    TRIM,
    TRIM_LEADING,
    TRIM_TRAILING,
    CHAR_LENGTH,
    /** How many bytes it takes in UTF-8. */
    OCTET_LENGTH,
    /** Of {@code (text, start)} or {@code (text, start, length)}: the characters whose positions lie in the range. */
    SUBSTRING,
    /** Of {@code (what, text)}: where the first occurrence starts, 0 when there is none. */
    POSITION,
    /** The last characters, as many as the second argument says. */
    RIGHT,
    /** Of {@code (text, length, fill)}: fills up on the left, or cuts on the right; length and fill are literals. */
    PAD_LEFT,
    PAD_RIGHT,
    /** Of {@code (text, what, with)}: all occurrences, from the left; an empty {@code what} occurs nowhere. */
    REPLACE,
    /** Of {@code (text, from, to)}: each character in {@code from} becomes that at its place in {@code to}, or nothing. */
    TRANSLATE,
    REVERSE,
    /** Of {@code (text, separator, n)}, both literals: the nth part, from the end if n is negative; empty when there is none. */
    SPLIT_PART,
    /** The first code point; 0 when there is none. */
    ASCII,
    /** The code point's character; NULL for 0 and what is no character's. */
    CHR,
    /** Of the text in UTF-8, as 32 lower-case hexadecimal digits. */
    MD5,
    /** The MD5 of the text in UTF-8, as a little-endian number, modulo the second argument, a literal. */
    HASH_BUCKET,

    // time
    /** A timestamp and microseconds. */
    ADD_MICROS,
    /** Microseconds from the first timestamp to the second. */
    MICROS_BETWEEN,
    /** A timestamp and months, in the view's zone; of a day that the month hasn't, its last one. NULL beyond 120,000 months. */
    ADD_MONTHS,
    /** Whole months from the first timestamp to the second in the view's zone, toward zero. */
    MONTHS_BETWEEN,
    /** Midnight, at its start, of the last day of the timestamp's month in the view's zone. */
    LAST_DAY,
    /**
     * Of year, month, day, hour, minute, second in the view's zone, seconds from 0 to 59, years from 1 to 9999; NULL when there
     * is no such date. A time that the clocks skip is read with the offset before the change; of one that comes twice, the
     * second is taken.
     */
    MAKE_TIMESTAMP
}
