package dev.millwright.pipelines.datasets;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.data.ReadingRules;
import dev.millwright.pipelines.PipelineFile;
import dev.millwright.pipelines.PipelineReader;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.pipelines.SchemaFiles;
import java.time.ZoneOffset;

/** What a pipeline file says of how the rows of a dataset are judged. */
final class JudgingRules {
    private JudgingRules() {}

    /** @throws InvalidInputException when the file is wrong, or doesn't read the dataset from a source */
    static ReadingRules read(RunRequest pipeline, String dataset) {
        PipelineFile file = SchemaFiles.fill(
                PipelineReader.read(pipeline.file(), pipeline.text(), pipeline.settings()), pipeline.folder());
        PipelineFile.Source source = file.data().get(dataset);
        if (source == null) {
            throw new InvalidInputException(pipeline.file() + ": data: has no " + dataset
                    + " (expected: the source of the rows)."
                    + Words.suggestion(dataset, file.data().keySet()));
        }
        return new ReadingRules(
                source.zone().orElse(ZoneOffset.UTC),
                source.missing(),
                source.contract(),
                source.expectations().stream()
                        .map(PipelineFile.WrittenExpectation::unread)
                        .toList(),
                source.onViolation());
    }
}
