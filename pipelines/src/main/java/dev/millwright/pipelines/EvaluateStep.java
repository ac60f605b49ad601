package dev.millwright.pipelines;

import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Progress;
import dev.millwright.data.LabelledFrame;
import dev.millwright.evaluation.CardInput;
import dev.millwright.evaluation.Evaluation;
import dev.millwright.evaluation.EvaluationReport;
import dev.millwright.evaluation.Evaluator;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.evaluation.ModelCard;
import dev.millwright.evaluation.ModelFacts;
import dev.millwright.evaluation.PermutationImportance;
import dev.millwright.evaluation.ReportInput;
import dev.millwright.evaluation.ReportInput.ImportanceStudy;
import dev.millwright.monitoring.Profiler;
import dev.millwright.pipelines.StepOutputs.Evaluated;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.pipelines.StepOutputs.Ingested;
import dev.millwright.pipelines.StepOutputs.Point;
import dev.millwright.pipelines.StepOutputs.Selected;
import dev.millwright.pipelines.StepOutputs.Trained;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.Registry;
import dev.millwright.serving.ModelRuntime;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Scores the chosen model, through the runtime that will serve it, and writes its report, card and reference profile. */
final class EvaluateStep {
    private static final int IMPORTANCE_ROWS = 5_000;
    private static final int IMPORTANCE_REPEATS = 3;

    private final Registry registry;

    EvaluateStep(Registry registry) {
        this.registry = registry;
    }

    /** What is evaluated, and how it came to be. */
    record Subject(
            CheckedPipeline pipeline,
            String runId,
            List<Ingested> datasets,
            Featured featured,
            Optional<Selected> selected,
            Trained trained,
            int chosen,
            MetricSpec selection) {}

    /** The rows of each split. */
    record Splits(LabelledFrame train, LabelledFrame validation, LabelledFrame test) {}

    Evaluated evaluate(Subject subject, ModelRuntime runtime, Splits splits, Progress progress) {
        long seed = subject.pipeline().file().train().seed();
        progress.report("splits", 0, 2);
        Optional<Evaluation> validation = score(runtime, splits.validation(), seed);
        progress.report("splits", 1, 2);
        Optional<Evaluation> test = score(runtime, splits.test(), seed);
        progress.report("splits", 2, 2);
        ImportanceStudy importance = importance(subject, runtime, splits.validation(), seed, progress);
        ReportInput report = new ReportInput(
                facts(subject, splits),
                validation,
                test,
                threshold(subject.trained().signature()),
                Optional.of(importance),
                List.of());
        CardInput card = new CardInput(report, statements(subject), reproduce(subject));
        return new Evaluated(
                subject.chosen(),
                validation.map(Evaluation::metrics).map(Scores::of).orElse(Map.of()),
                test.map(Evaluation::metrics).map(Scores::of).orElse(Map.of()),
                store(EvaluationReport.html(report)),
                store(ModelCard.markdown(card)),
                registry.artifacts().put(profile(runtime, splits.train())));
    }

