package dev.millwright.pipelines;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Task;
import dev.millwright.core.Words;
import dev.millwright.data.LabelledFrame;
import dev.millwright.data.Lake;
import dev.millwright.data.SourceSpec;
import dev.millwright.data.Split;
import dev.millwright.data.SplitSpec;
import dev.millwright.data.TrainingSet;
import dev.millwright.data.TrainingSetInfo;
import dev.millwright.data.TrainingSetRequest;
import dev.millwright.data.TrainingSetWriter;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.evaluation.Metrics;
import dev.millwright.pipelines.CheckedPipeline.ChosenLearner;
import dev.millwright.pipelines.StepOutputs.Deployed;
import dev.millwright.pipelines.StepOutputs.Evaluated;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.pipelines.StepOutputs.Gated;
import dev.millwright.pipelines.StepOutputs.Ingested;
import dev.millwright.pipelines.StepOutputs.Registered;
import dev.millwright.pipelines.StepOutputs.Replayed;
import dev.millwright.pipelines.StepOutputs.Trained;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.FeaturePlanner;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.NewModelVersion;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.OnnxModelRuntime;
import dev.millwright.serving.Parity;
import dev.millwright.serving.ParityReport;
import dev.millwright.serving.ParitySet;
import dev.millwright.serving.RuntimeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes a checked pipeline from its sources to its endpoint, step by step: ingest, features, train, evaluate, register,
 * parity, gate, deploy. One instance does one run, on one thread.
 */
final class PipelineRunner {
    private static final int STEPS_BESIDE_DATA_AND_LEARNERS = 6;

    private final Workshop workshop;
    private final CheckedPipeline pipeline;
    private final PipelineFile file;
    private final Run run;
    private final StepRunner steps;
    private final SummaryBuilder summary;
    private final Map<String, String> tables = new LinkedHashMap<>();

    PipelineRunner(Workshop workshop, CheckedPipeline pipeline, Run run, RunListener listener) {
        this.workshop = workshop;
        this.pipeline = pipeline;
        this.file = pipeline.file();
        this.run = run;
        int count = pipeline.sources().size()
                + pipeline.learners().size()
                + STEPS_BESIDE_DATA_AND_LEARNERS
                - (file.deploy().isPresent() ? 0 : 1);
        this.steps = new StepRunner(workshop.registry(), run.id(), count, listener);
        this.summary = new SummaryBuilder(file.name(), run.id(), pipeline.warnings());
    }

    private Registry registry() {
        return workshop.registry();
    }

    /** What is known of the run so far; whole once {@link #run} returns. */
    RunSummary summary(String status, Optional<SummaryBuilder.Failure> failure) {
        return summary.build(status, failure, steps.seconds(), steps.reused());
    }

    /** Does all steps; throws what stopped it, with the results of the steps before kept. */
    void run() {
        List<Ingested> datasets =
                pipeline.sources().values().stream().map(this::ingest).toList();
        Featured featured = features(datasets);
        TrainingRows rows = new TrainingRows(featured);
        MetricSpec selection = selection(featured.task());
        List<Trained> trained = pipeline.learners().stream()
                .map(chosen -> train(chosen, featured, rows, selection))
                .toList();
        Evaluated evaluated = evaluate(datasets, featured, rows, trained, selection);
        Trained chosen = trained.get(evaluated.chosen());
        ModelVersion version = register(chosen, evaluated, featured);
        parity(version, chosen);
        gate(version, evaluated, rows);
        file.deploy().ifPresent(deploy -> deploy(deploy, version));
    }

    private Ingested ingest(SourceSpec spec) {
        String fingerprint = Lake.fingerprint(spec);
        String key = StepKeys.of("ingest-1", spec.dataset(), fingerprint);
        Ingested ingested = steps.step(
                "ingest " + spec.dataset(),
                key,
                Ingested.class,
                known -> workshop.lake().find(spec.dataset(), key).isPresent(),
                progress -> ingested(workshop.lake().ingest(spec, key, progress), fingerprint),
                done -> Text.count(done.rows(), "row")
                        + (done.quarantined() > 0
                                ? ", " + Text.count(done.quarantined(), "row") + " quarantined"
                                : ""));
        DatasetVersion version = workshop.lake().load(ingested.dataset(), ingested.snapshot());
        RecordedDataset recorded = registry().datasets().record(run.id(), version, fingerprint);
        summary.dataset(ingested, recorded.version());
        return ingested;
    }

    private static Ingested ingested(DatasetVersion version, String fingerprint) {
        return new Ingested(
                version.dataset(),
                version.snapshot(),
                version.rowsRead(),
                version.rows(),
                version.quarantined(),
                fingerprint);
    }

