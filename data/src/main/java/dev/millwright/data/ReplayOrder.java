package dev.millwright.data;

import dev.millwright.core.DatasetVersion;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What is to be judged again.
 *
 * @param file of repaired rows; without one, the rows are judged as they were found
 * @param exported the version that the rows of the file are from; what the file says, or the newest, when empty
 * @param versions finds the version that a file names
 * @param rules to judge by; those of the newest version when empty
 * @param stepKey names the step that makes the new version, by a mark that tells it from others on the same source
 */
public record ReplayOrder(
        String dataset,
        Optional<Path> file,
        Optional<DatasetVersion> exported,
        Function<String, DatasetVersion> versions,
        Optional<ReadingRules> rules,
        UnaryOperator<String> stepKey) {}
