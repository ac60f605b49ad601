package dev.millwright.data;

import dev.millwright.data.TextLines.Line;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits delimited text into records, after RFC 4180: a field that starts with a quote ends with one, may hold
 * delimiters and line breaks, and doubles its own quotes. What breaks that grammar comes back as {@link Malformed} with the
 * line it began on, and reading goes on with the next line, so one stray quote costs one row and not the rest of the file.
 * Blank lines are no records. Line breaks inside fields become {@code \n}.
 */
final class DelimitedRecords {
    /** Beyond this a quoted field is taken for one that nobody closed. */
    private static final int LONGEST_RECORD = 4_000_000;

    sealed interface Entry {
        /** Of the record's first line, from 1. */
        long line();
    }

    record Fields(long line, List<String> values) implements Entry {}

    record Malformed(long line, String reason, String raw) implements Entry {}

    private final TextLines lines;
    private final String delimiter;

    DelimitedRecords(TextLines lines, String delimiter) {
        this.lines = lines;
        this.delimiter = delimiter;
    }

    /** The next record, or null at the end. */
    @Nullable
    Entry next() {
        Line line = lines.next();
        while (line != null && line.text().isBlank()) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        if (line.text().length() > LONGEST_RECORD) {
            return new Malformed(line.number(), "longer than " + LONGEST_RECORD + " characters", line.text());
        }
        return line.text().indexOf('"') < 0 ? new Fields(line.number(), plain(line.text())) : quoted(line);
    }

    private List<String> plain(String text) {
        List<String> values = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf(delimiter); end >= 0; end = text.indexOf(delimiter, start)) {
            values.add(text.substring(start, end));
            start = end + delimiter.length();
        }
        values.add(text.substring(start));
        return values;
    }

    private Entry quoted(Line first) {
        StringBuilder text = new StringBuilder(first.text());
        List<Line> following = new ArrayList<>();
        List<String> values = new ArrayList<>();
        int at = 0;
        while (true) {
            if (at >= text.length() || text.charAt(at) != '"') {
                int end = text.indexOf(delimiter, at);
                values.add(text.substring(at, end < 0 ? text.length() : end));
                if (end < 0) {
                    return new Fields(first.number(), values);
                }
                at = end + delimiter.length();
                continue;
            }
            int close = closingQuote(text, at + 1, following);
            if (close < 0) {
                return broken(first, following, "a quote is opened and not closed");
            }
            values.add(text.substring(at + 1, close).replace("\"\"", "\""));
            at = close + 1;
            if (at == text.length()) {
                return new Fields(first.number(), values);
            }
            if (!text.substring(at, Math.min(text.length(), at + delimiter.length()))
                    .equals(delimiter)) {
                return broken(first, following, "text follows a closing quote");
            }
            at += delimiter.length();
        }
    }

    /** Where the field that began before {@code from} is closed, taking in more lines as needed; -1 if it never is. */
    private int closingQuote(StringBuilder text, int from, List<Line> following) {
        int at = from;
        while (true) {
            int quote = text.indexOf("\"", at);
            if (quote < 0) {
                at = text.length();
                Line more = text.length() > LONGEST_RECORD ? null : lines.next();
                if (more == null) {
                    return -1;
                }
                following.add(more);
                text.append('\n').append(more.text());
            } else if (quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
                at = quote + 2;
            } else {
                return quote;
            }
        }
    }

    private Malformed broken(Line first, List<Line> following, String reason) {
        lines.putBack(following);
        return new Malformed(first.number(), reason, first.text());
    }
}
