package dev.millwright.pipelines;

import dev.millwright.core.ModelSignature;
import dev.millwright.core.Task;
import dev.millwright.data.Split;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.evaluation.Metrics;
import dev.millwright.learn.Learners;
import dev.millwright.pipelines.CheckedPipeline.ChosenLearner;
import dev.millwright.pipelines.StepOutputs.Evaluated;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.pipelines.StepOutputs.Ingested;
import dev.millwright.pipelines.StepOutputs.Registered;
import dev.millwright.pipelines.StepOutputs.Selected;
import dev.millwright.pipelines.StepOutputs.Trained;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.ModelVersionStatus;
import dev.millwright.registry.NewModelVersion;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.OnnxModelRuntime;
import dev.millwright.serving.RuntimeOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes a checked pipeline from its sources to its endpoint, step by step: ingest, features, select, train, evaluate, register,
 * parity, gate, deploy. One instance does one run, on one thread.
 */
final class PipelineRunner {
    private static final int STEPS_BESIDE_DATA_AND_LEARNERS = 6;

    /** The step that chooses among features. */
    static final String SELECT = "select";

    /** The step that registers the model version. */
    static final String REGISTER = "register";

    private final Workshop workshop;
    private CheckedPipeline pipeline;
    private final PipelineFile file;
    private final Run run;
    private final RunListener listener;
    private final StepRunner steps;
    private final SummaryBuilder summary;
    private final RunContext context;

    PipelineRunner(Workshop workshop, CheckedPipeline pipeline, Run run, RunListener listener) {
        this.workshop = workshop;
        this.pipeline = pipeline;
        this.file = pipeline.file();
        this.run = run;
        this.listener = listener;
        int count = pipeline.sources().size()
                + Math.max(1, pipeline.learners().size())
                + STEPS_BESIDE_DATA_AND_LEARNERS
                + (file.chooses() ? 1 : 0)
                - (file.deploy().isPresent() ? 0 : 1);
        this.steps = new StepRunner(workshop.registry(), run.id(), count, listener);
        this.summary = new SummaryBuilder(file.name(), run.id(), pipeline.warnings());
        this.context = new RunContext(workshop, pipeline, run, steps, summary);
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
        DataSteps data = new DataSteps(context);
        Map<String, Ingested> tables = tables(data);
        Featured featured = data.features(tables);
        Optional<Selected> selected = selection().map(how -> select(how, featured));
        selected.ifPresent(choice -> pipeline = pipeline.keeping(choice.kept()));
        TrainingRows rows = new TrainingRows(workshop, pipeline.plan().features(), featured);
        MetricSpec selection = selection(featured.task());
        List<Trained> trained = file.train()
                .command()
                .map(command -> List.of(train(command, featured, rows, selection)))
                .orElseGet(() -> pipeline.learners().stream()
                        .map(chosen -> train(chosen, featured, rows, selection))
                        .toList());
        Evaluated evaluated = evaluate(List.copyOf(tables.values()), featured, selected, rows, trained, selection);
        Trained chosen = trained.get(evaluated.chosen());
        ModelVersion version = register(chosen, evaluated, featured);
        PromotionSteps promotion = new PromotionSteps(context);
        promotion.parity(version, chosen);
        promotion.gate(version, evaluated, rows);
        file.deploy().ifPresent(deploy -> promotion.deploy(deploy, version));
    }

