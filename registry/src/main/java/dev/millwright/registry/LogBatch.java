package dev.millwright.registry;

import java.util.List;
import java.util.Map;

/** What a client logs at once: all of it is kept, or nothing. */
public record LogBatch(List<ModelMetric> metrics, Map<String, String> params, Map<String, String> tags) {
    public LogBatch {
        metrics = List.copyOf(metrics);
        params = Map.copyOf(params);
        tags = Map.copyOf(tags);
        params.keySet().forEach(key -> Names.key("param", key));
        tags.keySet().forEach(key -> Names.key("tag", key));
    }

    public static LogBatch params(Map<String, String> params) {
        return new LogBatch(List.of(), params, Map.of());
    }

    public static LogBatch tags(Map<String, String> tags) {
        return new LogBatch(List.of(), Map.of(), tags);
    }
}