    private Featured features(List<Ingested> datasets) {
        Map<String, Long> snapshots = new LinkedHashMap<>();
        datasets.forEach(dataset -> snapshots.put(dataset.dataset(), dataset.snapshot()));
        datasets.forEach(dataset -> tables.put(
                dataset.dataset(),
                workshop.lake().tableReference(workshop.lake().load(dataset.dataset(), dataset.snapshot()))));
        String sql = pipeline.plan().duckDbSql(this::table);
        String key = StepKeys.of(
                "features-1",
                sql,
                snapshots,
                file.train().split().by(),
                file.train().split().test(),
                file.train().split().validation(),
                file.train().seed());
        String name = key + ".parquet";
        Path target = workshop.layout().trainingSets().resolve(name);
        Featured featured = steps.step(
                "features",
                key,
                Featured.class,
                known -> Files.isRegularFile(target),
                progress -> {
                    TrainingSetRequest request = new TrainingSetRequest(
                            sql,
                            pipeline.plan().labelType().orElseThrow(),
                            Optional.empty(),
                            split(),
                            file.features().timestamp().map(PipelineFile.Located::text),
                            target);
                    return featured(name, new TrainingSetWriter(workshop.duck()).write(request, progress));
                },
                done -> Text.count(done.train(), "row") + " to train on, " + Text.number(done.validation())
                        + " to validate, "
                        + Text.number(done.test()) + " to test"
                        + (done.unlabelled() > 0 ? ", " + Text.number(done.unlabelled()) + " without a label" : ""));
        registry()
                .runs()
                .recordFeatures(
                        run.id(),
                        file.features().view(),
                        StepKeys.sha256(file.features().sql().text()),
                        StepJson.write(pipeline.plan().lineage()));
        summary.rows(featured);
        return featured;
    }

    private String table(String dataset) {
        String reference = tables.get(dataset);
        if (reference == null) {
            throw new InvalidInputException(
                    "data: has no '" + dataset + "'." + Words.suggestion(dataset, tables.keySet()));
        }
        return reference;
    }

    private SplitSpec split() {
        PipelineFile.Split split = file.train().split();
        return switch (split.by()) {
            case RANDOM ->
                new SplitSpec.Random(
                        split.test(), split.validation(), file.train().seed(), SplitSpec.Stratify.BY_CLASS);
            case TIME ->
                new SplitSpec.ByTime(
                        file.features().timestamp().orElseThrow().text(), split.test(), split.validation());
        };
    }

    private static Featured featured(String name, TrainingSetInfo info) {
        return new Featured(
                name, info.task(), info.classNames(), info.train(), info.validation(), info.test(), info.unlabelled());
    }

    /** The rows of a training set, read when they are first needed: a run that reuses everything reads none. */
    private final class TrainingRows {
        private final Featured featured;
        private final Map<Split, LabelledFrame> splits = new EnumMap<>(Split.class);

        TrainingRows(Featured featured) {
            this.featured = featured;
        }

        LabelledFrame split(Split split) {
            return splits.computeIfAbsent(
                    split,
                    name -> TrainingSet.read(
                            workshop.duck(),
                            workshop.layout().trainingSets().resolve(featured.file()),
                            pipeline.plan().features(),
                            featured.task(),
                            featured.classes(),
                            name));
        }
    }

    private MetricSpec selection(Task task) {
        String name = file.train()
                .metric()
                .map(PipelineFile.Located::text)
                .orElse(
                        switch (task) {
                            case BINARY -> "roc_auc";
                            case MULTICLASS -> "log_loss";
                            case REGRESSION -> "rmse";
                        });
        return Metrics.find(name).orElseThrow();
    }

    private Trained train(ChosenLearner chosen, Featured featured, TrainingRows rows, MetricSpec selection) {
        String learner = chosen.learner().name();
        String key = StepKeys.of(
                "train-1",
                learner,
                chosen.parameters(),
                featured.file(),
                pipeline.plan().features(),
                selection.name(),
                file.train().seed());
        return steps.step(
                "train " + learner,
                key,
                Trained.class,
                progress -> new TrainStep(registry(), workshop.clock())
                        .train(
                                new TrainStep.Assignment(
                                        run,
                                        file.name(),
                                        chosen,
                                        pipeline.plan().features(),
                                        featured,
                                        selection,
                                        file.train().seed()),
                                rows.split(Split.TRAIN),
                                rows.split(Split.VALIDATION),
                                progress),
                done -> selection.name() + " "
                        + done.selectionScore().map(Text::score).orElse("undefined") + " on validation");
    }

