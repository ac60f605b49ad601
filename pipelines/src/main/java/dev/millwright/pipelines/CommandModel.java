package dev.millwright.pipelines;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem;
import dev.millwright.data.LabelledFrame;
import dev.millwright.learn.ImportedModel;
import dev.millwright.pipelines.LoggedGraphs.LoggedGraph;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.serving.OnnxModelRuntime;
import dev.millwright.serving.ParitySet;
import dev.millwright.serving.RuntimeOptions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes what a command left for its run a model like those of our own learners. */
final class CommandModel {
    private static final int PARITY_ROWS = 400;
    private static final double SUM = 1e-3;

    private final LoggedGraphs graphs;

    CommandModel(Registry registry) {
        this.graphs = new LoggedGraphs(registry);
    }

    /**
     * A model that can be used.
     *
     * @param place where the graph was
     * @param validation what it says about the validation rows
     */
    record Usable(ImportedModel model, String place, ParitySet parity, Predictions validation) {}

    /**
     * Takes over the run's graph.
     *
     * @throws MillwrightException {@link PipelineError#COMMAND_FAILED} saying why it can't be used
     */
    Usable take(
            Run run,
            List<ModelSignature.Input> columns,
            Featured featured,
            LabelledFrame train,
            LabelledFrame validation) {
        LoggedGraph logged = graphs.require(run);
        ImportedModel model = imported(logged, new ImportedModel.Use(columns, featured.task(), featured.classes()));
        LabelledFrame rows = validation.rows() > 0 ? validation : train;
        try (OnnxModelRuntime runtime =
                ServedGraph.open(model.onnx(), model.signature(), RuntimeOptions.Trial.MISSING_ROW)) {
            requireSense(logged, runtime.predict(rows.frame()));
            Optional<LoggedGraphs.Content> given = graphs.findFile(run, GivenPredictions.FILE);
            ParitySet parity = given.map(
                            file -> GivenPredictions.read(file.read(), taken(validation.frame(), model), runtime))
                    .orElseGet(() -> {
                        Frame frame = sample(taken(rows.frame(), model));
                        return new ParitySet(frame, runtime.predict(frame));
                    });
            return new Usable(model, logged.place(), parity, runtime.predict(validation.frame()));
        } catch (MillwrightException unfit) {
            throw unfit.code() == PipelineError.COMMAND_FAILED ? unfit : unusable(logged, unfit.getMessage(), unfit);
        }
    }

    private ImportedModel imported(LoggedGraph logged, ImportedModel.Use use) {
        try {
            return ImportedModel.of(
                    logged.graph().read(),
                    name -> Optional.ofNullable(logged.files().get(name)).map(LoggedGraphs.Content::read),
                    use);
        } catch (InvalidInputException unfit) {
            throw unusable(
                    logged,
                    unfit.problems().stream().map(Problem::message).collect(Collectors.joining(System.lineSeparator())),
                    unfit);
        }
    }

    private static MillwrightException unusable(LoggedGraph logged, @Nullable String why, Exception cause) {
        return new MillwrightException(
                PipelineError.COMMAND_FAILED, "train.run: " + logged.place() + " can't be used: " + why, cause);
    }

    private static Frame taken(Frame rows, ImportedModel model) {
        return new Frame(
                rows.rows(),
                model.signature().inputNames().stream().map(rows::column).toList());
    }

    /** Rows spread evenly. */
    private static Frame sample(Frame rows) {
        int count = Math.min(PARITY_ROWS, rows.rows());
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = (int) ((long) i * rows.rows() / count);
        }
        return rows.select(indices);
    }

    private static void requireSense(LoggedGraph logged, Predictions predictions) {
        switch (predictions) {
            case Predictions.Values values -> requireFinite(logged, values.values(), 1);
            case Predictions.Classes classes -> {
                int width = classes.classes().size();
                requireFinite(logged, classes.probabilities(), width);
                for (int row = 0; row < classes.rows(); row++) {
                    requireDistribution(logged, classes, row);
                }
            }
        }
    }

    private static void requireFinite(LoggedGraph logged, float[] values, int width) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new MillwrightException(
                        PipelineError.COMMAND_FAILED,
                        "train.run: " + logged.place() + " gives " + values[i] + " for row " + i / width
                                + " of the validation file (expected: a number). Missing numbers come as NaN: impute them"
                                + " within the graph.");
            }
        }
    }

    private static void requireDistribution(LoggedGraph logged, Predictions.Classes classes, int row) {
        double sum = 0;
        boolean within = true;
        for (int k = 0; k < classes.classes().size(); k++) {
            double p = classes.probability(row, k);
            within &= p >= -SUM && p <= 1 + SUM;
            sum += p;
        }
        if (!within || Math.abs(sum - 1) > SUM) {
            throw new MillwrightException(
                    PipelineError.COMMAND_FAILED,
                    String.format(
                            Locale.ROOT,
                            "train.run: %s gives scores that are no probabilities: those of row %d of the validation file sum"
                                    + " up to %.4f (expected: 1, each from 0 to 1). End the graph with a softmax or sigmoid.",
                            logged.place(),
                            row,
                            sum));
        }
    }
}
