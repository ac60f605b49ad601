package dev.millwright.pipelines.datasets;

import dev.millwright.pipelines.RunRequest;
import dev.millwright.registry.DatasetReference;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which rows to judge again that were set aside.
 *
 * @param file of repaired rows, as an absolute path; without one, the rows are judged as they were found
 * @param exported the version that the rows of the file are from; what the file says when empty
 * @param pipeline whose contract and expectations to judge by; those of the newest version when empty
 */
public record ReplayRequest(
        String dataset, Optional<Path> file, Optional<DatasetReference> exported, Optional<RunRequest> pipeline) {}
