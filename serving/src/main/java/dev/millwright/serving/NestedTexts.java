package dev.millwright.serving;

import java.util.ArrayList;
import java.util.List;

/** Takes texts out of the nested arrays in which ONNX Runtime gives them. */
final class NestedTexts {
    private NestedTexts() {}

    static String[] flatten(Object value) {
        List<String> texts = new ArrayList<>();
        collect(value, texts);
        return texts.toArray(String[]::new);
    }

    private static void collect(Object value, List<String> into) {
        switch (value) {
            case String text -> into.add(text);
            case Object[] nested -> {
                for (Object each : nested) {
                    collect(each, into);
                }
            }
            default -> throw new IllegalArgumentException("value: " + value.getClass() + " (expected: texts)");
        }
    }
}
