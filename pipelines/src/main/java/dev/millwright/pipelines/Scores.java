package dev.millwright.pipelines;

import dev.millwright.evaluation.MetricValue;
import dev.millwright.pipelines.StepOutputs.Score;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Metrics as stored: NaN has no place in JSON, so what is undefined is empty. */
final class Scores {
    private Scores() {}

    static Map<String, Score> of(List<MetricValue> metrics) {
        Map<String, Score> scores = new LinkedHashMap<>();
        for (MetricValue metric : metrics) {
            scores.put(metric.name(), new Score(finite(metric.value()), finite(metric.low()), finite(metric.high())));
        }
        return scores;
    }

    static Map<String, Optional<Double>> values(Map<String, Score> scores) {
        return mapped(scores, Score::value);
    }

    static Map<String, List<Optional<Double>>> intervals(Map<String, Score> scores) {
        return mapped(scores, score -> List.of(score.low(), score.high()));
    }

    private static <T> Map<String, T> mapped(Map<String, Score> scores, Function<Score, T> mapping) {
        Map<String, T> mapped = new LinkedHashMap<>();
        scores.forEach((name, score) -> mapped.put(name, mapping.apply(score)));
        return mapped;
    }

    static Optional<Double> finite(double value) {
        return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
    }
}
