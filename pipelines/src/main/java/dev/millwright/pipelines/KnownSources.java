package dev.millwright.pipelines;

import dev.millwright.core.DatasetVersion;
import dev.millwright.data.Inspector;
import dev.millwright.data.Lake;
import dev.millwright.data.Outline;
import dev.millwright.data.SourceSpec;
import dev.millwright.pipelines.StepOutputs.Ingested;
import dev.millwright.registry.Registry;
import java.util.List;
import java.util.Optional;

/** Knows a source that was ingested before from the version that it became; reads only one that is new or has changed. */
final class KnownSources implements SourceLook {
    private final Workshop workshop;

    KnownSources(Workshop workshop) {
        this.workshop = workshop;
    }

    @Override
    public Outline look(SourceSpec source, List<String> expectations) {
        String key = key(source.dataset(), Lake.fingerprint(source, expectations));
        return ingested(workshop.registry(), key)
                .flatMap(known -> workshop.lake()
                        .find(source.dataset(), key)
                        .map(DatasetVersion::schema)
                        .map(schema -> new Outline(schema, known.warnings())))
                .orElseGet(() -> Inspector.outline(workshop.duck(), source));
    }

    private static Optional<Ingested> ingested(Registry registry, String key) {
        return registry.steps().findFinished(key).map(result -> StepJson.read(result.outputs(), Ingested.class));
    }

    /** The key of the step that ingests a dataset. */
    static String key(String dataset, String fingerprint) {
        return StepKeys.of("ingest-1", dataset, fingerprint);
    }
}
