package dev.millwright.pipelines;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.Progress;
import dev.millwright.data.ExpectationResult;
import dev.millwright.data.Expected;
import dev.millwright.data.LabelTiming;
import dev.millwright.data.Lake;
import dev.millwright.data.OnViolation;
import dev.millwright.data.RepairUse;
import dev.millwright.data.SourceSpec;
import dev.millwright.data.SplitSpec;
import dev.millwright.data.TrainingSetInfo;
import dev.millwright.data.TrainingSetRequest;
import dev.millwright.data.TrainingSetWriter;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.pipelines.StepOutputs.Ingested;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Withdrawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The way of the data: sources, dataset versions, training set. */
final class DataSteps {
    private final RunContext context;
    private final ReadTables tables = new ReadTables();
    private final Map<String, DatasetVersion> versions = new HashMap<>();

    DataSteps(RunContext context) {
        this.context = context;
    }

    /** Reads a source into a version of its dataset. */
    Ingested ingest(SourceSpec spec) {
        String fingerprint = fingerprint(spec);
        Optional<Withdrawn> withdrawn = context.registry().datasets().findWithdrawn(spec.dataset(), fingerprint);
        if (withdrawn.isPresent()) {
            return useStandIn(spec, withdrawn.get());
        }
        String key = KnownSources.key(spec.dataset(), fingerprint);
        new Settlement(context.registry().datasets(), lake()).settle(spec.dataset());
        Ingested known = context.steps()
                .step(
                        "ingest " + spec.dataset(),
                        key,
                        Ingested.class,
                        before -> isUsable(spec, key),
                        progress -> ingested(read(spec, key, progress), fingerprint),
                        done -> Text.count(done.rows(), "row")
                                + (done.quarantined() > 0
                                        ? ", " + Text.count(done.quarantined(), "row") + " quarantined"
                                        : ""));
        DatasetVersion version = lake().find(spec.dataset(), key).orElseThrow();
        Ingested ingested = known.heldBy(version);
        read(spec.dataset(), version, fingerprint);
        RecordedDataset recorded =
                context.registry().datasets().record(context.run().id(), version, fingerprint);
        context.summary().dataset(ingested, recorded.version());
        warn(spec, version);
        if (ingested.quarantined() > 0) {
            context.summary()
                    .warning(Text.count(ingested.quarantined(), "row") + " of " + spec.dataset()
                            + " quarantined; see why: millwright data quarantine " + spec.dataset());
        }
        return ingested;
    }

    private DatasetVersion read(SourceSpec spec, String key, Progress progress) {
        DatasetVersion version = lake().ingest(spec, referred(spec), key, progress);
        RepairUse repairs = lake().report(version).repairs();
        if (repairs != null && repairs.absent() > 0) {
            context.summary()
                    .warning(spec.dataset() + ": " + Text.count(repairs.absent(), "row")
                            + " that had been repaired and replayed left, for the source brings the broken ones no more; see"
                            + " which: millwright data diff " + spec.dataset());
        }
        return version;
    }

    private void read(String table, DatasetVersion version, String fingerprint) {
        tables.add(table, fingerprint);
        versions.put(table, version);
    }

    private String fingerprint(SourceSpec spec) {
        List<Expected.Unread> expectations =
                spec.expectations().stream().map(Expected::unread).toList();
        return tables.with(spec.dataset(), Lake.fingerprint(spec), expectations)
                .map(source -> context.workshop().datasets().withRepairs(spec.dataset(), source))
                .orElseThrow(() -> new IllegalStateException(spec.dataset()
                        + ": refers to a table that is read later (expected: " + versions.keySet() + ")"));
    }

    /** Of a version that was read before. */
    static String fingerprint(RecordedDataset version) {
        return version.fingerprint() + "@" + version.snapshot();
    }

