package dev.millwright.web.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The upright axis of a chart: ends on round numbers.
 *
 * @param low its foot
 * @param step between two ticks
 * @param steps how many there are
 */
record VersionScale(double low, double step, int steps, VersionChart.Unit unit) {
    private static final char THIN = '\u202f';
    private static final double[] ROUND = {1, 2, 2.5, 5, 10};
    private static final double MINUTE = 60;
    private static final double HOUR = 3_600;
    private static final double DAY = 86_400;
    private static final double MILLION = 1e6;
    private static final double BILLION = 1e9;
    private static final double LARGEST = 1e300;
    private static final double SMALLEST = 1e-300;
    private static final double BEYOND_WORDS = 1e13;

    /** A scale that all values are on. Counts, shares and times begin at 0, as do numbers unless they are all far from it. */
    static VersionScale around(List<Double> values, VersionChart.Unit unit) {
        double least =
                drawn(values.stream().mapToDouble(Double::doubleValue).min().orElse(0));
        double most =
                drawn(values.stream().mapToDouble(Double::doubleValue).max().orElse(0));
        boolean grounded = unit != VersionChart.Unit.NUMBER || (least >= 0 && least <= most / 2);
        double low = grounded ? Math.min(0, least) : least;
        double room = most - low > SMALLEST ? most - low : Math.abs(most) > SMALLEST ? Math.abs(most) / 2 : 1;
        double foot = !grounded && most - low <= SMALLEST ? low - room / 2 : low;
        double measure =
                word(Math.max(Math.abs(foot), Math.abs(foot + room)), unit).size();
        double step = round(room / 2 / measure) * measure;
        if (unit == VersionChart.Unit.ROWS) {
            step = Math.max(1, Math.ceil(step));
        }
        double start = Math.floor(foot / step) * step;
        int steps = (int) Math.min(4, Math.max(1, Math.ceil((foot + room - start) / step - 1e-9)));
        return new VersionScale(start, step, steps, unit);
    }

    /** Such numbers can still be subtracted. */
    private static double drawn(double value) {
        return Math.min(LARGEST, Math.max(-LARGEST, value));
    }

    private static double round(double wanted) {
        double power = Math.pow(10, Math.floor(Math.log10(wanted)));
        for (double multiple : ROUND) {
            if (multiple * power >= wanted * (1 - 1e-9)) {
                return multiple * power;
            }
        }
        return 10 * power;
    }

    double high() {
        return low + steps * step;
    }

    List<Double> ticks() {
        return IntStream.rangeClosed(0, steps).mapToObj(i -> low + i * step).toList();
    }

    /** From 0, at the foot, to 1. */
    double share(double value) {
        return Math.min(1, Math.max(0, (value - low) / (high() - low)));
    }

    /** A tick's value, in as many digits as tell ticks apart. */
    String tick(double value) {
        Word word = word(Math.max(Math.abs(low), Math.abs(high())), unit);
        int digits = BigDecimal.valueOf(step / word.size())
                .round(new MathContext(2))
                .stripTrailingZeros()
                .scale();
        return written(value, word, Math.max(0, digits));
    }

    /** A value in four digits. */
    String exact(double value) {
        Word word = word(Math.abs(value), unit);
        int digits = BigDecimal.valueOf(value / word.size())
                .round(new MathContext(4))
                .stripTrailingZeros()
                .scale();
        return written(value, word, Math.max(0, digits));
    }

    private static String written(double value, Word word, int digits) {
        if (Math.abs(value) >= BEYOND_WORDS || digits > 6) {
            return String.format(Locale.ROOT, "%.1e", value).replace('-', '−');
        }
        BigDecimal number = BigDecimal.valueOf(value / word.size()).setScale(digits, RoundingMode.HALF_UP);
        String text = String.format(Locale.ROOT, "%,." + digits + "f", number);
        return text.replace(',', THIN).replace('-', '−') + word.text();
    }

    /** What numbers of a size are counted in. */
    private record Word(double size, String text) {}

    private static Word word(double size, VersionChart.Unit unit) {
        return switch (unit) {
            case SHARE -> new Word(0.01, THIN + "%");
            case SECONDS ->
                size >= 2 * DAY
                        ? new Word(DAY, THIN + "d")
                        : size >= 2 * HOUR
                                ? new Word(HOUR, THIN + "h")
                                : size >= 2 * MINUTE ? new Word(MINUTE, THIN + "min") : new Word(1, THIN + "s");
            case ROWS, NUMBER ->
                size >= BILLION
                        ? new Word(BILLION, THIN + "bn")
                        : size >= MILLION ? new Word(MILLION, THIN + "M") : new Word(1, "");
        };
    }
}
