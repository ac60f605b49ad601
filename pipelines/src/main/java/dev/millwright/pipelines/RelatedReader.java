package dev.millwright.pipelines;

import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.Related;
import dev.millwright.pipelines.Section.YamlSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code related:} under {@code features:}. */
final class RelatedReader {
    private static final int HOUR = 3_600;

    private RelatedReader() {}

    static Optional<Related> read(Section features) {
        return features.section("related").map(section -> {
            List<Duration> windows = section.texts("windows").stream()
                    .flatMap(text -> window(text, section.child("windows"), section.source()).stream())
                    .distinct()
                    .toList();
            Related related = new Related(
                    section.position(),
                    windows,
                    section.parsed("depth", (text, at) -> depth(text, at.child("depth"), at.source()))
                            .orElse(Related.DEEPEST),
                    section.parsed("limit", (text, at) -> Values.count(text, at.child("limit"), at.source()))
                            .orElse(Related.LIMIT));
            section.close();
            return related;
        });
    }

    private static Optional<Duration> window(Located text, String path, YamlSource source) {
        Optional<Duration> length = Values.duration(text, path, source);
        if (length.filter(found -> found.isZero() || found.toSeconds() % HOUR != 0)
                .isPresent()) {
            source.report(text.position(), path + ": " + text + " (expected: whole hours or days, such as 12h or 7d).");
            return Optional.empty();
        }
        return length;
    }

    private static Optional<Integer> depth(Located text, String path, YamlSource source) {
        Optional<Integer> depth = Values.count(text, path, source);
        if (depth.filter(found -> found > Related.DEEPEST).isPresent()) {
            source.report(text.position(), path + ": " + text + " (expected: 1 or 2).");
            return Optional.empty();
        }
        return depth;
    }
}