    /** What the run reads, in the order in which it does. */
    private Map<String, Ingested> tables(DataSteps data) {
        Map<String, Ingested> tables = new LinkedHashMap<>();
        for (String table : ReadingOrder.of(file).tables()) {
            RecordedDataset version = pipeline.versions().get(table);
            tables.put(
                    table,
                    version == null
                            ? data.ingest(
                                    Objects.requireNonNull(pipeline.sources().get(table)))
                            : data.use(table, version));
        }
        return tables;
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
                done -> validated(done, selection));
    }

    /** How to choose; where the file doesn't say, only features from related tables are chosen among. */
    private Optional<PipelineFile.Selection> selection() {
        return file.train()
                .selection()
                .or(() -> pipeline.related()
                        .map(related -> new PipelineFile.Selection(
                                file.features().position(),
                                List.of(
                                        PipelineFile.Selection.Method.CORRELATION,
                                        PipelineFile.Selection.Method.IMPORTANCE),
                                PipelineFile.Selection.CORRELATION,
                                pipeline.plan().features().stream()
                                        .map(ModelSignature.Input::name)
                                        .filter(name -> !related.names().contains(name))
                                        .map(name -> new PipelineFile.Located(
                                                name, file.features().position()))
                                        .toList(),
                                PipelineFile.Selection.ROWS)));
    }

    /** Chooses among the view's features, on the training set as it was written. */
    private Selected select(PipelineFile.Selection how, Featured featured) {
        List<ModelSignature.Input> inputs = pipeline.plan().features();
        ChosenLearner judge = pipeline.learners().stream()
                .filter(chosen -> chosen.learner().tasks().contains(featured.task()))
                .findFirst()
                .orElseGet(() -> new ChosenLearner(Learners.find("xgboost").orElseThrow(), Map.of()));
        SelectStep.Assignment assignment = new SelectStep.Assignment(
                inputs, featured.task(), how, judge, file.train().seed());
        String key = StepKeys.of(
                "select-1",
                featured.file(),
                inputs,
                how.by(),
                how.correlation(),
                how.keep().stream().map(PipelineFile.Located::text).toList(),
                how.rows(),
                judge.learner().name(),
                judge.parameters(),
                file.train().seed());
        Selected selected = steps.step(
                SELECT,
                key,
                Selected.class,
                progress -> {
                    TrainingRows rows = new TrainingRows(workshop, inputs, featured);
                    Selected choice = SelectStep.select(
                            assignment,
                            rows.sample(Split.TRAIN, how.rows()),
                            rows.sample(Split.VALIDATION, assignment.judges() ? how.rows() : 1),
                            progress);
                    return pipeline.related()
                            .map(related -> choice.withSql(related.sql(choice.kept())))
                            .orElse(choice);
                },
                done -> done.kept().size() + " of " + Text.count(done.features().size(), "feature") + " kept, by "
                        + Text.count(done.trainRows(), "row")
                        + (done.validationRows() > 0
                                ? " and " + Text.number(done.validationRows()) + " to validate"
                                : ""));
        summary.selected(selected);
        return selected;
    }

    private static String validated(Trained done, MetricSpec selection) {
        return selection.name() + " " + done.selectionScore().map(Text::score).orElse("undefined") + " on validation";
    }

    private Trained train(PipelineFile.Command command, Featured featured, TrainingRows rows, MetricSpec selection) {
        String step = "train " + CommandStep.NAME;
        String key = StepKeys.of(
                "train-command-1",
                command.line().text(),
                new CommandFiles(command, pipeline.folder()).hashes(),
                command.environment(),
                featured.file(),
                pipeline.plan().features(),
                selection.name(),
                file.train().seed());
        return steps.step(
                step,
                key,
                Trained.class,
                progress -> new CommandStep(workshop, listener)
                        .train(
                                new CommandStep.Assignment(step, run, pipeline, command, featured, selection),
                                rows,
                                progress),
                done -> validated(done, selection));
    }

    private Evaluated evaluate(
            List<Ingested> datasets,
            Featured featured,
            Optional<Selected> selected,
            TrainingRows rows,
            List<Trained> trained,
            MetricSpec selection) {
        int best = best(trained, selection);
        Trained chosen = trained.get(best);
        List<Object> inputs = new ArrayList<>(List.of(
                chosen.onnx(),
                featured.file(),
                selection.name(),
                best,
                file.train().seed(),
                file.description(),
                file.label().text()));
        selected.ifPresent(inputs::add);
        String key = StepKeys.of("evaluate-1", inputs.toArray());
        Evaluated evaluated = steps.step(
                "evaluate",
                key,
                Evaluated.class,
                progress -> {
                    try (ModelRuntime runtime = open(chosen)) {
                        return new EvaluateStep(registry())
                                .evaluate(
                                        new EvaluateStep.Subject(
                                                pipeline, run.id(), datasets, featured, selected, chosen, best,
                                                selection),
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
        registry().runs().setTag(run.id(), RunLog.SELECTION_METRIC, selection.name());
        summary.evaluated(evaluated, selection.name());
        Suspicion.of(featured.task(), evaluated.test()).ifPresent(summary::warning);
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
        return ServedGraph.open(context.bytes(trained.onnx()), trained.signature(), RuntimeOptions.Trial.MISSING_ROW);
    }

    private ModelVersion register(Trained chosen, Evaluated evaluated, Featured featured) {
        String key = StepKeys.of(
                "register-2",
                file.name(),
                chosen.onnx(),
                evaluated.profile(),
                file.features().definition());
        Registered registered = steps.step(
                REGISTER,
                key,
                Registered.class,
                known -> registry()
                        .models()
                        .find(known.model(), known.version())
                        .filter(version -> version.status() != ModelVersionStatus.DELETED)
                        .isPresent(),
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

    private Map<String, Artifact> artifacts(Trained chosen, Evaluated evaluated) {
        String description = MlModelFile.text(
                chosen.signature(), ModelVersion.GRAPH, chosen.onnx().sha256());
        return Map.of(
                ModelVersion.GRAPH,
                chosen.onnx(),
                MlModelFile.NAME,
                registry().artifacts().put(description.getBytes(StandardCharsets.UTF_8)),
                "parity.json",
                chosen.parity(),
                GraphReference.PROFILE,
                evaluated.profile(),
                "report.html",
                evaluated.report(),
                "model-card.md",
                evaluated.card());
    }
}
