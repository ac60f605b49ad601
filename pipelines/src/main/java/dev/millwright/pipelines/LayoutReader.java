package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.data.Layout;
import dev.millwright.data.Layout.Partition;
import dev.millwright.pipelines.PipelineFile.Located;
import java.util.List;
import java.util.stream.Stream;

/** Reads how a source's versions are to lie in files: {@code partition_by} and {@code sort_by}. */
final class LayoutReader {
    private LayoutReader() {}

    /** Reads the layout of a {@code source}. */
    static Layout read(Section source) {
        List<Partition> partitions = source.texts(Layout.PARTITION_BY).stream()
                .flatMap(text -> partition(source, text))
                .toList();
        return new Layout(
                partitions,
                source.texts(Layout.SORT_BY).stream()
                        .map(text -> text.text().strip())
                        .toList());
    }

    private static Stream<Partition> partition(Section source, Located text) {
        try {
            return Stream.of(Partition.parse(text.text()));
        } catch (InvalidInputException wrong) {
            source.source().report(text.position(), source.child(Layout.PARTITION_BY) + ": " + wrong.getMessage());
            return Stream.empty();
        }
    }
}
