package dev.millwright.pipelines;

import dev.millwright.core.ColumnType;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What each step of a run leaves behind: small records, stored as JSON; files are named by the hash of their content. */
public final class StepOutputs {
    private StepOutputs() {}

    /** A dataset version that this run reads. */
    public record Ingested(String dataset, long snapshot, long rowsRead, long rows, long quarantined, String fingerprint) {}

    /**
     * A training set.
     *
     * @param path under the home
     * @param unlabelled rows left out because they have no label
     */
    public record Featured(
            String path,
            Task task,
            List<String> classes,
            ColumnType labelType,
            long train,
            long validation,
            long test,
            long unlabelled,
            Map<String, Long> labelCounts) {}

    /** A trained model, not yet chosen. */
    public record Trained(
            String learner,
            String trialRun,
            String onnx,
            ModelSignature signature,
            Map<String, Object> parameters,
            double selectionScore,
            List<Point> curve) {}

    /** One point of a training curve. */
    public record Point(int step, String metric, double train, double validation) {}

    /** A metric with its 95 % interval; NaN is stored as null. */
    public record Score(@Nullable Double value, @Nullable Double low, @Nullable Double high) {}

    /** The chosen model and how good it is. */
    public record Evaluated(
            int chosen,
            Map<String, Score> validation,
            Map<String, Score> test,
            String report,
            String card,
            String parity,
            String profile) {}

    /** The model version that this run stands behind. */
    public record Registered(String model, int version, String semanticVersion, boolean created) {}

    /** Stored rows replayed through the serving path. */
    public record Replayed(int rows, double largestDifference) {}

    /** What the gates said. */
    public record Gated(List<GateVerdict> gates) {}

    /** One gate's verdict. */
    public record GateVerdict(String gate, boolean passed, String reason, Optional<Double> value) {}

    /** What became of the endpoint. */
    public record Deployed(String endpoint, int version, String status) {}
}
