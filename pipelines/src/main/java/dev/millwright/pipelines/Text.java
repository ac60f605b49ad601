package dev.millwright.pipelines;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Text {
    private Text() {}

    public static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    public static String count(long value, String noun) {
        return number(value) + " " + noun + (value == 1 ? "" : "s");
    }

    static String score(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** {@code 90s}, {@code 30m}, {@code 2h}: as the pipeline file says it. */
    public static String duration(Duration duration) {
        long millis = duration.toMillis();
        for (Unit unit : Unit.values()) {
            if (millis % unit.millis == 0) {
                return millis / unit.millis + unit.name().toLowerCase(Locale.ROOT);
            }
        }
        return millis + "ms";
    }

    private enum Unit {
        D(86_400_000),
        H(3_600_000),
        M(60_000),
        S(1_000);

        private final long millis;

        Unit(long millis) {
            this.millis = millis;
        }
    }

    /** {@code 1.5 GB}, {@code 40 MB}. */
    public static String bytes(long bytes) {
        String units = " kMGT";
        int unit = 0;
        double value = bytes;
        while (value >= 999.5 && unit < units.length() - 1) {
            value /= 1000;
            unit++;
        }
        String number = String.format(Locale.ROOT, value < 10 && unit > 0 ? "%.1f" : "%.0f", value);
        return number.replace(".0", "") + " " + (unit == 0 ? "bytes" : units.charAt(unit) + "B");
    }
}
