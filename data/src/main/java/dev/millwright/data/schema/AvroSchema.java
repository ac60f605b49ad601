package dev.millwright.data.schema;

import dev.millwright.core.ColumnType;
import dev.millwright.data.Expectation.Value;
import dev.millwright.data.ValueRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a record of Avro as a contract, by the specification of Avro 1.12: a field that is no union with {@code null} is
 * required, symbols of an enum are the values, and logical types decide over the types that carry them.
 */
final class AvroSchema {
    private static final String TYPES =
            "boolean, int, long, float, double, string, an enum, or a union of one of them with null";

    private final SchemaColumns columns;
    private final Map<String, SchemaNode> named = new HashMap<>();

    AvroSchema(SchemaColumns columns) {
        this.columns = columns;
    }

    void read(SchemaNode root) {
        Optional<SchemaNode> fields = root.find("fields");
        if (root.text("type").filter("record"::equals).isEmpty() || fields.isEmpty()) {
            columns.refuse(root, "not a record", "{\"type\": \"record\", \"name\": …, \"fields\": […]} at the top");
            return;
        }
        define(root, root.text("namespace").orElse(""));
        for (SchemaNode field : fields.get().items()) {
            field(field);
        }
    }

    /** Notes the named types in {@code node}: a field may name one that stands in an earlier field. */
    private void define(SchemaNode node, String namespace) {
        String inner = node.text("namespace").orElse(namespace);
        Optional<String> name = node.text("type")
                .filter(type -> List.of("record", "error", "enum", "fixed").contains(type))
                .flatMap(type -> node.text("name"));
        name.ifPresent(text -> {
            named.putIfAbsent(text.contains(".") ? text : inner.isEmpty() ? text : inner + "." + text, node);
            named.putIfAbsent(text.substring(text.lastIndexOf('.') + 1), node);
        });
        node.items().forEach(item -> define(item, inner));
        node.fields().forEach((key, value) -> {
            if (List.of("fields", "type", "items", "values").contains(key)) {
                define(value, inner);
            }
        });
    }

    private void field(SchemaNode field) {
        Optional<String> name = field.text("name");
        Optional<SchemaNode> type = field.find("type");
        if (name.isEmpty() || type.isEmpty()) {
            columns.refuse(field, "a field without 'name' or 'type'", "{\"name\": …, \"type\": …}");
            return;
        }
        if (!columns.opens(name.get(), field)) {
            return;
        }
        SchemaColumn column = new SchemaColumn(name.get());
        column.describe(field.text("doc"));
        type(column, type.get());
        columns.add(column.contract(!column.isNullable()));
    }

    private void type(SchemaColumn column, SchemaNode type) {
        if (type.value().isArray()) {
            union(column, type);
        } else if (type.value().isObject()) {
            complex(column, type);
        } else if (type.value().isTextual()) {
            String name = type.value().textValue();
            Optional<ColumnType> primitive = primitive(name);
            if (primitive.isPresent()) {
                column.type(primitive.get());
            } else if (name.equals("null")) {
                column.takeNull();
            } else if (named.containsKey(name)) {
                complex(column, named.get(name));
            } else {
                refuse(column, type);
            }
        } else {
            refuse(column, type);
        }
    }

    private static Optional<ColumnType> primitive(String name) {
        return switch (name) {
            case "boolean" -> Optional.of(ColumnType.BOOLEAN);
            case "int", "long" -> Optional.of(ColumnType.BIGINT);
            case "float", "double" -> Optional.of(ColumnType.DOUBLE);
            case "string" -> Optional.of(ColumnType.VARCHAR);
            default -> Optional.empty();
        };
    }

    private void union(SchemaColumn column, SchemaNode union) {
        List<SchemaNode> others = union.items().stream()
                .filter(branch -> !branch.value().asText().equals("null"))
                .toList();
        if (others.size() < union.items().size()) {
            column.takeNull();
        }
        if (others.size() == 1) {
            type(column, others.getFirst());
        } else {
            refuse(column, union);
        }
    }

    private void complex(SchemaColumn column, SchemaNode type) {
        Optional<String> logical = type.text("logicalType");
        if (logical.isPresent() && logical(column, type, logical.get())) {
            return;
        }
        switch (type.text("type").orElse("")) {
            case "enum" -> symbols(column, type);
            case "record", "error", "array", "map" -> {
                column.type(ColumnType.VARCHAR);
                columns.note(
                        type,
                        column.name() + ": " + type.text("type").orElse("")
                                + " is kept as its JSON; what is in it is not checked.");
            }
            case "" -> type.find("type").ifPresentOrElse(inner -> type(column, inner), () -> refuse(column, type));
            case "fixed" -> refuse(column, type);
            case String ignored -> type.find("type").ifPresent(inner -> type(column, inner));
        }
        column.describe(type.text("doc"));
    }

    /** Whether a logical type says what the column is; one that isn't known leaves that to the type under it. */
    private boolean logical(SchemaColumn column, SchemaNode type, String logical) {
        switch (logical) {
            case "date",
                    "timestamp-millis",
                    "timestamp-micros",
                    "timestamp-nanos",
                    "local-timestamp-millis",
                    "local-timestamp-micros",
                    "local-timestamp-nanos" -> column.type(ColumnType.TIMESTAMP);
            case "decimal", "big-decimal" -> column.type(ColumnType.DOUBLE);
            case "uuid" -> {
                column.type(ColumnType.VARCHAR);
                column.rule(new ValueRule.Matches(SchemaColumn.UUID));
            }
            case "time-millis", "time-micros" ->
                columns.note(
                        type, column.name() + ": " + logical + " is a whole number here; no column is a time of day.");
            default -> {
                if (primitive(type.text("type").orElse("")).isPresent()) {
                    columns.note(type, column.name() + ": " + logical + " is not known, and not checked.");
                }
            }
        }
        return column.type().isPresent();
    }

    private void symbols(SchemaColumn column, SchemaNode type) {
        column.type(ColumnType.VARCHAR);
        List<Value> values = type.find("symbols").map(SchemaNode::items).orElse(List.of()).stream()
                .<Value>map(symbol -> new Value.Text(symbol.value().asText()))
                .toList();
        if (values.isEmpty()) {
            columns.refuse(type, column.name() + ": an enum without symbols", "\"symbols\": […]");
        } else {
            column.rule(new ValueRule.OneOf(values));
        }
    }

    private void refuse(SchemaColumn column, SchemaNode type) {
        columns.refuse(
                type,
                column.name() + ": " + type.written(),
                TYPES + "; or say beside 'from' what it is, as in " + column.name() + ": varchar");
    }
}
