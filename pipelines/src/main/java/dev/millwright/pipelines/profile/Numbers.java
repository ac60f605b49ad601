package dev.millwright.pipelines.profile;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Values of columns as people read them: no more digits than they can use. */
final class Numbers {
    private static final MathContext DIGITS = new MathContext(5, RoundingMode.HALF_EVEN);
    private static final double SMALL = 1e-4;
    private static final double LARGE = 1e15;

    private Numbers() {}

    /** Five digits that count, whole numbers grouped, without zeros at the end; very small and very large ones with a power of ten. */
    static String text(double value) {
        if (!Double.isFinite(value)) {
            return value > 0 ? "∞" : value < 0 ? "−∞" : "–";
        }
        double size = Math.abs(value);
        boolean power = size != 0 && (size < SMALL || size >= LARGE);
        BigDecimal rounded = size < 1e5
                ? new BigDecimal(value).round(DIGITS)
                : new BigDecimal(value).setScale(0, RoundingMode.HALF_EVEN);
        String text = format(power ? "0.####E0" : "#,##0.########").format(power ? value : rounded);
        return text.replace('-', '−');
    }

    /** A number that was written as text, or the text where it is none. */
    static String text(String value) {
        try {
            return text(Double.parseDouble(value));
        } catch (NumberFormatException another) {
            return value;
        }
    }

    /** Two digits behind the point. */
    static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value == 0 ? 0.0 : value).replace('-', '−');
    }

    private static DecimalFormat format(String pattern) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    }
}
