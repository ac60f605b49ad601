package dev.millwright.pipelines;

import dev.millwright.core.ModelSignature;
import dev.millwright.learn.ScoresOnly;
import dev.millwright.serving.OnnxModelRuntime;
import dev.millwright.serving.RuntimeOptions;
import dev.millwright.serving.RuntimeOptions.Labels;
import dev.millwright.serving.RuntimeOptions.Trial;
import java.util.Optional;

/** How graphs of feature models are opened wherever their answers count: replays go the way that requests will go. */
final class ServedGraph {
    private ServedGraph() {}

    /**
     * Opens a graph. In our own ones labels are found from the probabilities, which is quicker.
     *
     * @throws dev.millwright.core.MillwrightException {@link dev.millwright.serving.ServingError#MODEL_UNFIT}
     */
    static OnnxModelRuntime open(byte[] graph, ModelSignature signature, Trial trial) {
        RuntimeOptions options = RuntimeOptions.DEFAULT.with(trial);
        Optional<byte[]> scores = signature.task().isClassification() ? ScoresOnly.of(graph) : Optional.empty();
        return scores.isPresent()
                ? OnnxModelRuntime.open(scores.get(), signature, options.with(Labels.OF_PROBABILITIES))
                : OnnxModelRuntime.open(graph, signature, options);
    }
}
