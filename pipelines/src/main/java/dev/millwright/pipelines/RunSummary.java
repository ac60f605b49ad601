package dev.millwright.pipelines;

import dev.millwright.core.ErrorKind;
import dev.millwright.pipelines.StepOutputs.Deployed;
import dev.millwright.pipelines.StepOutputs.GateVerdict;
import dev.millwright.pipelines.StepOutputs.Replayed;
import dev.millwright.pipelines.StepOutputs.Selected;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run came to: the document that {@code run --json} prints.
 *
 * @param status how the run ended: finished, refused by the data or a gate, failed, or interrupted, to be resumed
 * @param selection which features are used, when the file says how to choose
 * @param selectionMetric by which the learner was chosen, on the validation rows
 * @param seconds by step, 0 where an earlier result was taken
 * @param reused the steps whose earlier result was taken
 * @param error what stopped the run, if anything did
 * @param errorKind who can do something about the error
 */
public record RunSummary(
        String pipeline,
        String run,
        String status,
        List<Dataset> datasets,
        Optional<Rows> rows,
        Optional<Selected> selection,
        Optional<Model> model,
        Optional<String> selectionMetric,
        Optional<BySplit<Map<String, Optional<Double>>>> metrics,
        Optional<BySplit<Map<String, List<Optional<Double>>>>> intervals,
        Optional<Replayed> parity,
        List<GateVerdict> gates,
        Optional<String> endpoint,
        Optional<Deployed> deployment,
        Map<String, Double> seconds,
        List<String> reused,
        List<String> warnings,
        Optional<String> error,
        Optional<ErrorKind> errorKind) {

    /** A dataset version that the run read. */
    public record Dataset(String name, int version, long rowsRead, long rows, long quarantined) {}

    /** Rows by split; {@code unlabelled} were left out. */
    public record Rows(long train, long validation, long test, long unlabelled) {}

    /** The model version that the run made, or found that it had made before. */
    public record Model(String name, int version, String semanticVersion, String learner) {}

    /** Something on the validation rows and on the test rows. */
    public record BySplit<T>(T validation, T test) {}

    /** The summary as one JSON document. */
    public String toJson() {
        return StepJson.write(this);
    }

    /** What {@link #toJson} wrote. */
    public static RunSummary fromJson(String json) {
        return StepJson.read(json, RunSummary.class);
    }
}
