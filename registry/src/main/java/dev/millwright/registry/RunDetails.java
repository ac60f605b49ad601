package dev.millwright.registry;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What a run logged, by key in alphabetical order; of each metric the latest value. */
public record RunDetails(Map<String, String> params, Map<String, Metric> metrics, Map<String, String> tags) {
    public RunDetails {
        params = Collections.unmodifiableMap(new TreeMap<>(params));
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }
}
