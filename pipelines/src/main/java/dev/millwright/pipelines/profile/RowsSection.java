package dev.millwright.pipelines.profile;

import dev.millwright.data.profile.DataProfile;
import dev.millwright.data.profile.Duplicates;
import dev.millwright.data.profile.Duplicates.Repeats;
import dev.millwright.evaluation.Block;
import dev.millwright.evaluation.Blocks;
import dev.millwright.evaluation.Figures;
import java.util.List;

/** Rows that stand more than once. */
final class RowsSection {
    private RowsSection() {}

    static Section of(DataProfile profile) {
        Duplicates duplicates = profile.duplicates();
        String html = card("Equal in every column", duplicates.whole(), profile);
        String ids = duplicates
                .butForIds()
                .map(repeats ->
                        card("Equal in every column but " + String.join(", ", duplicates.ids()), repeats, profile))
                .orElse("");
        return new Section("repeated", "Repeated rows", Section.wide(html + ids));
    }

    private static String card(String title, Repeats repeats, DataProfile profile) {
        if (repeats.groups() == 0) {
            return Section.card(title, Section.paragraph("No row stands more than once."));
        }
        String sentence = Figures.count(repeats.rows()) + " rows ("
                + Figures.percent((double) repeats.rows() / profile.rows())
                + ") stand more than once: " + Figures.count(repeats.groups()) + " different ones, the most frequent of"
                + " them " + Figures.count(repeats.largest()) + " times.";
        return Section.card(
                title,
                Section.paragraph(sentence)
                        + Blocks.html(new Block.Table(
                                List.of("#Times", "Row"),
                                repeats.examples().stream()
                                        .map(example -> List.of(Figures.count(example.rows()), example.row()))
                                        .toList())));
    }
}
