package dev.millwright.app;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes feature rows as a request of the Open Inference Protocol v2. */
final class InferenceBody {
    private InferenceBody() {}

    static byte[] of(Frame frame) {
        List<Map<String, Object>> inputs = frame.columns().stream()
                .map(column -> input(column, frame.rows()))
                .toList();
        return Json.pretty(Map.of("inputs", inputs)).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> input(FeatureColumn column, int rows) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("name", column.name());
        input.put("shape", List.of(rows, 1));
        switch (column) {
            case FeatureColumn.Numeric numeric -> {
                List<@Nullable Float> data = new ArrayList<>();
                for (float value : numeric.values()) {
                    data.add(Float.isNaN(value) ? null : value);
                }
                input.put("datatype", "FP32");
                input.put("data", data);
            }
            case FeatureColumn.Text text -> {
                input.put("datatype", "BYTES");
                input.put("data", Arrays.asList(text.values()));
            }
        }
        return input;
    }
}
