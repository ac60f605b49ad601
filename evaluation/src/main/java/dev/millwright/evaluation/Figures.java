package dev.millwright.evaluation;

import java.util.Locale;

/** How numbers are written for people: the same everywhere, whatever the machine's locale. */
public final class Figures {
    /** Stands where a number does not exist. */
    public static final String UNDEFINED = "undefined";

    private Figures() {}

    /** A score: four decimals below 10, fewer above, two digits where it is small, grouped from a thousand. */
    public static String score(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value)) {
            return UNDEFINED;
        }
        if (size != 0 && (size < 1e-7 || size >= 1e9)) {
            return minus(String.format(Locale.ROOT, "%.1e", value));
        }
        int decimals = size >= 10_000 ? 0 : size >= 1_000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4;
        if (size != 0 && size < 0.001) {
            decimals = 1 + (int) Math.ceil(-Math.log10(size));
        }
        return minus(String.format(Locale.ROOT, "%,." + decimals + "f", value));
    }

    /** "0.8011 – 0.8305", or an empty string where there is no interval. */
    public static String interval(double low, double high) {
        return Double.isNaN(low) || Double.isNaN(high) ? "" : score(low) + " – " + score(high);
    }

    /** A share as a percentage with one decimal, two where it is under one percent. */
    public static String percent(double share) {
        if (Double.isNaN(share)) {
            return UNDEFINED;
        }
        int decimals = share != 0 && Math.abs(share) < 0.01 ? 2 : 1;
        return minus(String.format(Locale.ROOT, "%." + decimals + "f", share * 100)) + "\u00a0%";
    }

    /** A whole number, grouped. */
    public static String count(long number) {
        return minus(String.format(Locale.ROOT, "%,d", number));
    }

    private static String minus(String text) {
        return text.startsWith("-") ? "−" + text.substring(1) : text;
    }
}
