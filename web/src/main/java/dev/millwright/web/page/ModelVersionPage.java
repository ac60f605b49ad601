package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * One model version.
 *
 * @param report the address of its evaluation report, when it has one
 * @param parity how the replay of stored predictions went
 * @param card the model card's paragraphs
 */
public record ModelVersionPage(
        PageHead head,
        ModelPage.VersionRow version,
        String task,
        List<RunPage.MetricGroup> metrics,
        List<InputRow> inputs,
        List<String> classes,
        Optional<Double> threshold,
        List<Lineage> lineage,
        Optional<String> report,
        Optional<String> parity,
        List<CardPart> card,
        List<RunPage.ArtifactRow> artifacts) {
    public ModelVersionPage {
        metrics = List.copyOf(metrics);
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
        lineage = List.copyOf(lineage);
        card = List.copyOf(card);
        artifacts = List.copyOf(artifacts);
    }

    /** An input column of the model. */
    public record InputRow(String name, String type) {}

    /** One stage on the way from data to endpoint. */
    public record Lineage(String stage, List<Item> items) {
        public Lineage {
            items = List.copyOf(items);
        }
    }

    /** A thing at a stage; {@code current} marks the one that the page is about. */
    public record Item(String label, String detail, Optional<String> href, boolean current) {}

    /** A part of the model card: a heading and its lines. */
    public record CardPart(String heading, List<String> lines) {
        public CardPart {
            lines = List.copyOf(lines);
        }
    }
}
