package dev.millwright.pipelines;

import dev.millwright.pipelines.PipelineFile.Features;
import dev.millwright.pipelines.PipelineFile.JoinedFeatures;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.Related;
import dev.millwright.pipelines.Section.YamlSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code features:}, one view, or several of which the first has the rows. */
final class FeaturesReader {
    private static final String PATH = "features";

    private final YamlSource source;

    private FeaturesReader(YamlSource source) {
        this.source = source;
    }

    /** @param pipeline the name of the first view when it has none */
    static Features read(Section root, String pipeline) {
        Optional<Node> node = root.node(PATH);
        if (node.isEmpty()) {
            root.requiredSection(PATH); // reports that it is missing
            return none(root, pipeline);
        }
        FeaturesReader reader = new FeaturesReader(root.source());
        if (!(node.get() instanceof SequenceNode views)) {
            return reader.rows(Section.of(root.source(), PATH, node.get()), pipeline, List.of());
        }
        if (views.getValue().isEmpty()) {
            root.source().report(views, PATH + ": empty (expected: at least one view).");
            return none(root, pipeline);
        }
        List<JoinedFeatures> joined = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Node view : views.getValue().subList(1, views.getValue().size())) {
            joined.add(reader.joined(Section.of(root.source(), PATH, view), names));
        }
        return reader.rows(Section.of(root.source(), PATH, views.getValue().getFirst()), pipeline, joined);
    }

    private static Features none(Section root, String pipeline) {
        return new Features(
                root.position(),
                pipeline,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                ZoneOffset.UTC,
                new Located("", root.position()),
                OnlineOptions.DEFAULT,
                Optional.empty(),
                List.of());
    }

    private Features rows(Section section, String pipeline, List<JoinedFeatures> joined) {
        List<Located> entity = section.texts("entity");
        Features features = new Features(
                section.position(),
                section.text("view").map(Located::text).orElse(pipeline),
                entity.stream().findFirst(),
                entity.stream().skip(1).toList(),
                section.text("timestamp"),
                section.<ZoneId>parsed("zone", (text, at) -> Values.zone(text, at.child("zone"), source))
                        .orElse(ZoneOffset.UTC),
                section.requiredText("sql"),
                OnlineOptions.read(section),
                related(section, joined),
                joined);
        section.close();
        return features;
    }

    private Optional<Related> related(Section section, List<JoinedFeatures> joined) {
        Optional<Related> related = RelatedReader.read(section);
        if (related.isPresent() && !joined.isEmpty()) {
            source.report(
                    section.position("related"),
                    section.child("related")
                            + ": beside several views (expected: one view). Leave it out, or write what the other views compute into this one's SQL.");
        }
        return related;
    }

    private JoinedFeatures joined(Section section, Set<String> names) {
        Located view = section.requiredText("view");
        if (!view.text().isEmpty() && !names.add(view.text())) {
            source.report(
                    view.position(),
                    section.child("view") + ": " + view + ", a second time (expected: different names).");
        }
        List<Located> entity = section.texts("entity");
        if (entity.isEmpty()) {
            source.report(
                    section.position(),
                    section.child("entity")
                            + ": none (expected: the columns by which rows of the first view find those of this one).");
        }
        JoinedFeatures joined = new JoinedFeatures(
                view.text(),
                entity,
                section.requiredText("timestamp"),
                section.parsed("ttl", (text, at) -> Values.duration(text, at.child("ttl"), source)),
                section.requiredText("sql"));
        section.close();
        return joined;
    }
}
