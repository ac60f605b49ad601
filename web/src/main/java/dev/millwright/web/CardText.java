package dev.millwright.web;

import dev.millwright.web.page.ModelVersionPage.CardBlock;
import dev.millwright.web.page.ModelVersionPage.CardPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the Markdown of a model card, as far as cards use it: headings, paragraphs, lists and tables. */
final class CardText {
    private static final Pattern ESCAPED = Pattern.compile("\\\\(\\p{Punct})");
    private static final Pattern CELLS = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern RULE = Pattern.compile("\\|[-:|\\s]+\\|?");
    private static final String ITEM = "- ";

    private final List<CardPart> parts = new ArrayList<>();
    private final List<CardBlock> blocks = new ArrayList<>();
    private final List<String> items = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private String heading = "";

    private CardText() {}

    static List<CardPart> read(String markdown) {
        CardText text = new CardText();
        markdown.lines().forEach(text::take);
        text.endPart();
        return text.parts;
    }

    private void take(String line) {
        if (!line.startsWith(ITEM)) {
            endItems();
        }
        if (!line.startsWith("|")) {
            endTable();
        }
        if (line.startsWith("## ")) {
            endPart();
            heading = plain(line.substring(3));
        } else if (line.startsWith(ITEM)) {
            items.add(plain(line.substring(ITEM.length())));
        } else if (line.startsWith("|")) {
            if (!RULE.matcher(line).matches()) {
                rows.add(cells(line));
            }
        } else if (!line.isBlank() && !line.startsWith("# ")) {
            blocks.add(new CardBlock.Text(plain(line.strip())));
        }
    }

    private static List<String> cells(String line) {
        String[] cells = CELLS.split(line.strip(), -1);
        int last = cells[cells.length - 1].isBlank() ? cells.length - 1 : cells.length;
        return Arrays.stream(cells, 1, last)
                .map(String::strip)
                .map(CardText::plain)
                .toList();
    }

    private void endItems() {
        if (!items.isEmpty()) {
            blocks.add(new CardBlock.Items(List.copyOf(items)));
            items.clear();
        }
    }

    private void endTable() {
        if (!rows.isEmpty()) {
            blocks.add(new CardBlock.Table(rows.getFirst(), List.copyOf(rows.subList(1, rows.size()))));
            rows.clear();
        }
    }

    private void endPart() {
        endItems();
        endTable();
        if (!blocks.isEmpty()) {
            parts.add(new CardPart(heading, blocks));
            blocks.clear();
        }
    }

    private static String plain(String text) {
        return ESCAPED.matcher(text.replace("**", "")).replaceAll("$1");
    }
}