    private Evaluated evaluate(
            List<Ingested> datasets,
            Featured featured,
            TrainingRows rows,
            List<Trained> trained,
            MetricSpec selection) {
        int best = best(trained, selection);
        Trained chosen = trained.get(best);
        String key = StepKeys.of(
                "evaluate-1",
                chosen.onnx(),
                featured.file(),
                selection.name(),
                best,
                file.train().seed(),
                file.description(),
                file.label().text());
        Evaluated evaluated = steps.step(
                "evaluate",
                key,
                Evaluated.class,
                progress -> {
                    try (ModelRuntime runtime = open(chosen)) {
                        return new EvaluateStep(registry())
                                .evaluate(
                                        new EvaluateStep.Subject(
                                                pipeline, run.id(), datasets, featured, chosen, best, selection),
                                        runtime,
                                        new EvaluateStep.Splits(
                                                rows.split(Split.TRAIN),
                                                rows.split(Split.VALIDATION),
                                                rows.split(Split.TEST)),
                                        progress);
                    }
                },
                done -> chosen.learner() + ": " + selection.name() + " "
                        + Optional.ofNullable(done.test().get(selection.name()))
                                .flatMap(StepOutputs.Score::value)
                                .map(Text::score)
                                .orElse("undefined")
                        + " on test");
        registry().runs().addArtifact(run.id(), "report.html", evaluated.report(), "text/html");
        registry().runs().addArtifact(run.id(), "model-card.md", evaluated.card(), "text/markdown");
        new RunLog(registry(), workshop.clock()).log(run.id(), chosen, evaluated);
        summary.evaluated(evaluated, selection.name());
        return evaluated;
    }

    private static int best(List<Trained> trained, MetricSpec selection) {
        int best = 0;
        for (int i = 1; i < trained.size(); i++) {
            double before = trained.get(best).selectionScore().orElse(Double.NaN);
            double after = trained.get(i).selectionScore().orElse(Double.NaN);
            if (selection.gain(before, after) > 0 || (Double.isNaN(before) && !Double.isNaN(after))) {
                best = i;
            }
        }
        return best;
    }

    private OnnxModelRuntime open(Trained trained) {
        return OnnxModelRuntime.open(bytes(trained.onnx()), trained.signature(), RuntimeOptions.DEFAULT);
    }

    private byte[] bytes(Artifact artifact) {
        try (InputStream stream = registry().artifacts().open(artifact)) {
            return stream.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException("artifact " + artifact.sha256() + " could not be read", failed);
        }
    }

    private ModelVersion register(Trained chosen, Evaluated evaluated, Featured featured) {
        String key = StepKeys.of(
                "register-1",
                file.name(),
                chosen.onnx(),
                evaluated.profile(),
                file.features().sql().text());
        Registered registered = steps.step(
                "register",
                key,
                Registered.class,
                known ->
                        registry().models().find(known.model(), known.version()).isPresent(),
                progress -> {
                    // After a crash between the registration and the end of this step, the version is there already; a
                    // version that the run made before its data changed is another one.
                    Map<String, Artifact> artifacts = artifacts(chosen, evaluated);
                    ModelVersion version = registry().models().madeBy(run.id()).stream()
                            .filter(made -> made.artifacts().equals(artifacts))
                            .findFirst()
                            .orElseGet(
                                    () -> registry().models().createVersion(newVersion(chosen, evaluated, featured)));
                    return new Registered(
                            version.model(),
                            version.version(),
                            version.semanticVersion().toString());
                },
                done -> done.model() + " version " + done.version() + " (" + done.semanticVersion() + ")");
        summary.model(registered, chosen.learner());
        return registry().models().load(registered.model(), registered.version());
    }

    private NewModelVersion newVersion(Trained chosen, Evaluated evaluated, Featured featured) {
        return new NewModelVersion(
                file.name(),
                run.id(),
                chosen.signature(),
                artifacts(chosen, evaluated),
                Map.of("learner", chosen.learner(), ModelTags.TRAINING_SET, featured.file()));
    }

    private static Map<String, Artifact> artifacts(Trained chosen, Evaluated evaluated) {
        return Map.of(
                Deployments.GRAPH,
                chosen.onnx(),
                "parity.json",
                chosen.parity(),
                "profile.json",
                evaluated.profile(),
                "report.html",
                evaluated.report(),
                "model-card.md",
                evaluated.card());
    }

    private void parity(ModelVersion version, Trained chosen) {
        String key = StepKeys.of("parity-1", version.id(), chosen.onnx(), chosen.parity());
        Replayed replayed = steps.step(
                "parity",
                key,
                Replayed.class,
                progress -> {
                    ParitySet rows = ParitySet.fromJson(bytes(chosen.parity()));
                    try (ModelRuntime runtime = workshop.deployments().open(version)) {
                        return replayed(version, Parity.replay(runtime, rows));
                    }
                },
                done -> Text.count(done.rows(), "row") + " replayed, largest difference " + done.largestDifference());
        summary.parity(replayed);
    }

