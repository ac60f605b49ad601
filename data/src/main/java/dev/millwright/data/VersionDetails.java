package dev.millwright.data;

import dev.millwright.core.DatasetVersion;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A version as it lies on disk.
 *
 * @param committed when it became readable
 * @param layout of the file that was written last
 * @param files in the order of their names
 */
public record VersionDetails(DatasetVersion version, Instant committed, Layout layout, List<StoredFile> files) {
    /** A Parquet file of the version, with its size. */
    public record StoredFile(Path path, long rows, long bytes) {}

    public VersionDetails {
        files = List.copyOf(files);
    }

    /** The size of all files together. */
    public long bytes() {
        return files.stream().mapToLong(StoredFile::bytes).sum();
    }
}
