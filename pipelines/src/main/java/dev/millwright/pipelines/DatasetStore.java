package dev.millwright.pipelines;

import dev.millwright.core.DatasetVersion;
import dev.millwright.data.Lake;
import dev.millwright.registry.DatasetReference;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import java.util.Optional;

/** The dataset versions of a home: their numbers are in the registry, their rows in the lake. Thread-safe. */
public record DatasetStore(Registry registry, Lake lake) {
    /** How the source of a pipeline begins that is a version of this home. */
    public static final String SOURCE = "dataset:";

    /** A version, as it was recorded and as it lies on disk. */
    public record Stored(RecordedDataset recorded, DatasetVersion version) {
        /** As people write it. */
        public String name() {
            return recorded.name();
        }
    }

    /** The key of the step that reads a source. */
    public static String stepKey(String dataset, String fingerprint) {
        return KnownSources.key(dataset, fingerprint);
    }

    /** The fingerprint of a source together with the repaired rows that it is read with. */
    String withRepairs(String dataset, String source) {
        return lake.repairs(dataset)
                .map(repairs -> RecordedDataset.fingerprint(source, repairs))
                .orElse(source);
    }

    /**
     * Finds a version.
     *
     * @throws dev.millwright.core.MillwrightException when there is none, or its rows are gone
     */
    public Stored load(DatasetReference reference) {
        RecordedDataset recorded = registry.datasets().load(reference);
        return new Stored(recorded, lake.load(recorded.dataset(), recorded.snapshot()));
    }

    /**
     * The version that a run reads in place of what a source would give, because that was rolled back.
     *
     * @param fingerprint of the source
     * @throws dev.millwright.core.MillwrightException when the rows of that version are gone
     */
    Optional<Stored> findStandIn(String dataset, String fingerprint) {
        return registry.datasets()
                .findWithdrawn(dataset, fingerprint)
                .map(found ->
                        load(DatasetReference.numbered(dataset, found.standIn().version())));
    }
}
