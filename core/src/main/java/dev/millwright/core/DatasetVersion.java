package dev.millwright.core;

import java.nio.file.Path;
import java.util.List;

/**
 * One immutable version of a dataset.
 *
 * @param dataset the name in the pipeline file
 * @param snapshot the Iceberg snapshot id
 * @param schema the columns that users see; the files also hold {@code _row_id} (BIGINT, unique in the version)
 * @param files the Parquet files, absolute
 * @param rowsRead rows found in the source
 * @param rows rows in this version
 * @param quarantined rows set aside, each with its reason
 */
public record DatasetVersion(
        String dataset, long snapshot, Schema schema, List<Path> files, long rowsRead, long rows, long quarantined) {
    public DatasetVersion {
        files = List.copyOf(files);
        if (rows + quarantined != rowsRead) {
            throw new IllegalArgumentException(dataset + ": " + rows + " rows and " + quarantined
                    + " quarantined (expected: together the " + rowsRead + " that were read)");
        }
    }
}
