package dev.millwright.evaluation;

/** Makes text safe to stand in HTML and SVG, as text or as a quoted attribute, and in Markdown. */
public final class Markup {
    private Markup() {}

    /** Escapes the five characters that mean something in HTML, and replaces those that XML forbids. */
    public static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(isAllowed(character) ? character : 0xFFFD);
            }
        });
        return safe.toString();
    }

    /** One line of Markdown that shows the text as it is: no markup, no HTML, no table cell that ends early. */
    public static String escapeMarkdown(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        String line = text.strip().replaceAll("\\s+", " ");
        line.codePoints().forEach(character -> {
            if (character == '<') {
                safe.append("&lt;");
            } else if (character == '&') {
                safe.append("&amp;");
            } else {
                if ("\\`*_[]|#~>".indexOf(character) >= 0) {
                    safe.append('\\');
                }
                safe.appendCodePoint(isAllowed(character) ? character : 0xFFFD);
            }
        });
        return safe.toString();
    }

    /** The text, or its beginning with an ellipsis, so that it has at most {@code length} characters. */
    static String shorten(String text, int length) {
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Math.max(1, length - 1))) + "…";
    }

    private static boolean isAllowed(int character) {
        boolean control = character == 0x7F || (character < 0x20 && character != '\t' && character != '\n');
        boolean surrogate = character >= 0xD800 && character <= 0xDFFF;
        // overrides of writing direction can make a name look like another one
        boolean direction =
                (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
        return !control && !surrogate && !direction && character != 0xFFFE && character != 0xFFFF;
    }
}
