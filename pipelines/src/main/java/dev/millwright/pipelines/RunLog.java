package dev.millwright.pipelines;

import dev.millwright.pipelines.StepOutputs.Evaluated;
import dev.millwright.pipelines.StepOutputs.Score;
import dev.millwright.pipelines.StepOutputs.Trained;
import dev.millwright.registry.Metric;
import dev.millwright.registry.Registry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes what the chosen model came to into the pipeline's own run, where runs are compared. */
public final class RunLog {
    /** The tag of a pipeline's run that names the metric by which its model was chosen. */
    public static final String SELECTION_METRIC = "millwright.selection_metric";

    private final Registry registry;
    private final InstantSource clock;

    RunLog(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    void log(String runId, Trained chosen, Evaluated evaluated) {
        Map<String, String> params = new TreeMap<>();
        params.put("learner", chosen.learner());
        chosen.parameters().forEach((name, value) -> params.put(name, String.valueOf(value)));
        registry.runs().logParams(runId, params);
        Instant now = clock.instant();
        List<Metric> metrics = new ArrayList<>();
        add(metrics, "validation_", evaluated.validation(), now);
        add(metrics, "test_", evaluated.test(), now);
        registry.runs().logMetrics(runId, metrics);
    }

    private static void add(List<Metric> metrics, String prefix, Map<String, Score> scores, Instant now) {
        scores.forEach((name, score) -> {
            score.value().ifPresent(value -> metrics.add(new Metric(prefix + name, value, now, 0)));
            score.low().ifPresent(value -> metrics.add(new Metric(prefix + name + "_low", value, now, 0)));
            score.high().ifPresent(value -> metrics.add(new Metric(prefix + name + "_high", value, now, 0)));
        });
    }
}
