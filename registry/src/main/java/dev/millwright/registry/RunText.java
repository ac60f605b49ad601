package dev.millwright.registry;

import java.util.List;
import java.util.Map;

/** A param or a tag of a run. */
record RunText(String runId, String key, String value) {
    static List<RunText> of(String runId, Map<String, String> texts) {
        return texts.entrySet().stream()
                .map(text -> new RunText(runId, text.getKey(), text.getValue()))
                .toList();
    }
}