    /** The versions that the expectations of a source refer to. */
    private Map<String, DatasetVersion> referred(SourceSpec spec) {
        Map<String, DatasetVersion> referred = new HashMap<>(versions);
        Set<String> names = spec.expectations().stream()
                .flatMap(expected -> expected.unread().tables().stream())
                .collect(Collectors.toCollection(() -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER)));
        referred.keySet().retainAll(names);
        return referred;
    }

    /** What a source gave was rolled back, and the source is as it was: nothing is brought back, and the run says so. */
    private Ingested useStandIn(SourceSpec spec, Withdrawn withdrawn) {
        RecordedDataset standIn = withdrawn.standIn();
        DatasetVersion version = lake().load(standIn.dataset(), standIn.snapshot());
        Ingested ingested = context.steps()
                .step(
                        "ingest " + standIn.dataset(),
                        StepKeys.of("stand-in-1", standIn.dataset(), standIn.version(), standIn.snapshot()),
                        Ingested.class,
                        known -> false,
                        progress -> {
                            lake().requireFresh(spec, version);
                            return ingested(standIn);
                        },
                        done -> "as v" + standIn.version() + ", since v"
                                + withdrawn.version().version() + " was rolled back");
        context.summary()
                .warning(standIn.dataset() + ": its source is as it was for "
                        + withdrawn.version().name() + ", which was rolled back: read as " + standIn.name()
                        + " until it changes. To take it as it is: millwright data rollback "
                        + withdrawn.version().name());
        warn(spec, version);
        return link(standIn.dataset(), standIn, ingested);
    }

    /** A version that was made before, and that time has not made too old to be used. */
    private boolean isUsable(SourceSpec spec, String key) {
        return lake().find(spec.dataset(), key)
                .filter(version -> lake().overdue(spec, version).stream().noneMatch(ExpectationResult::refuses))
                .isPresent();
    }

    private void warn(SourceSpec spec, DatasetVersion version) {
        Stream.concat(lake().overdue(spec, version).stream(), lake().report(version).expectations().stream())
                .filter(result -> !result.passed() && result.severity() == OnViolation.WARN)
                .collect(Collectors.toMap(
                        ExpectationResult::name, ExpectationResult::sentence, (now, then) -> now, LinkedHashMap::new))
                .values()
                .forEach(sentence -> context.summary().warning(spec.dataset() + ": " + sentence));
    }

    private Lake lake() {
        return context.workshop().lake();
    }

    /** Takes a version that was read before. */
    Ingested use(String table, RecordedDataset version) {
        return link(table, version, ingested(version));
    }

    private Ingested link(String table, RecordedDataset version, Ingested ingested) {
        context.registry().datasets().use(context.run().id(), table, version);
        read(table, lake().load(version.dataset(), version.snapshot()), fingerprint(version));
        context.summary().dataset(ingested, version.version());
        return ingested;
    }

    private static Ingested ingested(RecordedDataset version) {
        return new Ingested(
                version.dataset(),
                version.snapshot(),
                version.rowsRead(),
                version.rows(),
                version.quarantined(),
                version.fingerprint(),
                List.of());
    }

    private Ingested ingested(DatasetVersion version, String fingerprint) {
        return new Ingested(
                version.dataset(),
                version.snapshot(),
                version.rowsRead(),
                version.rows(),
                version.quarantined(),
                fingerprint,
                context.pipeline().sourceWarnings().getOrDefault(version.dataset(), List.of()));
    }

    /** Computes the view over the dataset versions and parts its rows. */
    Featured features(Map<String, Ingested> tables) {
        Map<String, Long> snapshots = new LinkedHashMap<>();
        tables.forEach((table, dataset) -> snapshots.put(table, dataset.snapshot()));
        tables.forEach((table, dataset) ->
                context.addTable(table, lake().tableReference(lake().load(dataset.dataset(), dataset.snapshot()))));
        String sql = context.pipeline().plan().duckDbSql(context::table);
        Optional<String> timestamp = context.file().features().timestamp().map(PipelineFile.Located::text);
        String key = featuresKey(context.file(), sql, snapshots);
        String name = key + ".parquet";
        Path target = context.workshop().layout().trainingSets().resolve(name);
        Featured featured = context.steps()
                .step(
                        "features",
                        key,
                        Featured.class,
                        known -> Files.isRegularFile(target),
                        progress -> {
                            FeaturePlan plan = context.pipeline().plan();
                            TrainingSetRequest request = new TrainingSetRequest(
                                    plan.stagedQuery(context::table),
                                    plan.labelAnd(timestamp).orElseThrow().stagedQuery(context::table),
                                    plan.labelComesLater() ? LabelTiming.LATER : LabelTiming.AT_ONCE,
                                    plan.labelType().orElseThrow(),
                                    Optional.empty(),
                                    split(),
                                    timestamp,
                                    target);
                            return featured(
                                    name,
                                    new TrainingSetWriter(context.workshop().duck()).write(request, progress));
                        },
                        done -> Text.count(done.train(), "row") + " to train on, " + Text.number(done.validation())
                                + " to validate, "
                                + Text.number(done.test()) + " to test"
                                + leftOut(done));
        context.registry()
                .runs()
                .recordFeatures(
                        context.run().id(),
                        context.file().features().view(),
                        StepKeys.sha256(context.file().features().sql().text()),
                        StepJson.write(context.pipeline().plan().lineage()));
        context.summary().rows(featured);
        return featured;
    }

    private static String leftOut(Featured done) {
        String unlabelled = done.unlabelled() > 0 ? ", " + Text.number(done.unlabelled()) + " without a label" : "";
        String pending = done.pending() > 0 ? " (" + Text.number(done.pending()) + " not known yet)" : "";
        String purged = done.purged() > 0
                ? ", " + Text.number(done.purged()) + " left out whose label came when the test had begun"
                : "";
        return unlabelled + pending + purged;
    }

    /** The key of the step that computes a view and parts its rows. */
    static String featuresKey(PipelineFile file, String sql, Map<String, Long> snapshots) {
        PipelineFile.Train train = file.train();
        return StepKeys.of(
                "features-1",
                sql,
                snapshots,
                train.split().by(),
                train.split().test(),
                train.split().validation(),
                train.seed());
    }

    private SplitSpec split() {
        PipelineFile.Split split = context.file().train().split();
        return switch (split.by()) {
            case RANDOM ->
                new SplitSpec.Random(
                        split.test(), split.validation(), context.file().train().seed(), SplitSpec.Stratify.BY_CLASS);
            case TIME ->
                new SplitSpec.ByTime(
                        context.file().features().timestamp().orElseThrow().text(), split.test(), split.validation());
        };
    }

    private static Featured featured(String name, TrainingSetInfo info) {
        return new Featured(
                name,
                info.task(),
                info.classNames(),
                info.train(),
                info.validation(),
                info.test(),
                info.unlabelled(),
                info.pending(),
                info.purged());
    }
}
