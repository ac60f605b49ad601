package dev.millwright.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A version that was rolled back. Rolling back to a version withdraws all that were made after it; what one of them was made from is
 * read as the version that the rollback made, until a rollback leads to it again.
 *
 * @param version that was withdrawn
 * @param standIn made by the rollback: read in its place
 */
public record Withdrawn(RecordedDataset version, RecordedDataset standIn) {
    /**
     * What a source would give, if that was withdrawn.
     *
     * @param versions all of one dataset, the oldest first
     * @param fingerprint of the source
     */
    static Optional<Withdrawn> find(List<RecordedDataset> versions, String fingerprint) {
        Map<String, Withdrawn> withdrawn = new HashMap<>();
        for (RecordedDataset version : versions) {
            version.restores()
                    .ifPresent(restored -> versions.stream()
                            .filter(each -> each.version() > restored && each.version() < version.version())
                            .filter(each -> each.restores().isEmpty())
                            .forEach(each -> withdrawn.put(each.sourceFingerprint(), new Withdrawn(each, version))));
            withdrawn.remove(version.sourceFingerprint());
        }
        return Optional.ofNullable(withdrawn.get(RecordedDataset.source(fingerprint)));
    }
}
