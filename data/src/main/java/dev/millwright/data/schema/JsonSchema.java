package dev.millwright.data.schema;

import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import dev.millwright.data.ValueRule;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a JSON Schema of an object, or of an array of objects, as a contract: drafts 4 to 2020-12, and what OpenAPI adds. A
 * property is required when it is listed so and may not be {@code null}. What the schema promises and a contract can't hold is
 * noted.
 */
final class JsonSchema {
    private static final int DEEPEST = 50;
    private static final Set<String> UNHELD_OF_ROWS = Set.of(
            "minProperties",
            "maxProperties",
            "patternProperties",
            "propertyNames",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "if",
            "not",
            "anyOf",
            "oneOf");

    private final SchemaNode root;
    private final SchemaColumns columns;
    private final Map<String, SchemaNode> properties = new LinkedHashMap<>();
    private final Set<String> required = new HashSet<>();

    JsonSchema(SchemaNode root, SchemaColumns columns) {
        this.root = root;
        this.columns = columns;
    }

    void read() {
        object(root, 0);
        for (Map.Entry<String, SchemaNode> property : properties.entrySet()) {
            if (columns.opens(property.getKey(), property.getValue())) {
                SchemaColumn column = new SchemaColumn(property.getKey());
                new JsonSchemaColumn(this, columns, column).read(property.getValue());
                columns.add(column.contract(required.contains(property.getKey()) && !column.isNullable()));
            }
        }
    }

    /** What is said of whole rows, by a schema and those that it is made of. */
    private void object(SchemaNode schema, int depth) {
        if (depth > DEEPEST) {
            columns.refuse(schema, "$ref: leads in a circle", "a schema that ends");
            return;
        }
        schema.find("$ref").flatMap(this::target).ifPresent(target -> object(target, depth + 1));
        if (depth == 0 && schema.text("type").filter("array"::equals).isPresent()) {
            schema.find("items").ifPresent(items -> object(items, depth + 1));
            return;
        }
        schema.find("allOf").map(SchemaNode::items).orElse(List.of()).forEach(part -> object(part, depth + 1));
        schema.find("properties").map(SchemaNode::fields).orElse(Map.of()).forEach((name, property) -> {
            if (properties.putIfAbsent(name, property) != null) {
                columns.note(property, name + ": said a second time; the first holds.");
            }
        });
        schema.find("required")
                .map(SchemaNode::items)
                .orElse(List.of())
                .forEach(name -> required.add(name.value().asText()));
        if (closes(schema, "additionalProperties") || closes(schema, "unevaluatedProperties")) {
            columns.refuseOthers();
        }
        schema.fields().forEach((key, value) -> {
            if (UNHELD_OF_ROWS.contains(key)) {
                columns.note(value, key + ": of whole rows is not checked; say it under 'expect'.");
            }
        });
    }

    private static boolean closes(SchemaNode schema, String key) {
        return schema.find(key)
                .filter(node -> node.value().isBoolean() && !node.value().booleanValue())
                .isPresent();
    }

    /** What a {@code $ref} leads to, in this document; another document is refused. */
    Optional<SchemaNode> target(SchemaNode reference) {
        String text = reference.value().asText();
        Optional<SchemaNode> target = text.equals("#")
                ? Optional.of(root)
                : text.startsWith("#/") ? root.at(root, decoded(text.substring(1))) : Optional.empty();
        if (target.isEmpty()) {
            columns.refuse(
                    reference,
                    "$ref: " + reference.written(),
                    "a place in this file, such as #/$defs/address; bundle the schema into one file");
        }
        return target;
    }

    /** A pointer in a URI has other characters percent-encoded; a plus stands for itself. */
    private static String decoded(String pointer) {
        try {
            return java.net.URLDecoder.decode(pointer.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return pointer;
        }
    }

    /** A bound of values, when the schema says one. */
    static void bounds(SchemaColumn column, SchemaNode schema) {
        boolean openLow = schema.isTrue("exclusiveMinimum");
        boolean openHigh = schema.isTrue("exclusiveMaximum");
        bound(column, schema, "minimum", openLow ? Comparator.GREATER : Comparator.GREATER_OR_EQUAL);
        bound(column, schema, "maximum", openHigh ? Comparator.LESS : Comparator.LESS_OR_EQUAL);
        bound(column, schema, "exclusiveMinimum", Comparator.GREATER);
        bound(column, schema, "exclusiveMaximum", Comparator.LESS);
    }

    private static void bound(SchemaColumn column, SchemaNode schema, String key, Comparator comparator) {
        schema.find(key)
                .filter(node -> node.value().isNumber())
                .flatMap(node -> column.constant(node.value().asText()))
                .<ValueRule>map((Value value) -> new ValueRule.Bound(comparator, value))
                .ifPresent(column::rule);
    }
}
