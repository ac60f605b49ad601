package dev.millwright.plan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Operations on text, in code points, as {@link Operation} defines them. */
final class ScalarText {
    /** The text that reads as a BIGINT; group 1 is the number. */
    static final String WHOLE_NUMBER = "^ *([+-]?[0-9]+) *$";

    /** The text that reads as a DOUBLE; group 1 is the number. */
    static final String NUMBER = "^ *([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?) *$";

    private static final Pattern WHOLE_NUMBER_PATTERN = Pattern.compile(WHOLE_NUMBER);
    private static final Pattern NUMBER_PATTERN = Pattern.compile(NUMBER);
    private static final int SHARP_S = 0xDF;
    private static final int CAPITAL_SHARP_S = 0x1E9E;

    private ScalarText() {}

    static @Nullable Long toLong(String text) {
        Matcher matcher = WHOLE_NUMBER_PATTERN.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        try {
            return Long.valueOf(matcher.group(1));
        } catch (NumberFormatException e) {
            return null; // more than 64 bits: what the caller asks about
        }
    }

    static @Nullable Double toDouble(String text) {
        Matcher matcher = NUMBER_PATTERN.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        double value = Double.parseDouble(matcher.group(1));
        return Double.isFinite(value) ? value : null;
    }

    static @Nullable Boolean toBoolean(String text) {
        return switch (lower(trim(text, " ", true, true))) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }

    /** Compares by code point, where {@link String#compareTo} compares by UTF-16 unit. */
    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                boolean bothPlain = !Character.isSurrogate(left) && !Character.isSurrogate(right);
                boolean bothPaired = Character.isSurrogate(left) && Character.isSurrogate(right);
                return bothPlain || bothPaired ? left - right : Character.isSurrogate(left) ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }

    static String upper(String text) {
        return text.codePoints()
                .map(point ->
                        point == SHARP_S ? CAPITAL_SHARP_S : isNewCase(point) ? point : Character.toUpperCase(point))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static String lower(String text) {
        return text.codePoints()
                .map(point -> isNewCase(point) ? point : Character.toLowerCase(point))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Whether a letter got its other case with Unicode 16, which Java knows and DuckDB doesn't. */
    private static boolean isNewCase(int point) {
        return point >= 0x19B
                && (point == 0x19B
                        || point == 0x264
                        || point == 0x1C89
                        || point == 0x1C8A
                        || (point >= 0xA7CB && point <= 0xA7CD)
                        || (point >= 0xA7DA && point <= 0xA7DC)
                        || (point >= 0x10D50 && point <= 0x10D85));
    }

    static String trim(String text, String character, boolean leading, boolean trailing) {
        int from = 0;
        int to = text.length();
        while (leading && from < to && text.startsWith(character, from)) {
            from += character.length();
        }
        while (trailing && to - character.length() >= from && text.startsWith(character, to - character.length())) {
            to -= character.length();
        }
        return text.substring(from, to);
    }

    /** The characters at the positions from {@code start} up to but without {@code start + length}; positions count from 1. */
    static String substring(String text, long start, long length) {
        long points = text.codePointCount(0, text.length());
        long from = Math.clamp(start, 1, points + 1);
        long end = length < 0 ? from : start > Long.MAX_VALUE - length ? points + 1 : start + length;
        long to = Math.clamp(end, from, points + 1);
        return text.substring(text.offsetByCodePoints(0, (int) (from - 1)), text.offsetByCodePoints(0, (int) (to - 1)));
    }

    /** The last characters; none for a length below 1. */
    static String right(String text, long length) {
        long points = text.codePointCount(0, text.length());
        long left = length <= 0 ? points : Math.max(0, points - length);
        return text.substring(text.offsetByCodePoints(0, (int) left));
    }

    static String replace(String text, String what, String with) {
        return what.isEmpty() ? text : text.replace(what, with);
    }

    static String translate(String text, String from, String to) {
        int[] wanted = from.codePoints().toArray();
        int[] others = to.codePoints().toArray();
        StringBuilder translated = new StringBuilder();
        text.codePoints().forEach(point -> {
            int at = 0;
            while (at < wanted.length && wanted[at] != point) {
                at++;
            }
            if (at == wanted.length) {
                translated.appendCodePoint(point);
            } else if (at < others.length) {
                translated.appendCodePoint(others[at]);
            }
        });
        return translated.toString();
    }

    /** The nth part, counted from 1, or from the end when negative; empty when there is none. */
    static String part(String text, String separator, long n) {
        String[] parts = text.split(Pattern.quote(separator), -1);
        long index = n > 0 ? n - 1 : parts.length + n;
        return index >= 0 && index < parts.length ? parts[(int) index] : "";
    }

    static String pad(String text, long length, String fill, boolean left) {
        long points = text.codePointCount(0, text.length());
        if (points >= length) {
            return substring(text, 1, length);
        }
        int[] filling = fill.codePoints().toArray();
        StringBuilder padding = new StringBuilder();
        for (int i = 0; i < length - points; i++) {
            padding.appendCodePoint(filling[i % filling.length]);
        }
        return left ? padding + text : text + padding;
    }

    static @Nullable String character(long point) {
        boolean known = point > 0
                && point <= Character.MAX_CODE_POINT
                && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
        return known ? Character.toString((int) point) : null;
    }

    static long octets(String text) {
        return text.codePoints()
                .mapToLong(point -> point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4)
                .sum();
    }

    static long position(String what, String text) {
        int index = text.indexOf(what);
        return index < 0 ? 0 : text.codePointCount(0, index) + 1L;
    }
}
