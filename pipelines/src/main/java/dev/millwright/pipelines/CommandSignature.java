package dev.millwright.pipelines;

import dev.millwright.data.Handover;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.pipelines.StepOutputs.Featured;
import java.util.List;
import java.util.Locale;

/** The JSON file that tells a command what to train, in one piece. */
final class CommandSignature {
    private CommandSignature() {}

    /** What the model takes. */
    private record Input(String name, String type) {}

    private record Document(
            String task,
            String label,
            List<String> classes,
            List<Input> inputs,
            String metric,
            String better,
            long seed) {}

    static String json(Handover rows, Featured featured, MetricSpec metric, long seed) {
        return StepJson.write(new Document(
                featured.task().label(),
                rows.label(),
                featured.classes(),
                rows.inputs().stream()
                        .map(input ->
                                new Input(input.name(), input.type().name().toLowerCase(Locale.ROOT)))
                        .toList(),
                metric.name(),
                metric.better().name().toLowerCase(Locale.ROOT),
                seed));
    }
}
