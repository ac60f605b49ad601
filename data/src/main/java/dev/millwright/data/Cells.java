package dev.millwright.data;

import dev.millwright.core.ColumnType;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the text of a cell means, as SQL expressions. The patterns are stricter than DuckDB's casts, which take
 * {@code 1.5} for the integer 2, {@code 1_000} for 1000 and {@code t} for true.
 */
final class Cells {
    /** No leading zeros: {@code 01234} is a code, not a number. */
    private static final String INTEGER = "[+-]?(0|[1-9][0-9]*)";

    private static final String DECIMAL = "[+-]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?";

    /** A declared type is a promise that {@code 01234} is a number after all. */
    private static final String DECLARED_INTEGER = "[+-]?[0-9]+";

    private static final String DECLARED_DECIMAL = "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?";

    private static final String DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
    private static final String TIME = "[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?";
    private static final String LOCAL_TIMESTAMP = DATE + "(" + TIME + ")?";
    private static final String OFFSET_TIMESTAMP = DATE + TIME + " ?(Z|z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)";
    private static final Pattern TIMESTAMP = Pattern.compile(LOCAL_TIMESTAMP + "|" + OFFSET_TIMESTAMP);

    /** Whether a type was written by a person or is a guess. */
    enum Origin {
        DECLARED,
        INFERRED
    }

    private Cells() {}

    static boolean isTimestamp(String text) {
        return TIMESTAMP.matcher(text).matches();
    }

    static boolean isNumber(String text) {
        return text.strip().matches(DECIMAL);
    }

    /** The text, or NULL where it is empty, blank or one of the words for missing. */
    static String present(String text, List<String> missing) {
        String words = missing.isEmpty() ? "" : ", " + Sql.literals(missing);
        return "CASE WHEN trim(" + text + ") IN (''" + words + ") THEN NULL ELSE " + text + " END";
    }

    /** The typed value of a present text; NULL where it is none. A DOUBLE may still be infinite. */
    static String typed(String text, ColumnType type, Origin origin, ZoneId zone) {
        return switch (type) {
            case VARCHAR -> text;
            case BOOLEAN ->
                "CASE lower(trim(" + text + ")) WHEN 'true' THEN true WHEN 'false' THEN false"
                        + (origin == Origin.DECLARED
                                ? " WHEN '1' THEN true WHEN '0' THEN false WHEN 'yes' THEN true WHEN 'no' THEN false"
                                        + " WHEN 't' THEN true WHEN 'f' THEN false WHEN 'y' THEN true WHEN 'n' THEN false"
                                : "")
                        + " END";
            case BIGINT -> number(text, origin == Origin.DECLARED ? DECLARED_INTEGER : INTEGER, "BIGINT");
            case DOUBLE -> number(text, origin == Origin.DECLARED ? DECLARED_DECIMAL : DECIMAL, "DOUBLE");
            case TIMESTAMP -> instant("trim(" + text + ")", zone);
        };
    }

    private static String number(String text, String pattern, String type) {
        return "CASE WHEN " + matches(text, " *" + pattern + " *") + " THEN TRY_CAST(" + text + " AS " + type + ") END";
    }

    /** Whether a text stands for NaN or an infinity: those are missing numbers, not wrong ones. */
    static String notFinite(String text) {
        return "(lower(trim(" + text + ")) IN ('nan', 'inf', 'infinity', '+inf', '-inf', '+infinity', '-infinity'))";
    }

    /** Digits only, but too many for 64 bits: more likely an id than a quantity. */
    static String longInteger(String text) {
        return "(length(" + text + ") > 18 AND " + matches(text, " *" + INTEGER + " *") + " AND TRY_CAST(" + text
                + " AS BIGINT) IS NULL)";
    }

    /** A number, or NULL for NaN and infinities; {@code number} should be a plain column, for it is repeated. */
    static String finite(String number) {
        return "CASE WHEN isfinite(" + number + ") THEN " + number + " END";
    }

    static String instant(String text, ZoneId zone) {
        String plain = "replace(" + text + ", ',', '.')";
        return "CASE WHEN " + matches(text, LOCAL_TIMESTAMP) + " THEN timezone(" + Sql.literal(zoneName(zone))
                + ", TRY_CAST(" + plain + " AS TIMESTAMP)) WHEN " + matches(text, OFFSET_TIMESTAMP)
                + " THEN TRY_CAST(regexp_replace(" + plain + ", ' ?(UTC|GMT|z)$', 'Z') AS TIMESTAMPTZ) END";
    }

    /** A zone as DuckDB knows it; fixed offsets become the {@code Etc} zones, whose signs are the other way round. */
    static String zoneName(ZoneId zone) {
        ZoneId plain = zone.normalized();
        if (plain instanceof java.time.ZoneOffset offset) {
            int seconds = offset.getTotalSeconds();
            if (seconds == 0) {
                return "UTC";
            }
            return String.format(
                    Locale.ROOT,
                    "GMT%s%02d:%02d",
                    seconds < 0 ? "-" : "+",
                    Math.abs(seconds) / 3600,
                    Math.abs(seconds) / 60 % 60);
        }
        return plain.getId();
    }

    private static String matches(String text, String pattern) {
        return "regexp_full_match(" + text + ", " + Sql.literal(pattern) + ")";
    }
}
