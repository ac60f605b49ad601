package dev.millwright.pipelines;

import dev.millwright.core.Task;
import dev.millwright.pipelines.StepOutputs.Score;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Says when a model is too good to be true, which is nearly always a feature that holds the label. */
final class Suspicion {
    private static final double SUSPICIOUS = 0.9995;

    private Suspicion() {}

    /** A sentence for the user, when the score on the test rows gives cause. */
    static Optional<String> of(Task task, Map<String, Score> test) {
        String metric = switch (task) {
            case BINARY -> "roc_auc";
            case MULTICLASS -> "roc_auc_ovr";
            case REGRESSION -> "r2";
        };
        return Optional.ofNullable(test.get(metric))
                .flatMap(Score::value)
                .filter(value -> value >= SUSPICIOUS)
                .map(value -> String.format(
                        Locale.ROOT,
                        "%s is %.4f on the test rows, which is hardly ever true. Is there a feature that is known only"
                                + " after the label, or made from it? The report shows what the model relies on.",
                        metric,
                        value));
    }
}
