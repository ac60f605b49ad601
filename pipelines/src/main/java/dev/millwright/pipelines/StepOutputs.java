package dev.millwright.pipelines;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Task;
import dev.millwright.registry.Artifact;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What each step of a run leaves behind: small records, stored as JSON; files are named by the hash of their content. */
public final class StepOutputs {
    private StepOutputs() {}

    /**
     * A dataset version that this run reads.
     *
     * @param warnings what was found when the source was looked at, so that it need not be looked at again
     */
    public record Ingested(
            String dataset,
            long snapshot,
            long rowsRead,
            long rows,
            long quarantined,
            String fingerprint,
            List<String> warnings) {
        /** The same version as it lies in the lake now: its files may have been written anew since. */
        Ingested heldBy(DatasetVersion version) {
            return new Ingested(
                    dataset,
                    version.snapshot(),
                    version.rowsRead(),
                    version.rows(),
                    version.quarantined(),
                    fingerprint,
                    warnings);
        }
    }

    /**
     * A training set.
     *
     * @param file its name under {@code HOME/training-sets}
     * @param unlabelled rows left out because they have no label
     * @param pending those of them whose label is not known yet
     * @param purged rows left out because their label was known only when the test had begun
     */
    public record Featured(
            String file,
            Task task,
            List<String> classes,
            long train,
            long validation,
            long test,
            long unlabelled,
            long pending,
            long purged) {}

    /**
     * Which features are used.
     *
     * @param features all that the view has, in its order
     * @param trainRows that were looked at
     * @param validationRows that were looked at; 0 where no method needs them
     * @param loss what the loss is on, when shuffling was a method
     * @param together how much the loss on the validation rows changes when those that shuffling found needless are shuffled together
     * @param sql the view with what is kept of features from related tables, where such were looked for
     */
    public record Selected(
            List<Fate> features,
            long trainRows,
            long validationRows,
            Optional<String> loss,
            Optional<Change> together,
            Optional<String> sql) {
        Selected withSql(String view) {
            return new Selected(features, trainRows, validationRows, loss, together, Optional.of(view));
        }

        /** The names of those that are used. */
        public List<String> kept() {
            return features.stream().filter(Fate::kept).map(Fate::feature).toList();
        }
    }

    /** What became of a feature, and why. */
    public record Fate(String feature, boolean kept, String reason) {}

    /** A difference and its 95 % interval. */
    public record Change(double mean, double low, double high) {}

    /**
     * A trained model, not yet chosen.
     *
     * @param selectionScore on the validation rows; empty when it is undefined there
     */
    public record Trained(
            String learner,
            String trialRun,
            Artifact onnx,
            Artifact parity,
            ModelSignature signature,
            Map<String, Object> parameters,
            Optional<Double> selectionScore,
            List<Point> curve) {}

    /** One point of a training curve. */
    public record Point(int step, String metric, Optional<Double> train, Optional<Double> validation) {}

    /** A metric with its 95 % interval; empty where it is undefined. */
    public record Score(Optional<Double> value, Optional<Double> low, Optional<Double> high) {}

    /**
     * The chosen model and how good it is.
     *
     * @param chosen position among the trained ones
     */
    public record Evaluated(
            int chosen,
            Map<String, Score> validation,
            Map<String, Score> test,
            Artifact report,
            Artifact card,
            Artifact profile) {}

    /** The model version that this run stands behind. */
    public record Registered(String model, int version, String semanticVersion) {}

    /** Stored rows replayed through the serving path. */
    public record Replayed(int rows, double largestDifference) {}

    /** What the gates said. */
    public record Gated(List<GateVerdict> gates) {
        public boolean passed() {
            return gates.stream().allMatch(GateVerdict::passed);
        }
    }

    /** One gate's verdict; {@code value} is the metric, or for a comparison how much better the new version is. */
    public record GateVerdict(String gate, boolean passed, Optional<Double> value, String reason) {}

    /** What became of the endpoint. */
    public record Deployed(String endpoint, int version, String status, String reason) {}
}
