package dev.millwright.web.page;

import java.util.Locale;

/** How numbers are written on pages: few digits, units after a thin space, thousands apart. */
public final class Figures {
    private static final char THIN = '\u202f';

    private Figures() {}

    /** Whole numbers with thousands apart: {@code 12 345}. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value).replace(',', THIN);
    }

    /** A metric, to four digits after the point; large values to fewer, so that columns stay narrow. */
    public static String metric(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        String format = size >= 1000 ? "%,.0f" : size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : "%.4f";
        return minus(String.format(Locale.ROOT, format, value).replace(',', THIN));
    }

    /** A number to three digits after the point, without zeros at the end: thresholds and axes. */
    public static String plain(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        String text = String.format(Locale.ROOT, "%.3f", value);
        return minus(text.replaceAll("0+$", "").replaceAll("\\.$", ""));
    }

    /** A share of one as per cent; small ones keep a digit that says something. */
    public static String percent(double share) {
        if (Double.isNaN(share)) {
            return "–";
        }
        double percent = share * 100;
        double size = Math.abs(percent);
        String format = size != 0 && size < 0.1 ? "%.2f" : size < 10 && size != Math.rint(size) ? "%.1f" : "%.0f";
        return minus(String.format(Locale.ROOT, format, percent)) + THIN + "%";
    }

    /** A length of time given in seconds. */
    public static String seconds(double seconds) {
        if (Double.isNaN(seconds)) {
            return "–";
        }
        if (seconds < 1) {
            return milliseconds(seconds * 1000);
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f", seconds) + THIN + "s";
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? whole / 60 + "" + THIN + "min " + whole % 60 + THIN + "s"
                : whole / 3600 + "" + THIN + "h " + whole % 3600 / 60 + THIN + "min";
    }

    /** A length of time given in milliseconds, below a second in milliseconds. */
    public static String milliseconds(double milliseconds) {
        if (Double.isNaN(milliseconds)) {
            return "–";
        }
        if (milliseconds >= 1000) {
            return seconds(milliseconds / 1000);
        }
        String format = milliseconds < 1 ? "%.2f" : milliseconds < 10 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, milliseconds) + THIN + "ms";
    }

    /** Events a second. */
    public static String rate(double perSecond) {
        String format = perSecond != 0 && perSecond < 10 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, perSecond).replace(',', THIN) + "/s";
    }

    /** A number of bytes. */
    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + "" + THIN + "B";
        }
        double kibibytes = bytes / 1024.0;
        return kibibytes < 1024
                ? String.format(Locale.ROOT, "%.0f", kibibytes) + THIN + "KiB"
                : String.format(Locale.ROOT, "%.1f", kibibytes / 1024) + THIN + "MiB";
    }

    /** {@code 1 run}, {@code 2 runs}. */
    public static String counted(long value, String singular, String plural) {
        return count(value) + " " + (value == 1 ? singular : plural);
    }

    private static String minus(String number) {
        return number.replace('-', '−');
    }
}
