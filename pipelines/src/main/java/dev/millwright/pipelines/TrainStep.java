package dev.millwright.pipelines;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import dev.millwright.data.LabelledFrame;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.learn.CurvePoint;
import dev.millwright.learn.TrainedModel;
import dev.millwright.learn.TrainingData;
import dev.millwright.pipelines.CheckedPipeline.ChosenLearner;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.pipelines.StepOutputs.Point;
import dev.millwright.pipelines.StepOutputs.Trained;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.Metric;
import dev.millwright.registry.NewRun;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import dev.millwright.serving.ParitySet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Trains one learner and stores all that later steps need of the trainer: the graph, and rows with the trainer's own
 * predictions, by which the serving path is held to it.
 */
final class TrainStep {
    private static final int PARITY_ROWS = 400;

    private final Registry registry;
    private final InstantSource clock;

    TrainStep(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** What a trial belongs to and works on. */
    record Assignment(
            Run parent,
            String pipeline,
            ChosenLearner chosen,
            List<ModelSignature.Input> inputs,
            Featured featured,
            MetricSpec selection,
            long seed) {}

    Trained train(Assignment assignment, LabelledFrame train, LabelledFrame validation, Progress progress) {
        String learner = assignment.chosen().learner().name();
        Run trial = registry.runs()
                .create(NewRun.of(assignment.parent().experimentId(), learner, RunKind.TRIAL)
                        .ofPipeline(assignment.pipeline())
                        .under(assignment.parent().id()));
        try {
            Trained trained = train(assignment, trial, train, validation, progress);
            registry.runs().finish(trial.id(), RunStatus.FINISHED, Optional.empty());
            return trained;
        } catch (RuntimeException | Error failed) {
            registry.runs().finish(trial.id(), RunStatus.FAILED, Optional.of(String.valueOf(failed.getMessage())));
            throw failed;
        }
    }

    private Trained train(
            Assignment assignment, Run trial, LabelledFrame train, LabelledFrame validation, Progress progress) {
        TrainingData data = new TrainingData(
                assignment.inputs(),
                assignment.featured().task(),
                train.frame(),
                train.labels(),
                validation.frame(),
                validation.labels());
        ChosenLearner chosen = assignment.chosen();
        TrainedModel model = chosen.learner().fit(data, chosen.parameters(), assignment.seed(), progress);
        double score = assignment.selection().compute(validation.labels(), model.predict(validation.frame()));
        log(trial, model, assignment.selection(), score);
        Artifact onnx = registry.artifacts().put(model.onnx());
        Artifact parity = registry.artifacts()
                .put(parityRows(model, validation.frame(), train.frame()).toJson());
        registry.runs().addArtifact(trial.id(), "model/model.onnx", onnx, "application/octet-stream");
        registry.runs().addArtifact(trial.id(), "model/parity.json", parity, "application/json");
        return new Trained(
                chosen.learner().name(),
                trial.id(),
                onnx,
                parity,
                model.signature(),
                new TreeMap<>(model.parameters()),
                Double.isNaN(score) ? Optional.empty() : Optional.of(score),
                model.curve().stream().map(TrainStep::point).toList());
    }

    /** Rows spread evenly over the validation rows, or over the training rows where there are none to validate on. */
    private static ParitySet parityRows(TrainedModel model, Frame validation, Frame train) {
        Frame from = validation.rows() > 0 ? validation : train;
        int count = Math.min(PARITY_ROWS, from.rows());
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = (int) ((long) i * from.rows() / count);
        }
        Frame sample = from.select(rows);
        Predictions expected = model.predict(sample);
        return new ParitySet(sample, expected);
    }

    private void log(Run trial, TrainedModel model, MetricSpec selection, double score) {
        Map<String, String> params = new TreeMap<>();
        model.parameters().forEach((name, value) -> params.put(name, String.valueOf(value)));
        registry.runs().logParams(trial.id(), params);
        Instant now = clock.instant();
        List<Metric> metrics = new ArrayList<>();
        model.curve().stream().flatMap(point -> metrics(point, now)).forEach(metrics::add);
        if (!Double.isNaN(score)) {
            metrics.add(new Metric("validation_" + selection.name(), score, now, 0));
        }
        registry.runs().logMetrics(trial.id(), metrics);
    }

    private static Stream<Metric> metrics(CurvePoint point, Instant now) {
        return Stream.of(
                        new Metric("train_" + point.metric(), point.train(), now, point.step()),
                        new Metric("validation_" + point.metric(), point.validation(), now, point.step()))
                .filter(metric -> Double.isFinite(metric.value()));
    }

    private static Point point(CurvePoint point) {
        return new Point(point.step(), point.metric(), Scores.finite(point.train()), Scores.finite(point.validation()));
    }
}
