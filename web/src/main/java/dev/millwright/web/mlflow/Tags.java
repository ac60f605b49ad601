package dev.millwright.web.mlflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads keys with values, and keeps their limits. */
final class Tags {
    static final int LONGEST_KEY = 250;
    static final int LONGEST_PARAM_VALUE = 6_000;
    static final int LONGEST_RUN_VALUE = 8_000;
    static final int LONGEST_EXPERIMENT_VALUE = 5_000;
    static final int LONGEST_REGISTRY_VALUE = 100_000;

    private Tags() {}

    /** A key with its value. */
    record Tag(String key, String value) {}

    static Tag one(Fields fields, int longestValue) {
        String key = fields.text("key", LONGEST_KEY);
        String value = fields.presentText("value");
        if (value.length() > longestValue) {
            throw Refusal.invalid("'value' exceeds the maximum length of " + longestValue + " characters: that of key '"
                    + key + "' has " + value.length());
        }
        return new Tag(key, value);
    }

    /** The last of equal keys wins. */
    static Map<String, String> read(Fields fields, String field) {
        return read(fields, field, LONGEST_REGISTRY_VALUE);
    }

    static Map<String, String> read(Fields fields, String field, int longestValue) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : list(fields, field, longestValue)) {
            tags.put(tag.key(), tag.value());
        }
        return tags;
    }

    static List<Tag> list(Fields fields, String field, int longestValue) {
        return fields.objects(field).stream()
                .map(each -> one(each, longestValue))
                .toList();
    }
}
