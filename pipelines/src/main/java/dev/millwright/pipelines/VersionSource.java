package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.registry.DatasetReference;
import java.util.List;

/**
 * A source that is a version of a dataset which was read before: {@code from: dataset:flights@v3}. Nothing is read from outside.
 *
 * @param table what the pipeline file calls it
 */
record VersionSource(String table, DatasetReference reference) {
    static boolean isOne(PipelineFile.Source source) {
        return source.from().text().startsWith(DatasetStore.SOURCE);
    }

    /**
     * Reads one.
     *
     * @throws InvalidInputException when it names no version, or says beside how to read one
     */
    static VersionSource of(String table, PipelineFile.Source source) {
        List<Problem> needless = source.keys().keySet().stream()
                .filter(key -> !key.equals("from") && !key.contains("."))
                .map(key -> Problem.about(
                        key,
                        "data." + table + "." + key + ": says how a source is read (expected: 'from' alone, since "
                                + source.from() + " was read before)."))
                .toList();
        if (!needless.isEmpty()) {
            throw new InvalidInputException(needless);
        }
        return new VersionSource(
                table, DatasetReference.parse(source.from().text().substring(DatasetStore.SOURCE.length())));
    }
}
