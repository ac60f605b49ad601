package dev.millwright.data.schema;

import dev.millwright.core.ColumnType;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import dev.millwright.data.ValueRule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what a JSON Schema says of one property. */
final class JsonSchemaColumn {
    private static final int DEEPEST = 50;
    private static final BigDecimal LONGEST_COUNT = BigDecimal.valueOf(1000); // that RE2 repeats
    private static final Set<String> UNHELD = Set.of("multipleOf", "not", "if");

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
        if (column.type()
                .filter(type -> type == ColumnType.BIGINT || type == ColumnType.DOUBLE)
                .isPresent()) {
            JsonSchema.bounds(column, node);
        }
        if (column.type().filter(ColumnType.VARCHAR::equals).isPresent() && !isNested(node)) {
            node.find("pattern")
                    .ifPresent(pattern -> column.rule(
                            new ValueRule.Matches(whole(pattern.value().asText()))));
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
                        ? type.items().stream()
                                .map(item -> item.value().asText())
                                .toList()
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
                        column.name() + ": " + names.getFirst()
                                + " is kept as its JSON; what is in it is not checked.");
            }
            default -> refuse(type);
        }
        format.ifPresent(name -> format(node, name));
    }

    private void format(SchemaNode node, String name) {
        if (column.type().filter(ColumnType.VARCHAR::equals).isEmpty() || isNested(node)) {
            if (name.equals("int32")) {
                limit(Comparator.GREATER_OR_EQUAL, Integer.MIN_VALUE);
                limit(Comparator.LESS_OR_EQUAL, Integer.MAX_VALUE);
            }
            return;
        }
        switch (name) {
            case "date", "date-time" -> column.type(ColumnType.TIMESTAMP);
            case "uuid" -> column.rule(new ValueRule.Matches(SchemaColumn.UUID));
            default ->
                columns.note(node, column.name() + ": format: " + name + " is not checked; a 'pattern' would be.");
        }
    }

    private void limit(Comparator comparator, int value) {
        column.constant(Integer.toString(value))
                .ifPresent(constant -> column.rule(new ValueRule.Bound(comparator, constant)));
    }

    /** {@code anyOf}, {@code oneOf}: one schema or null, or constants. */
    private void alternatives(SchemaNode node, String key, int depth) {
        Optional<SchemaNode> list = node.find(key);
        if (list.isEmpty()) {
            return;
        }
        List<SchemaNode> others = list.get().items().stream()
                .filter(each -> each.text("type").filter("null"::equals).isEmpty())
                .toList();
        if (others.size() < list.get().items().size()) {
            column.takeNull();
        }
        if (others.size() == 1) {
            read(others.getFirst(), depth + 1);
        } else if (others.stream().allMatch(each -> each.find("const").isPresent())) {
            values(
                    list.get(),
                    others.stream().flatMap(each -> each.find("const").stream()).toList());
        } else {
            refuse(list.get());
        }
    }

    private void values(SchemaNode at, List<SchemaNode> listed) {
        List<SchemaNode> values =
                listed.stream().filter(each -> !each.value().isNull()).toList();
        if (values.size() < listed.size()) {
            column.takeNull();
        }
        if (column.type().isEmpty()) {
            common(values).ifPresent(column::type);
        }
        List<Value> constants = values.stream()
                .flatMap(each -> column.constant(each.value().asText()).stream())
                .toList();
        if (constants.isEmpty() || constants.size() < values.size()) {
            columns.refuse(at, column.name() + ": " + at.written(), "values of one type, that of the property");
        } else {
            column.rule(new ValueRule.OneOf(constants));
        }
    }

    private static Optional<ColumnType> common(List<SchemaNode> values) {
        if (values.stream().allMatch(each -> each.value().isTextual())) {
            return Optional.of(ColumnType.VARCHAR);
        }
        if (values.stream().allMatch(each -> each.value().isBoolean())) {
            return Optional.of(ColumnType.BOOLEAN);
        }
        if (values.stream().allMatch(each -> each.value().isIntegralNumber())) {
            return Optional.of(ColumnType.BIGINT);
        }
        return values.stream().allMatch(each -> each.value().isNumber())
                ? Optional.of(ColumnType.DOUBLE)
                : Optional.empty();
    }

    /** A pattern of JSON Schema holds where it is found anywhere in the text. */
    static String whole(String pattern) {
        boolean anchored = pattern.length() > 1
                && pattern.startsWith("^")
                && pattern.endsWith("$")
                && !pattern.endsWith("\\$")
                && !pattern.contains("|");
        return anchored ? pattern.substring(1, pattern.length() - 1) : "(?s:.*)(?:" + pattern + ")(?s:.*)";
    }

    private void length(SchemaNode node) {
        Optional<Integer> least = count(node, "minLength");
        Optional<Integer> most = count(node, "maxLength");
        if (least.isPresent() || most.isPresent()) {
            column.rule(new ValueRule.Matches(
                    "(?s:.{" + least.orElse(0) + "," + most.map(String::valueOf).orElse("") + "})"));
        }
    }

    private Optional<Integer> count(SchemaNode node, String key) {
        Optional<SchemaNode> found = node.find(key).filter(each -> each.value().isNumber());
        found.filter(each -> each.value().decimalValue().compareTo(LONGEST_COUNT) > 0)
                .ifPresent(each -> columns.note(
                        each, column.name() + ": " + key + ": " + each.written() + " is not checked: above 1000."));
        return found.filter(each -> each.value().decimalValue().compareTo(LONGEST_COUNT) <= 0)
                .map(each -> each.value().decimalValue().intValue());
    }

    private void refuse(SchemaNode at) {
        columns.refuse(
                at,
                column.name() + ": " + at.written(),
                "boolean, integer, number or string, or one of them and null; or say beside 'from' what it is, as in "
                        + column.name() + ": varchar");
    }
}
