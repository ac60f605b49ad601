package dev.millwright.pipelines;

import dev.millwright.core.DatasetVersion;
import dev.millwright.data.Expected;
import dev.millwright.data.Inspection;
import dev.millwright.data.Lake;
import dev.millwright.data.Outline;
import dev.millwright.data.Preview;
import dev.millwright.data.SourceSpec;
import dev.millwright.pipelines.StepOutputs.Ingested;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Knows a source that was ingested before from the version that it became; reads only one that is new or has changed. */
final class KnownSources implements SourceLook {
    private final Workshop workshop;
    private final Preview preview;
    private final ReadTables tables = new ReadTables();
    private final Map<String, DatasetVersion> known = new LinkedHashMap<>();

    KnownSources(Workshop workshop) {
        this.workshop = workshop;
        this.preview = new Preview(workshop.duck());
    }

    @Override
    public Outline look(SourceSpec source, List<Expected.Unread> expectations) {
        Optional<String> fingerprint = tables.with(
                        source.dataset(), Lake.fingerprint(source, expectations), expectations)
                .map(known -> workshop.datasets().withRepairs(source.dataset(), known));
        fingerprint.ifPresent(known -> tables.add(source.dataset(), known));
        return fingerprint
                .flatMap(known -> recognised(source.dataset(), known))
                .orElseGet(() -> unknown(source, expectations));
    }

    private Outline unknown(SourceSpec source, List<Expected.Unread> expectations) {
        Outline outline = preview.outline(source, expectations.size());
        workshop.lake().requireAllowed(source, outline);
        return outline;
    }

    @Override
    public RecordedDataset look(VersionSource source) {
        DatasetStore.Stored stored = workshop.datasets().load(source.reference());
        add(source.table(), stored.version());
        tables.add(source.table(), DataSteps.fingerprint(stored.recorded()));
        return stored.recorded();
    }

    /** The version that stands for a source: the one that it became, or the one that was rolled back to. */
    private Optional<Outline> recognised(String dataset, String fingerprint) {
        Optional<DatasetStore.Stored> standIn = workshop.datasets().findStandIn(dataset, fingerprint);
        if (standIn.isPresent()) {
            tables.add(dataset, DataSteps.fingerprint(standIn.get().recorded()));
            return Optional.of(recognised(standIn.get().version(), List.of()));
        }
        String key = key(dataset, fingerprint);
        return ingested(workshop.registry(), key)
                .flatMap(step ->
                        workshop.lake().find(dataset, key).map(version -> recognised(version, step.warnings())));
    }

    private Outline recognised(DatasetVersion version, List<String> warnings) {
        add(version.dataset(), version);
        return new Outline(version.schema(), Inspection.Coverage.WHOLE, warnings);
    }

    private void add(String table, DatasetVersion version) {
        known.put(table, version);
        preview.add(table, version, workshop.lake().tableReference(version));
    }

    /** Labels that a training set was made from before need no look. */
    @Override
    public Optional<String> findLabelProblem(PipelineFile file, FeaturePlan plan) {
        return hasFeatures(file, plan) ? Optional.empty() : LabelLook.findProblem(plan, preview);
    }

    private boolean hasFeatures(PipelineFile file, FeaturePlan plan) {
        if (!known.keySet().equals(file.data().keySet())) {
            return false;
        }
        Map<String, Long> snapshots = new LinkedHashMap<>();
        known.forEach((dataset, version) -> snapshots.put(dataset, version.snapshot()));
        String sql =
                plan.duckDbSql(dataset -> preview.rows(dataset).orElseThrow().reference());
        return workshop.registry()
                .steps()
                .findFinished(DataSteps.featuresKey(file, sql, snapshots))
                .isPresent();
    }

    @Override
    public void close() {
        preview.close();
    }

    private static Optional<Ingested> ingested(Registry registry, String key) {
        return registry.steps().findFinished(key).map(result -> StepJson.read(result.outputs(), Ingested.class));
    }

    /** The key of the step that ingests a dataset. */
    static String key(String dataset, String fingerprint) {
        return StepKeys.of("ingest-1", dataset, fingerprint);
    }
}