    private Replayed replayed(ModelVersion version, ParityReport report) {
        if (!report.passed()) {
            String reason = "parity: " + report.mismatchCount() + " of the replayed values differ from the trainer's: "
                    + report.mismatches().stream().map(Object::toString).collect(Collectors.joining("; "));
            registry().models().refuse(version.model(), version.version(), reason);
            throw new MillwrightException(PipelineError.GATE_REFUSED, reason);
        }
        return new Replayed(report.rows(), report.largestDifference());
    }

    private void gate(ModelVersion version, Evaluated evaluated, TrainingRows rows) {
        Optional<ModelVersion> champion = registry()
                .models()
                .findByAlias(version.model(), Deployments.CHAMPION)
                .filter(known -> known.version() != version.version());
        String key = StepKeys.of(
                "gate-1",
                version.id(),
                champion.map(ModelVersion::id),
                file.gates().stream().map(gate -> gate.text().text()).toList(),
                evaluated.test());
        Gated gated = steps.step(
                "gate",
                key,
                Gated.class,
                progress -> judge(version, evaluated, rows, champion),
                done -> done.gates().isEmpty()
                        ? "none"
                        : done.gates().stream()
                                        .filter(StepOutputs.GateVerdict::passed)
                                        .count() + " of " + done.gates().size() + " passed");
        summary.gates(gated.gates());
        if (!gated.passed()) {
            String reason = gated.gates().stream()
                    .filter(verdict -> !verdict.passed())
                    .map(verdict -> "gate '" + verdict.gate() + "': " + verdict.reason())
                    .collect(Collectors.joining("; "));
            registry().models().refuse(version.model(), version.version(), reason);
            throw new MillwrightException(
                    PipelineError.GATE_REFUSED, "version " + version.version() + " is not deployed: " + reason);
        }
    }

    private Gated judge(ModelVersion version, Evaluated evaluated, TrainingRows rows, Optional<ModelVersion> champion) {
        if (file.gates().isEmpty()) {
            return new Gated(List.of());
        }
        List<ModelRuntime> opened = new ArrayList<>();
        try (ModelRuntime challenger = workshop.deployments().open(version)) {
            Optional<GateStep.Champion> known = champion.map(it -> {
                ModelRuntime runtime = workshop.deployments().open(it);
                opened.add(runtime);
                return new GateStep.Champion(it.version(), runtime, trainedOn(it), championsView(it, rows));
            });
            return new Gated(GateStep.judge(file.gates(), evaluated.test(), rows.split(Split.TEST), challenger, known));
        } finally {
            opened.forEach(ModelRuntime::close);
        }
    }

    private Optional<Set<Long>> trainedOn(ModelVersion champion) {
        return Optional.ofNullable(champion.tags().get(ModelTags.TRAINING_SET))
                .map(name -> workshop.layout().trainingSets().resolve(name))
                .filter(Files::isRegularFile)
                .map(path -> rowIds(champion, path));
    }

    private Set<Long> rowIds(ModelVersion champion, Path trainingSet) {
        Set<Long> ids = new HashSet<>();
        for (Split split : List.of(Split.TRAIN, Split.VALIDATION)) {
            LabelledFrame rows = TrainingSet.read(
                    workshop.duck(),
                    trainingSet,
                    List.of(),
                    champion.signature().task(),
                    champion.signature().classes(),
                    split);
            for (long id : rows.rowIds()) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** The test rows as the champion's own view computes them; empty when it can't be computed on this run's data. */
    private Optional<Frame> championsView(ModelVersion champion, TrainingRows rows) {
        PipelineFile its = new Origins(registry()).file(champion);
        LabelledFrame test = rows.split(Split.TEST);
        if (its.features().sql().text().equals(file.features().sql().text())
                && its.features().zone().equals(file.features().zone())) {
            return Optional.of(test.frame());
        }
        try {
            FeaturePlan view = FeaturePlanner.plan(PipelineCheck.query(its), pipeline.schemas());
            String sql = "SELECT v.* FROM (" + view.duckDbSql(this::table) + ") v JOIN read_parquet('"
                    + workshop.layout()
                            .trainingSets()
                            .resolve(rows.featured.file())
                            .toString()
                            .replace("'", "''")
                    + "', file_row_number = true) t ON v._row_id = t._row_id WHERE t._split = 'test' ORDER BY t.file_row_number";
            Frame frame = TrainingSet.readRows(
                    workshop.duck(), sql, champion.signature().inputs());
            return frame.rows() == test.rows() ? Optional.of(frame) : Optional.empty();
        } catch (InvalidInputException unplannable) {
            return Optional.empty();
        }
    }

    private void deploy(PipelineFile.Deploy deploy, ModelVersion version) {
        Deployed deployed = steps.step(
                "deploy",
                StepKeys.of("deploy-1", run.id(), version.id()),
                Deployed.class,
                progress -> workshop.deployments().deploy(deploy.endpoint(), version, deploy.rollout()),
                done -> done.endpoint() + ": " + done.reason());
        summary.deployed(deployed);
    }
}
