package dev.millwright.data.schema;

import dev.millwright.core.ColumnType;
import dev.millwright.data.Expectation.Value;
import dev.millwright.data.ValueRule;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads what a JSON Schema says of one property. */
final class JsonSchemaColumn {
    private static final int DEEPEST = 50;
    private static final int LONGEST_COUNT = 1000; // that RE2 repeats
    private static final Set<String> UNHELD = Set.of("multipleOf", "not", "if");
    private static final Set<String> PLAIN_FORMATS = Set.of("int64", "float", "double", "byte", "binary", "password");

    private final JsonSchema schema;
    private final SchemaColumns columns;
    private final SchemaColumn column;

    JsonSchemaColumn(JsonSchema schema, SchemaColumns columns, SchemaColumn column) {
        this.schema = schema;
        this.columns = columns;
        this.column = column;
    }

    void read(SchemaNode property) {
        read(property, 0);
    }

    private void read(SchemaNode node, int depth) {
        if (depth > DEEPEST) {
            columns.refuse(node, column.name() + ": $ref leads in a circle", "a schema that ends");
        } else if (node.value().isBoolean()) {
            if (!node.value().booleanValue()) {
                columns.refuse(node, column.name() + ": false, which no value meets", "a type, or no such property");
            }
        } else {
            keywords(node, depth);
        }
    }

    private void keywords(SchemaNode node, int depth) {
        column.describe(node.text("description").or(() -> node.text("title")));
        node.find("$ref").flatMap(schema::target).ifPresent(target -> read(target, depth + 1));
        node.find("allOf").map(SchemaNode::items).orElse(List.of()).forEach(part -> read(part, depth + 1));
        if (node.isTrue("nullable")) {
            column.takeNull();
        }
        node.find("type").ifPresent(type -> types(type, node));
        alternatives(node, "anyOf", depth);
        alternatives(node, "oneOf", depth);
        node.find("const").ifPresent(constant -> values(constant, List.of(constant)));
        node.find("enum").ifPresent(list -> values(list, list.items()));
        if (column.type().filter(type -> type == ColumnType.BIGINT || type == ColumnType.DOUBLE).isPresent()) {
            JsonSchema.bounds(column, node);
        }
        if (column.type().filter(ColumnType.VARCHAR::equals).isPresent() && !isNested(node)) {
            node.find("pattern").ifPresent(pattern -> column.rule(new ValueRule.Matches(whole(pattern.value().asText()))));
            length(node);
        }
        node.fields().forEach((key, value) -> {
            if (UNHELD.contains(key)) {
                columns.note(value, column.name() + ": " + key + ": " + value.written() + " is not checked.");
            }
        });
    }

    private static boolean isNested(SchemaNode node) {
        return node.find("type")
                .filter(type -> Set.of("object", "array").contains(type.value().asText()))
                .isPresent();
    }

    private void types(SchemaNode type, SchemaNode node) {
        List<String> names = new ArrayList<>(
                type.value().isArray()
                        ? type.items().stream().map(item -> item.value().asText()).toList()
                        : List.of(type.value().asText()));
        if (names.remove("null")) {
            column.takeNull();
        }
        if (names.contains("number")) {
            names.remove("integer"); // which every integer is
        }
        Optional<String> format = node.text("format");
        if (names.size() != 1) {
            refuse(type);
            return;
        }
        switch (names.getFirst()) {
            case "boolean" -> column.type(ColumnType.BOOLEAN);
            case "integer" -> column.type(ColumnType.BIGINT);
            case "number" -> column.type(ColumnType.DOUBLE);
            case "string" -> column.type(ColumnType.VARCHAR);
            case "object", "array" -> {
                column.type(ColumnType.VARCHAR);
                columns.note(
                        type,
                        column.name() + ": " + names.getFirst() + " is kept as its JSON; what is in it is not checked.");
            }
            default -> refuse(type);
        }
        format.ifPresent(name -> format(node, name));
    }

    private void format(SchemaNode node, String name) {
        Optional<ColumnType> type = column.type();
        switch (name) {
            case "date", "date-time" -> column.type(ColumnType.TIMESTAMP);
            case "uuid" -> column.rule(new ValueRule.Matches(SchemaColumn.UUID));
            case "int32" -> {
                bound(ValueRuleBounds.LOW);
                bound(ValueRuleBounds.HIGH);
            }
            default -> {
                if (!PLAIN_FORMATS.contains(name)) {
                    node.find("format").ifPresent(format -> columns.note(
                            format, column.name() + ": format: " + name + " is not checked; a 'pattern' would be."));
                }
            }
        }
        if (column.type().equals(Optional.of(ColumnType.TIMESTAMP)) && !type.equals(Optional.of(ColumnType.VARCHAR))) {
            refuse(node);
        }
    }
}
