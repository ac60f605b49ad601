package dev.millwright.serving.rows;

import dev.millwright.core.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes CSV (RFC 4180) apart; quoted values may hold commas and line ends. Blank lines are passed over. For one thread. */
final class CsvLines {
    private static final char END = '\uFFFF';

    private final CharSequence text;
    private int at;
    private int line = 1;

    CsvLines(CharSequence text) {
        this.text = text;
    }

    /**
     * The values of a line.
     *
     * @param number of its first line in the text, from 1
     */
    record Line(int number, List<String> values) {}

    /** The next line that has something on it. */
    Optional<Line> next() {
        while (isAtLineEnd() && at < text.length()) {
            passLineEnd();
        }
        if (at >= text.length()) {
            return Optional.empty();
        }
        int number = line;
        List<String> values = new ArrayList<>();
        values.add(value());
        while (current() == ',') {
            at++;
            values.add(value());
        }
        passLineEnd();
        return Optional.of(new Line(number, values));
    }

    private String value() {
        if (current() == '"') {
            return quoted();
        }
        int start = at;
        while (current() != ',' && !isAtLineEnd()) {
            at++;
        }
        return start == at ? "" : text.subSequence(start, at).toString();
    }

    private String quoted() {
        int opened = line;
        StringBuilder value = new StringBuilder();
        at++;
        while (true) {
            char c = current();
            if (c == END && at >= text.length()) {
                throw new InvalidInputException(
                        "line " + opened + ": a quote that is never closed (expected: \" at the end of the value)");
            }
            at++;
            if (c == '\n') {
                line++;
            }
            if (c == '"') {
                if (current() != '"') {
                    break;
                }
                at++;
            }
            value.append(c);
        }
        if (current() != ',' && !isAtLineEnd()) {
            throw new InvalidInputException(
                    "line " + line + ": more after a closing quote (expected: a comma or the end of"
                            + " the line; a quote within a value is written \"\")");
        }
        return value.toString();
    }

    private char current() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private boolean isAtLineEnd() {
        char c = current();
        return c == '\n' || c == '\r' || at >= text.length();
    }

    private void passLineEnd() {
        if (current() == '\r') {
            at++;
            if (current() != '\n') {
                line++;
                return;
            }
        }
        if (current() == '\n') {
            at++;
            line++;
        }
    }
}
