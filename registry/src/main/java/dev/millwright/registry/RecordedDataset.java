package dev.millwright.registry;

import dev.millwright.core.Schema;
import java.time.Instant;

/**
 * A dataset version that runs used.
 *
 * @param version counts from 1 in its dataset
 * @param snapshot the Iceberg snapshot id
 * @param fingerprint a hash of the rows
 * @param rowsRead rows in the source: {@code rows} + {@code quarantined}
 */
public record RecordedDataset(
        String dataset,
        int version,
        long snapshot,
        String fingerprint,
        Schema schema,
        long rowsRead,
        long rows,
        long quarantined,
        Instant recorded) {}
