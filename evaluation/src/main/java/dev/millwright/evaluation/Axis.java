package dev.millwright.evaluation;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One axis of a chart.
 *
 * @param title what is measured, with its unit
 * @param from where it begins; NaN: at the least value drawn, or a round number below
 * @param to where it ends; NaN: at the greatest value drawn, or a round number above
 */
public record Axis(String title, Format format, double from, double to) {
    private static final int TICKS = 5;
    private static final long[] TIME_STEPS = {
        1,
        5,
        15,
        30,
        60,
        300,
        900,
        1_800,
        3_600,
        10_800,
        21_600,
        43_200,
        86_400,
        172_800,
        604_800,
        2_592_000,
        7_776_000,
        31_536_000
    };

    /** How the numbers on the axis are written. */
    public enum Format {
        NUMBER,
        /** Values are shares: 0.25 is written as 25 %. */
        PERCENT,
        /** Values are seconds since 1970-01-01T00:00:00Z, written in UTC. */
        TIME
    }

    /** A place on the axis that is written. */
    record Tick(double value, String label) {}

    public static Axis number(String title) {
        return new Axis(title, Format.NUMBER, Double.NaN, Double.NaN);
    }

    public static Axis percent(String title) {
        return new Axis(title, Format.PERCENT, Double.NaN, Double.NaN);
    }

    public static Axis time(String title) {
        return new Axis(title, Format.TIME, Double.NaN, Double.NaN);
    }

    public Axis between(double least, double greatest) {
        return new Axis(title, format, least, greatest);
    }

    public Axis startingAt(double least) {
        return new Axis(title, format, least, to);
    }

    /** This axis with both ends known: given ones stay, open ones go to the next round number beyond the data. */
    Axis fitted(double least, double greatest) {
        double low = Double.isNaN(from) ? least : from;
        double high = Double.isNaN(to) ? greatest : to;
        if (!(low <= high)) {
            low = Double.isNaN(from) ? 0 : from;
            high = low + 1;
        }
        if (low == high) {
            double margin = Math.max(Math.abs(low) * 0.1, 1e-9);
            high = Double.isNaN(to) ? high + margin : high;
            low = Double.isNaN(from) || high == low ? low - margin : low;
        }
        if (format == Format.TIME) {
            return between(low, high);
        }
        double step = step(low, high);
        return between(
                Double.isNaN(from) ? Math.floor(low / step + 1e-9) * step : low,
                Double.isNaN(to) ? Math.ceil(high / step - 1e-9) * step : high);
    }

    List<Tick> ticks() {
        double step = format == Format.TIME ? timeStep(to - from) : step(from, to);
        List<Tick> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
            ticks.add(new Tick(i * step, label(i * step, step)));
        }
        return ticks;
    }

    /** 1, 2 or 5 times a power of ten. */
    private static double step(double low, double high) {
        double raw = (high - low) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double factor = raw / power;
        return power * (factor <= 1.0001 ? 1 : factor <= 2.0001 ? 2 : factor <= 5.0001 ? 5 : 10);
    }

    private static double timeStep(double span) {
        for (long step : TIME_STEPS) {
            if (span / step <= TICKS) {
                return step;
            }
        }
        return TIME_STEPS[TIME_STEPS.length - 1] * Math.ceil(span / TIME_STEPS[TIME_STEPS.length - 1] / TICKS);
    }

    private String label(double value, double step) {
        return switch (format) {
            case NUMBER -> number(value, step);
            case PERCENT -> number(value * 100, step * 100) + "\u00a0%";
            case TIME -> time(value, step);
        };
    }

    private static String number(double value, double step) {
        double size = Math.abs(value);
        if (size >= 1e6 && step >= 1e5) {
            return plain(value / 1e6, step / 1e6) + "M";
        }
        if (size >= 1e4 && step >= 1e2) {
            return plain(value / 1e3, step / 1e3) + "k";
        }
        return step < 1e-6 && size > 0 ? String.format(Locale.ROOT, "%.1e", value) : plain(value, step);
    }

    private static String plain(double value, double step) {
        int decimals = (int) Math.clamp(Math.ceil(-Math.log10(step) - 1e-9), 0, 9);
        String text = String.format(Locale.ROOT, "%,." + decimals + "f", value == 0 ? 0.0 : value);
        return text.startsWith("-") ? "−" + text.substring(1) : text;
    }

    private static String time(double value, double step) {
        Instant instant = Instant.ofEpochSecond((long) value);
        boolean midnight = (long) value % 86_400 == 0;
        String pattern =
                step >= 31_536_000 ? "yyyy" : step >= 86_400 || midnight ? "d MMM" : step < 60 ? "HH:mm:ss" : "HH:mm";
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }
}
