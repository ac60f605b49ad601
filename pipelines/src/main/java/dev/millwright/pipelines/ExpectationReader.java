package dev.millwright.pipelines;

import dev.millwright.data.OnViolation;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.WrittenExpectation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code expect} of a source: texts, or mappings of a {@code check} and its {@code severity}. */
final class ExpectationReader {
    private final Section source;
    private final OnViolation usual;

    private ExpectationReader(Section source, OnViolation usual) {
        this.source = source;
        this.usual = usual;
    }

    /** @param usual the severity of those that don't say theirs */
    static List<WrittenExpectation> read(Section source, OnViolation usual) {
        ExpectationReader reader = new ExpectationReader(source, usual);
        return source.items("expect").stream().flatMap(reader::entry).toList();
    }

    private Stream<WrittenExpectation> entry(Node node) {
        String path = source.child("expect");
        if (!(node instanceof MappingNode)) {
            return source
                    .source()
                    .text(node, path)
                    .map(text -> new WrittenExpectation(text, usual, Optional.empty()))
                    .stream();
        }
        Section entry = Section.of(source.source(), path, node);
        Located check = entry.requiredText("check");
        Optional<OnViolation> severity = entry.word("severity", OnViolation.class);
        entry.close();
        return check.text().isEmpty()
                ? Stream.empty()
                : Stream.of(new WrittenExpectation(
                        check, severity.orElse(usual), severity.map(said -> entry.position("severity"))));
    }
}
