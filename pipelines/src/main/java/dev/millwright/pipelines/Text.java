package dev.millwright.pipelines;

import java.util.Locale;

/** Numbers as people read them. */
final class Text {
    private Text() {}

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String count(long value, String noun) {
        return number(value) + " " + noun + (value == 1 ? "" : "s");
    }

    static String score(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
