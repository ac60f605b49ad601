package dev.millwright.pipelines;

import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.Selection;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads {@code select:} under {@code train:}: methods alone, or methods with what steers them. */
final class SelectionReader {
    private static final String KEY = "select";

    private SelectionReader() {}

    static Optional<Selection> read(Section train) {
        if (train.node(KEY).isEmpty()) {
            return Optional.empty();
        }
        if (!train.node(KEY).filter(MappingNode.class::isInstance).isPresent()) {
            return Optional.of(new Selection(
                    train.position(KEY), methods(train, KEY), Selection.CORRELATION, List.of(), Selection.ROWS));
        }
        return train.section(KEY).map(section -> {
            Selection selection = new Selection(
                    train.position(KEY),
                    methods(section, "by"),
                    section.parsed(
                                    "correlation",
                                    (text, at) -> Values.share(text, at.child("correlation"), at.source()))
                            .orElse(Selection.CORRELATION),
                    section.texts("keep"),
                    section.parsed("rows", (text, at) -> Values.count(text, at.child("rows"), at.source()))
                            .orElse(Selection.ROWS));
            section.close();
            return selection;
        });
    }

    private static List<Selection.Method> methods(Section section, String key) {
        List<Located> texts = section.texts(key);
        if (texts.isEmpty()) {
            section.source()
                    .report(
                            section.position(key),
                            section.child(key)
                                    + ": none (expected: 'correlation', 'mutual_information' or 'importance',"
                                    + " or a list of them).");
        }
        return texts.stream()
                .flatMap(text ->
                        Values.word(text, section.child(key), Selection.Method.class, section.source()).stream())
                .distinct()
                .sorted()
                .toList();
    }
}