    private Artifact store(String text) {
        return registry.artifacts().put(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Evaluation> score(ModelRuntime runtime, LabelledFrame rows, long seed) {
        if (rows.frame().rows() == 0) {
            return Optional.empty();
        }
        return Optional.of(Evaluator.evaluate(
                rows.labels(),
                runtime.predict(rows.frame()),
                Evaluator.defaultResamples(rows.frame().rows()),
                seed));
    }

    private static byte[] profile(ModelRuntime runtime, LabelledFrame train) {
        return Profiler.of(train.frame(), runtime.predict(train.frame())).toJson();
    }

    private static ImportanceStudy importance(
            Subject subject, ModelRuntime runtime, LabelledFrame rows, long seed, Progress progress) {
        int count = Math.min(IMPORTANCE_ROWS, rows.frame().rows());
        int[] sample = new int[count];
        for (int i = 0; i < count; i++) {
            sample[i] = (int) ((long) i * rows.frame().rows() / count);
        }
        return new ImportanceStudy(
                subject.selection().name(),
                count,
                IMPORTANCE_REPEATS,
                PermutationImportance.compute(
                        runtime::predict,
                        rows.frame().select(sample),
                        rows.labels().select(sample),
                        subject.selection(),
                        IMPORTANCE_REPEATS,
                        seed,
                        progress));
    }

    private static Optional<Double> threshold(ModelSignature signature) {
        return signature.classes().size() == 2 ? Optional.of(signature.threshold()) : Optional.empty();
    }

    private static ModelFacts facts(Subject subject, Splits splits) {
        PipelineFile file = subject.pipeline().file();
        Trained trained = subject.trained();
        return new ModelFacts(
                file.name(),
                "of run " + subject.runId().substring(0, 12),
                subject.runId(),
                subject.featured().task(),
                file.label().text(),
                file.description(),
                training(trained),
                subject.datasets().stream()
                        .map(used -> new ModelFacts.DataUse(
                                used.dataset(),
                                Long.toString(used.snapshot()),
                                used.rowsRead(),
                                used.rows(),
                                used.quarantined()))
                        .toList(),
                List.of(
                        use("train", splits.train()),
                        use("validation", splits.validation()),
                        use("test", splits.test())),
                exclusions(subject.featured()),
                features(subject.pipeline()),
                subject.selected().stream()
                        .flatMap(selected -> selected.features().stream())
                        .map(fate -> new ModelFacts.Choice(fate.feature(), fate.kept(), fate.reason()))
                        .toList());
    }

    private static List<ModelFacts.Exclusion> exclusions(Featured rows) {
        return Stream.of(
                        new ModelFacts.Exclusion("no label", rows.unlabelled() - rows.pending()),
                        new ModelFacts.Exclusion("label not known yet", rows.pending()),
                        new ModelFacts.Exclusion("label known only when the test had begun", rows.purged()))
                .filter(exclusion -> exclusion.rows() > 0)
                .toList();
    }

    private static ModelFacts.Training training(Trained trained) {
        Map<String, String> parameters = new LinkedHashMap<>();
        trained.parameters().forEach((name, value) -> parameters.put(name, String.valueOf(value)));
        return new ModelFacts.Training(
                trained.learner(),
                parameters,
                Optional.ofNullable(parameters.get("calibration")),
                Optional.empty(),
                trained.curve().isEmpty() ? Optional.empty() : Optional.of(curve(trained)));
    }

    private static ModelFacts.TrainingCurve curve(Trained trained) {
        return new ModelFacts.TrainingCurve(
                trained.curve().getFirst().metric(),
                trained.learner().equals("xgboost") ? "trees" : "iterations",
                trained.curve().stream()
                        .map(point -> new ModelFacts.Measurement(
                                point.step(), number(point.train()), number(point.validation())))
                        .toList(),
                trained.curve().stream()
                        .filter(point -> point.validation().isPresent())
                        .min((a, b) -> Double.compare(number(a.validation()), number(b.validation())))
                        .map(Point::step));
    }

    private static double number(Optional<Double> value) {
        return value.orElse(Double.NaN);
    }

    private static ModelFacts.SplitUse use(String name, LabelledFrame rows) {
        Map<String, Long> counts = new LinkedHashMap<>();
        if (rows.labels() instanceof Labels.Classes classes) {
            classes.classes().forEach(each -> counts.put(each, 0L));
            for (int index : classes.indices()) {
                counts.merge(classes.classes().get(index), 1L, Long::sum);
            }
        }
        return new ModelFacts.SplitUse(name, rows.frame().rows(), counts, Optional.empty());
    }

    private static List<ModelFacts.FeatureUse> features(CheckedPipeline pipeline) {
        return pipeline.plan().features().stream()
                .map(input -> new ModelFacts.FeatureUse(
                        input.name(),
                        input.type().name().toLowerCase(Locale.ROOT),
                        sources(pipeline, input.name()),
                        Optional.empty()))
                .toList();
    }

    private static List<String> sources(CheckedPipeline pipeline, String feature) {
        return pipeline.plan().lineage().stream()
                .filter(lineage -> lineage.output().equals(feature))
                .flatMap(lineage -> lineage.origins().stream())
                .map(origin -> origin.dataset() + "." + origin.column())
                .distinct()
                .toList();
    }

    private static CardInput.Statements statements(Subject subject) {
        CardInput.Statements none = CardInput.Statements.none();
        return new CardInput.Statements(
                none.developer(),
                none.licence(),
                none.contact(),
                subject.pipeline().file().description(),
                none.outOfScope(),
                none.factors(),
                none.ethics(),
                List.of());
    }

    private static List<String> reproduce(Subject subject) {
        return List.of("millwright run " + subject.pipeline().file().file());
    }
}
