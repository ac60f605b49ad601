package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.data.ColumnContract;
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

    /** Whether a key says nothing of reading: when rows happen and values are known matters to views alone. */
    private static boolean tellsOfTheView(String key, PipelineFile.Source source) {
        boolean onlyKnownAfter = source.contract().columns().stream()
                .allMatch(column -> column.equals(ColumnContract.of(column.name(), column.knownAfter())));
        return key.equals("from")
                || key.equals("time")
                || (key.equals("schema")
                        && onlyKnownAfter
                        && source.schemaFile().isEmpty());
    }

    /**
     * Reads one.
     *
     * @throws InvalidInputException when it names no version, or says beside how to read one
     */
    static VersionSource of(String table, PipelineFile.Source source) {
        List<Problem> needless = source.keys().keySet().stream()
                .filter(key -> !key.contains(".") && !tellsOfTheView(key, source))
                .map(key -> Problem.about(
                        key,
                        "data." + table + "." + key
                                + ": says how a source is read (expected: 'from', beside 'time' and known_after in 'schema', since "
                                + source.from() + " was read before)."))
                .toList();
        if (!needless.isEmpty()) {
            throw new InvalidInputException(needless);
        }
        return new VersionSource(
                table, DatasetReference.parse(source.from().text().substring(DatasetStore.SOURCE.length())));
    }
}
