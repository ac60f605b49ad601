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
                .map(point -> point == SHARP_S ? CAPITAL_SHARP_S : Character.toUpperCase(point))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static String lower(String text) {
        return text.codePoints()
                .map(Character::toLowerCase)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
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

    static long position(String what, String text) {
        int index = text.indexOf(what);
        return index < 0 ? 0 : text.codePointCount(0, index) + 1L;
    }

    /** Matches greedily, going back to the last {@code %} on a mismatch: linear in practice, without recursion. */
    static boolean like(String text, String pattern) {
        int[] points = text.codePoints().toArray();
        int[] wanted = pattern.codePoints().toArray();
        int at = 0;
        int next = 0;
        int star = -1;
        int resume = 0;
        while (at < points.length) {
            if (next < wanted.length && wanted[next] == '%') {
                star = next++;
                resume = at;
            } else if (next < wanted.length && (wanted[next] == '_' || wanted[next] == points[at])) {
                next++;
                at++;
            } else if (star >= 0) {
                next = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (next < wanted.length && wanted[next] == '%') {
            next++;
        }
        return next == wanted.length;
    }
}
