package dev.millwright.pipelines.datasets;

import java.time.Instant;
import java.util.List;

/**
 * What became of the versions of a dataset.
 *
 * @param versions those that were asked about and whose rows were there, newest first
 * @param files that were deleted
 * @param bytes of these
 */
public record Expiry(String dataset, List<Verdict> versions, int files, long bytes) {
    /** Whether a version stays, and why. */
    public record Verdict(int version, Instant recorded, long rows, Fate fate, String reason) {}

    /** What becomes of a version. */
    public enum Fate {
        KEPT,
        EXPIRED
    }

    public Expiry {
        versions = List.copyOf(versions);
    }

    /** The numbers of the versions that go. */
    public List<Integer> expired() {
        return versions.stream()
                .filter(verdict -> verdict.fate() == Fate.EXPIRED)
                .map(Verdict::version)
                .toList();
    }
}
