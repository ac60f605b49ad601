package dev.millwright.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON Schema of the records that {@link Json} reads and writes, each under its name. For one document; for one thread. */
final class RecordSchemas {
    private static final String COMPONENTS = "#/components/schemas/";

    private final Map<String, Class<?>> named = new TreeMap<>();
    private final Map<String, ObjectNode> schemas = new TreeMap<>();

    /** The schema of a type; of a record a reference to {@link #schemas}. */
    ObjectNode of(Type type) {
        return switch (type) {
            case Class<?> plain -> of(plain);
            case ParameterizedType generic -> of(generic);
            default -> throw unknown(type);
        };
    }

    /** The records that were asked for, and those within them, by name. */
    Map<String, ObjectNode> schemas() {
        return schemas;
    }

    private ObjectNode of(ParameterizedType generic) {
        Type[] arguments = generic.getActualTypeArguments();
        if (generic.getRawType() == Optional.class) {
            return of(arguments[0]);
        }
        if (generic.getRawType() == List.class) {
            ObjectNode list = node("array");
            list.set("items", of(arguments[0]));
            return list;
        }
        if (generic.getRawType() == Map.class) {
            ObjectNode map = node("object");
            map.set("additionalProperties", of(arguments[1]));
            return map;
        }
        throw unknown(generic);
    }

    private ObjectNode of(Class<?> type) {
        if (type.isRecord()) {
            return reference(type);
        }
        if (type.isArray()) {
            ObjectNode list = node("array");
            list.set("items", of(type.getComponentType()));
            return list;
        }
        if (type == String.class) {
            return node("string");
        }
        if (type.isEnum()) {
            ObjectNode words = node("string");
            ArrayNode values = words.putArray("enum");
            for (Object constant : type.getEnumConstants()) {
                values.add(constant.toString());
            }
            return words;
        }
        if (type == Instant.class) {
            return node("string").put("format", "date-time");
        }
        if (type == boolean.class || type == Boolean.class) {
            return node("boolean");
        }
        if (type == int.class || type == Integer.class) {
            return node("integer").put("format", "int32");
        }
        if (type == long.class || type == Long.class) {
            return node("integer").put("format", "int64");
        }
        if (type == float.class || type == Float.class || type == double.class || type == Double.class) {
            return node("number");
        }
        if (type == Object.class) {
            return Json.MAPPER.createObjectNode();
        }
        throw unknown(type);
    }

    private ObjectNode reference(Class<?> type) {
        String name = type.getSimpleName().replaceAll("Answer$", "");
        Class<?> known = named.putIfAbsent(name, type);
        if (known == null) {
            schemas.put(name, describe(type));
        } else if (known != type) {
            throw new IllegalStateException(name + ": both " + known.getName() + " and " + type.getName()
                    + " (expected: records of different names)");
        }
        return Json.MAPPER.createObjectNode().put("$ref", COMPONENTS + name);
    }

    private ObjectNode describe(Class<?> type) {
        ObjectNode schema = node("object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = Json.MAPPER.createArrayNode();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = SnakeCaseStrategy.INSTANCE.translate(component.getName());
            ObjectNode property = of(component.getGenericType());
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (nullable && property.path("type").isTextual()) {
                String plain = property.get("type").textValue();
                property.putArray("type").add(plain).add("null");
            }
            properties.set(name, property);
            if (!nullable && component.getType() != Optional.class) {
                required.add(name);
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private static ObjectNode node(String type) {
        return Json.MAPPER.createObjectNode().put("type", type);
    }

    private static IllegalStateException unknown(Type type) {
        return new IllegalStateException(type.getTypeName() + ": no schema is known for it (expected: records, texts,"
                + " enums, numbers, truth values, instants, and lists, maps and optional ones of these)");
    }
}
