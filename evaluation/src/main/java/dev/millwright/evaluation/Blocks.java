package dev.millwright.evaluation;

import java.util.List;
import java.util.stream.Collectors;

/** Writes {@link Block}s as HTML and as Markdown; all text in them is escaped. */
public final class Blocks {
    private Blocks() {}

    static String html(List<Block> blocks) {
        return blocks.stream().map(Blocks::html).collect(Collectors.joining("\n"));
    }

    public static String html(Block block) {
        return switch (block) {
            case Block.Heading heading -> "<h2>" + Markup.escape(heading.text()) + "</h2>";
            case Block.Paragraph paragraph -> "<p>" + Markup.escape(paragraph.text()) + "</p>";
            case Block.Items items ->
                items.items().stream()
                        .map(item -> "<li>" + Markup.escape(item) + "</li>")
                        .collect(Collectors.joining("", "<ul>", "</ul>"));
            case Block.Commands commands -> "<pre>" + Markup.escape(String.join("\n", commands.lines())) + "</pre>";
            case Block.Facts facts ->
                facts.facts().stream()
                        .map(fact -> "<div><dt>" + Markup.escape(fact.name()) + "</dt><dd>"
                                + Markup.escape(fact.value()) + "</dd></div>")
                        .collect(Collectors.joining("", "<dl>", "</dl>"));
            case Block.Table table -> htmlTable(table);
        };
    }

    private static String htmlTable(Block.Table table) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
        for (int column = 0; column < table.columns().size(); column++) {
            html.append("<th scope=\"col\"").append(table.isNumeric(column) ? " class=\"n\">" : ">");
            html.append(Markup.escape(table.heading(column))).append("</th>");
        }
        html.append("</tr></thead><tbody>");
        for (List<String> row : table.rows()) {
            html.append("<tr>");
            for (int column = 0; column < row.size(); column++) {
                html.append(table.isNumeric(column) ? "<td class=\"n\">" : "<td>");
                html.append(Markup.escape(row.get(column))).append("</td>");
            }
            html.append("</tr>");
        }
        return html.append("</tbody></table></div>").toString();
    }

    static String markdown(List<Block> blocks) {
        return blocks.stream().map(Blocks::markdown).collect(Collectors.joining("\n\n", "", "\n"));
    }

    private static String markdown(Block block) {
        return switch (block) {
            case Block.Heading heading -> "## " + Markup.escapeMarkdown(heading.text());
            case Block.Paragraph paragraph -> Markup.escapeMarkdown(paragraph.text());
            case Block.Items items ->
                items.items().stream()
                        .map(item -> "- " + Markup.escapeMarkdown(item))
                        .collect(Collectors.joining("\n"));
            case Block.Commands commands ->
                commands.lines().stream()
                        .flatMap(String::lines)
                        .map(line -> "    " + line)
                        .collect(Collectors.joining("\n"));
            case Block.Facts facts ->
                facts.facts().stream()
                        .map(fact -> "- **" + Markup.escapeMarkdown(fact.name()) + "**: "
                                + Markup.escapeMarkdown(fact.value()))
                        .collect(Collectors.joining("\n"));
            case Block.Table table -> markdownTable(table);
        };
    }

    private static String markdownTable(Block.Table table) {
        StringBuilder text = new StringBuilder("|");
        for (int column = 0; column < table.columns().size(); column++) {
            text.append(' ')
                    .append(Markup.escapeMarkdown(table.heading(column)))
                    .append(" |");
        }
        text.append("\n|");
        for (int column = 0; column < table.columns().size(); column++) {
            text.append(table.isNumeric(column) ? "---:|" : "---|");
        }
        for (List<String> row : table.rows()) {
            text.append("\n|");
            row.forEach(
                    cell -> text.append(' ').append(Markup.escapeMarkdown(cell)).append(" |"));
        }
        return text.toString();
    }
}
