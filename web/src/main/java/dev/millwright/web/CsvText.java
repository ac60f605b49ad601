package dev.millwright.web;

import java.util.ArrayList;
import java.util.List;

/** Reads the first rows of text whose cells are parted by one character, quoted as RFC 4180 has it. */
final class CsvText {
    private static final char QUOTE = '"';

    private final String text;
    private final char separator;
    private int at;

    private CsvText(String text, char separator) {
        this.text = text;
        this.separator = separator;
    }

    /** At most {@code most} rows; blank lines are left out, and an unclosed quote ends with the text. */
    static List<List<String>> rows(String text, char separator, int most) {
        CsvText reader = new CsvText(text, separator);
        List<List<String>> rows = new ArrayList<>();
        while (rows.size() < most && reader.at < text.length()) {
            List<String> row = reader.row();
            if (row.size() > 1 || !row.getFirst().isEmpty()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private List<String> row() {
        List<String> cells = new ArrayList<>();
        cells.add(cell());
        while (at < text.length() && text.charAt(at) == separator) {
            at++;
            cells.add(cell());
        }
        if (at < text.length() && text.charAt(at) == '\r') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '\n') {
            at++;
        }
        return cells;
    }

    private String cell() {
        StringBuilder cell = new StringBuilder();
        if (at < text.length() && text.charAt(at) == QUOTE) {
            at++;
            quoted(cell);
        }
        while (at < text.length() && !endsCell(text.charAt(at))) {
            cell.append(text.charAt(at++));
        }
        return cell.toString();
    }

    private void quoted(StringBuilder cell) {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != QUOTE) {
                cell.append(c);
            } else if (at < text.length() && text.charAt(at) == QUOTE) {
                cell.append(QUOTE);
                at++;
            } else {
                return;
            }
        }
    }

    private boolean endsCell(char c) {
        return c == separator || c == '\n' || c == '\r';
    }
}
