package dev.millwright.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.core.ColumnType;
import dev.millwright.core.KnownAfter;
import dev.millwright.core.MillwrightException;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A contract as JSON, in which a version keeps it. What it says is read back as it was, but for its {@link Evolution}. */
final class ContractJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ContractJson() {}

    static String write(Contract contract) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode columns = root.putArray("columns");
        contract.columns().forEach(column -> write(column, columns.addObject()));
        root.put("other_columns", contract.others().name().toLowerCase(Locale.ROOT));
        return root.toString();
    }

    private static void write(ColumnContract column, ObjectNode into) {
        into.put("name", column.name());
        column.type().ifPresent(type -> into.put("type", type.label()));
        if (!column.rules().isEmpty()) {
            ArrayNode rules = into.putArray("rules");
            column.rules().forEach(rule -> write(rule, rules.addObject()));
        }
        column.unit().ifPresent(unit -> into.put("unit", unit));
        column.description().ifPresent(text -> into.put("description", text));
        if (column.privacy() == Privacy.PERSONAL) {
            into.put("personal", true);
        }
        column.knownAfter().ifPresent(known -> {
            switch (known) {
                case KnownAfter.After(Duration duration) -> into.put("known_after", duration.toString());
                case KnownAfter.At(String time) -> into.put("known_at", time);
            }
        });
    }

    private static void write(ValueRule rule, ObjectNode into) {
        switch (rule) {
            case ValueRule.Required _ -> into.put("rule", "required");
            case ValueRule.Bound(Comparator comparator, Value value) -> {
                into.put("rule", comparator.sql());
                into.set("value", value(value));
            }
            case ValueRule.OneOf(List<Value> values) -> {
                ArrayNode list = into.put("rule", "in").putArray("values");
                values.forEach(value -> list.add(value(value)));
            }
            case ValueRule.Matches(String pattern) ->
                into.put("rule", "matches").put("pattern", pattern);
        }
    }

    private static ObjectNode value(Value value) {
        ObjectNode node = JSON.createObjectNode();
        return switch (value) {
            case Value.Numeral(String digits) -> node.put("number", digits);
            case Value.Text(String text) -> node.put("text", text);
            case Value.Truth(boolean truth) -> node.put("boolean", truth);
            case Value.Time(String iso) -> node.put("time", iso);
            case Value.Now(Duration later) -> node.put("now", later.toString());
        };
    }

    /** @throws MillwrightException {@link DataError#LAKE_FAILED} when it is none */
    static Contract read(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            List<ColumnContract> columns = new ArrayList<>();
            root.path("columns").forEach(column -> columns.add(column(column)));
            return new Contract(
                    columns, OtherColumns.valueOf(text(root, "other_columns").toUpperCase(Locale.ROOT)));
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            throw new MillwrightException(
                    DataError.LAKE_FAILED, "contract: can't be read (expected: one that a version keeps): " + json, e);
        }
    }

    private static ColumnContract column(JsonNode node) {
        List<ValueRule> rules = new ArrayList<>();
        node.path("rules").forEach(rule -> rules.add(rule(rule)));
        return new ColumnContract(
                text(node, "name"),
                optional(node, "type").map(type -> ColumnType.valueOf(type.toUpperCase(Locale.ROOT))),
                rules,
                optional(node, "unit"),
                optional(node, "description"),
                node.path("personal").asBoolean() ? Privacy.PERSONAL : Privacy.ORDINARY,
                optional(node, "known_after")
                        .<KnownAfter>map(duration -> new KnownAfter.After(Duration.parse(duration)))
                        .or(() -> optional(node, "known_at").map(KnownAfter.At::new)));
    }

    private static ValueRule rule(JsonNode node) {
        return switch (text(node, "rule")) {
            case "required" -> new ValueRule.Required();
            case "matches" -> new ValueRule.Matches(text(node, "pattern"));
            case "in" -> {
                List<Value> values = new ArrayList<>();
                node.path("values").forEach(value -> values.add(value(value)));
                yield new ValueRule.OneOf(values);
            }
            case String sql -> new ValueRule.Bound(comparator(sql), value(node.path("value")));
        };
    }

    private static Comparator comparator(String sql) {
        for (Comparator comparator : Comparator.values()) {
            if (comparator.sql().equals(sql)) {
                return comparator;
            }
        }
        throw new IllegalArgumentException("rule: " + sql + " (expected: a comparison)");
    }

    private static Value value(JsonNode node) {
        return optional(node, "number")
                .<Value>map(Value.Numeral::new)
                .or(() -> optional(node, "text").map(Value.Text::new))
                .or(() -> optional(node, "time").map(Value.Time::new))
                .or(() -> optional(node, "now").map(later -> new Value.Now(Duration.parse(later))))
                .orElseGet(() -> new Value.Truth(Boolean.parseBoolean(text(node, "boolean"))));
    }

    private static String text(JsonNode node, String key) {
        return optional(node, key)
                .orElseThrow(() -> new IllegalArgumentException(key + ": absent (expected: a text) in " + node));
    }

    private static Optional<String> optional(JsonNode node, String key) {
        return Optional.ofNullable(node.get(key)).map(JsonNode::asText);
    }
}
