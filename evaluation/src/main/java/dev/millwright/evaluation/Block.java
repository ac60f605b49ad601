package dev.millwright.evaluation;

import java.util.List;

/** A part of a text, without markup: written as Markdown in a card and as HTML in a page. */
public sealed interface Block {

    record Heading(String text) implements Block {}

    record Paragraph(String text) implements Block {}

    record Items(List<String> items) implements Block {}

    /** Commands, one a line. */
    record Commands(List<String> lines) implements Block {}

    /** Names with what they are. */
    record Facts(List<Fact> facts) implements Block {}

    record Fact(String name, String value) {}

    /** Columns whose heading starts with {@code #} hold numbers, and are aligned right. */
    record Table(List<String> columns, List<List<String>> rows) implements Block {
        boolean isNumeric(int column) {
            return columns.get(column).startsWith("#");
        }

        String heading(int column) {
            return isNumeric(column) ? columns.get(column).substring(1) : columns.get(column);
        }
    }
}
