package dev.millwright.pipelines.profile;

import dev.millwright.evaluation.Block;
import dev.millwright.evaluation.Blocks;
import dev.millwright.evaluation.Markup;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A part of the page.
 *
 * @param id by which it is linked
 * @param html its content, below the heading
 */
record Section(String id, String title, String html) {
    String block() {
        return "<section id=\"" + id + "\"><h2>" + Markup.escape(title) + "</h2>" + html + "</section>";
    }

    String link() {
        return "<a href=\"#" + id + "\">" + Markup.escape(title) + "</a>";
    }

    static String paragraph(String text) {
        return "<p>" + Markup.escape(text) + "</p>";
    }

    static String card(String title, String html) {
        return "<div class=\"card\"><h3>" + Markup.escape(title) + "</h3>" + html + "</div>";
    }

    static String card(String title, List<String> headings, List<List<String>> rows) {
        return card(title, Blocks.html(new Block.Table(headings, rows)));
    }

    /** @param below HTML that follows the chart, such as its figures */
    static String figure(String title, String caption, String svg, String below) {
        return "<figure><figcaption><h3>" + Markup.escape(title) + "</h3><p>" + Markup.escape(caption)
                + "</p></figcaption>" + svg + below + "</figure>";
    }

    static String grid(List<String> figures) {
        return figures.stream().collect(Collectors.joining("\n", "<div class=\"grid\">", "</div>"));
    }

    static String wide(String html) {
        return "<div class=\"wide\">" + html + "</div>";
    }
}
