package dev.millwright.plan;

import java.util.Arrays;

/** What stands after LIKE. Immutable and thread-safe. */
final class LikePattern {
    private static final int ANY_TEXT = -1;
    private static final int ANY_CHARACTER = -2;
    private static final int NO_ESCAPE = -1;

    /** Code points and wildcards. */
    private final int[] wanted;

    private LikePattern(int[] wanted) {
        this.wanted = wanted;
    }

    static LikePattern of(String pattern) {
        return of(pattern, NO_ESCAPE);
    }

    /** @param escape one code point, after which a wildcard stands for itself; the pattern {@link #isComplete} with it */
    static LikePattern of(String pattern, String escape) {
        return of(pattern, escape.codePointAt(0));
    }

    private static LikePattern of(String pattern, int escape) {
        int[] points = pattern.codePoints().toArray();
        int length = 0;
        for (int i = 0; i < points.length; i++) {
            int point = points[i];
            if (point == escape) {
                points[length++] = points[++i];
            } else {
                points[length++] = point == '%' ? ANY_TEXT : point == '_' ? ANY_CHARACTER : point;
            }
        }
        return new LikePattern(Arrays.copyOf(points, length));
    }

    /** Whether the escape character stands before nothing but wildcards and itself. */
    static boolean isComplete(String pattern, String escape) {
        int[] points = pattern.codePoints().toArray();
        int character = escape.codePointAt(0);
        for (int i = 0; i < points.length; i++) {
            if (points[i] == character) {
                i++;
                if (i == points.length || (points[i] != '%' && points[i] != '_' && points[i] != character)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Goes back to the last {@code %} on a mismatch: linear in practice, without recursion. */
    boolean matches(String text) {
        int at = 0;
        int next = 0;
        int afterAny = -1;
        int resume = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (next < wanted.length && wanted[next] == ANY_TEXT) {
                afterAny = ++next;
                resume = at;
            } else if (next < wanted.length && (wanted[next] == ANY_CHARACTER || wanted[next] == point)) {
                next++;
                at += Character.charCount(point);
            } else if (afterAny >= 0) {
                next = afterAny;
                resume += Character.charCount(text.codePointAt(resume));
                at = resume;
            } else {
                return false;
            }
        }
        while (next < wanted.length && wanted[next] == ANY_TEXT) {
            next++;
        }
        return next == wanted.length;
    }
}
