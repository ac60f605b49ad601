package dev.millwright.registry;

import dev.millwright.core.Schema;
import java.time.Instant;
import java.util.Optional;

/**
 * A dataset version that runs used.
 *
 * @param version counts from 1 in its dataset
 * @param snapshot the Iceberg snapshot id
 * @param fingerprint a hash of the rows
 * @param rowsRead rows in the source: {@code rows} + {@code quarantined}
 * @param restores the earlier version whose rows it has, if it was made by rolling back to one
 * @param expired when its rows were given up, if they were
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
        Instant recorded,
        Optional<Integer> restores,
        Optional<Instant> expired) {
    /** Between what tells of the source and what tells of rows that were repaired by hand, in a fingerprint. */
    private static final char REPAIRS = '+';

    /** The fingerprint of a source that is read with rows that were repaired by hand. */
    public static String fingerprint(String source, String repairs) {
        return source + REPAIRS + repairs;
    }

    /** The fingerprint of the source alone. */
    public String sourceFingerprint() {
        return source(fingerprint);
    }

    static String source(String fingerprint) {
        int end = fingerprint.indexOf(REPAIRS);
        return end < 0 ? fingerprint : fingerprint.substring(0, end);
    }

    /** As people write it. */
    public String name() {
        return dataset + "@v" + version;
    }
}
