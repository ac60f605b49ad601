package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * One model version.
 *
 * @param graph what it asks, when it is an inference graph
 * @param askedBy the inference graphs that ask it
 * @param report the address of its evaluation report, when it has one
 * @param parity how the replay of stored predictions went
 * @param refusal why it may not serve, when it may not
 * @param card the model card, part by part
 */
public record ModelVersionPage(
        PageHead head,
        ModelPage.VersionRow version,
        String task,
        RunPage.MetricTable metrics,
        List<InputRow> inputs,
        List<String> classes,
        Optional<Double> threshold,
        List<Lineage> lineage,
        Optional<GraphPart> graph,
        List<Item> askedBy,
        Optional<String> report,
        Optional<String> parity,
        Optional<String> refusal,
        List<CardPart> card,
        FileBrowser files) {
    public ModelVersionPage {
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
        lineage = List.copyOf(lineage);
        askedBy = List.copyOf(askedBy);
        card = List.copyOf(card);
    }

    /**
     * An input column of the model.
     *
     * @param origins the source columns that it is computed from, when they are known
     */
    public record InputRow(String name, String type, String origins) {}

    /** One stage on the way from data to endpoint. */
    public record Lineage(String stage, List<Item> items) {
        public Lineage {
            items = List.copyOf(items);
        }
    }

    /** A thing at a stage; {@code current} marks the one that the page is about. */
    public record Item(String label, String detail, Optional<String> href, boolean current) {}

    /**
     * A node of an inference graph, or a version that it asks.
     *
     * @param label when it is asked, or what it is called there; empty for the whole
     * @param href the address of the version; empty for a node
     */
    public record GraphPart(String label, String name, String detail, Optional<String> href, List<GraphPart> parts) {
        public GraphPart {
            parts = List.copyOf(parts);
        }
    }

    /** A part of the model card under its heading. */
    public record CardPart(String heading, List<CardBlock> blocks) {
        public CardPart {
            blocks = List.copyOf(blocks);
        }
    }

    /** What stands in a part of the model card. */
    public sealed interface CardBlock {
        /** A paragraph. */
        record Text(String text) implements CardBlock {}

        /** A list. */
        record Items(List<String> items) implements CardBlock {
            public Items {
                items = List.copyOf(items);
            }
        }

        /** A table; each row has a cell for each heading. */
        record Table(List<String> headings, List<List<String>> rows) implements CardBlock {
            public Table {
                headings = List.copyOf(headings);
                rows = List.copyOf(rows);
            }
        }
    }
}
