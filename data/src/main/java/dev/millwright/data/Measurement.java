package dev.millwright.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a measure was, and what it had to be.
 *
 * @param what the measure as it was written, such as {@code avg(amount)}; of a check of rows the check itself
 * @param value null when there was nothing to measure
 * @param least the smallest value that holds, or its end; null when there is none
 * @param most the largest one, likewise
 * @param note what else a person should know, or empty
 */
public record Measurement(
        String what,
        @Nullable Double value,
        Measure.Unit unit,
        @Nullable Double least,
        @Nullable Double most,
        String note) {
    private static final MathContext SHOWN = new MathContext(6);
    private static final double MINUTE = 60;
    private static final double HOUR = 3600;
    private static final double DAY = 86_400;

    /** Of a check of rows: how many break it. */
    static Measurement ofRows(String check, long broken) {
        return new Measurement(check, (double) broken, Measure.Unit.ROWS, null, 0.0, "");
    }

    /** The value for a person, with its unit. */
    public String shown() {
        String text = value == null ? "no value" : shown(value, unit);
        return note.isEmpty() ? text : text + " (" + note + ")";
    }

    /** A value for a person, with its unit. */
    public static String shown(double value, Measure.Unit unit) {
        return switch (unit) {
            case ROWS -> String.format(Locale.ROOT, "%,.0f", value) + (value == 1 ? " row" : " rows");
            case SHARE -> number(value * 100) + "%";
            case NUMBER -> number(value);
            case SECONDS -> time(value);
        };
    }

    private static String time(double seconds) {
        return seconds >= 2 * DAY
                ? rounded(seconds / DAY) + " d"
                : seconds >= 2 * HOUR
                        ? rounded(seconds / HOUR) + " h"
                        : seconds >= 2 * MINUTE ? rounded(seconds / MINUTE) + " min" : rounded(seconds) + " s";
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).round(SHOWN).stripTrailingZeros().toPlainString();
    }
}
