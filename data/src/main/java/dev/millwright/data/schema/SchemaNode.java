package dev.millwright.data.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A value in a JSON document that knows where it stands.
 *
 * @param pointer its JSON pointer, such as {@code /properties/email}
 * @param places of all values of the document, by pointer
 */
record SchemaNode(JsonNode value, String pointer, Map<String, Position> places) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * The root of a document.
     *
     * @throws InvalidInputException with the place, when it is no JSON
     */
    static SchemaNode read(String file, byte[] bytes) {
        Map<String, Position> places = new HashMap<>();
        try (JsonParser parser = JSON.createParser(bytes)) {
            parser.nextToken();
            JsonNode root = read(parser, file, "", places);
            if (parser.nextToken() != null) {
                throw new InvalidInputException(List.of(Problem.at(
                        position(file, parser.currentTokenLocation()),
                        parser.getText() + " (expected: the end of the file, after its one JSON value).")));
            }
            return new SchemaNode(root, "", places);
        } catch (com.fasterxml.jackson.core.JacksonException broken) {
            JsonLocation at = Objects.requireNonNullElse(broken.getLocation(), JsonLocation.NA);
            throw new InvalidInputException(List.of(Problem.at(
                    position(file, at), "not JSON: " + broken.getOriginalMessage() + " (expected: a schema).")));
        } catch (IOException broken) {
            throw new InvalidInputException(file + ": not JSON: " + broken.getMessage() + " (expected: a schema)");
        }
    }

    private static JsonNode read(JsonParser parser, String file, String pointer, Map<String, Position> places)
            throws IOException {
        places.put(pointer, position(file, parser.currentTokenLocation()));
        JsonNodeFactory make = JsonNodeFactory.instance;
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                ObjectNode object = make.objectNode();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String key = parser.currentName();
                    parser.nextToken();
                    object.set(key, read(parser, file, child(pointer, key), places));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = make.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(read(parser, file, pointer + "/" + array.size(), places));
                }
                yield array;
            }
            case VALUE_NUMBER_INT -> make.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> DecimalNode.valueOf(parser.getDecimalValue());
            case VALUE_TRUE, VALUE_FALSE -> make.booleanNode(parser.getBooleanValue());
            case VALUE_NULL -> make.nullNode();
            case null -> throw new InvalidInputException(file + ": empty (expected: a schema)");
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_STRING, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                make.textNode(parser.getText());
        };
    }

    private static Position position(String file, JsonLocation at) {
        return new Position(file, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
    }

    private static String child(String pointer, String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    Position position() {
        return Objects.requireNonNull(places.get(pointer));
    }

    Optional<SchemaNode> find(String key) {
        return Optional.ofNullable(value.get(key)).map(found -> new SchemaNode(found, child(pointer, key), places));
    }

    /** The value at a JSON pointer, from the root of the document. */
    Optional<SchemaNode> at(SchemaNode root, String wanted) {
        JsonNode found = root.value().at(wanted);
        return found.isMissingNode() ? Optional.empty() : Optional.of(new SchemaNode(found, wanted, places));
    }

    /** The text at {@code key}; empty when there is none, or something else. */
    Optional<String> text(String key) {
        return find(key).map(SchemaNode::value).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    boolean isTrue(String key) {
        return find(key)
                .map(SchemaNode::value)
                .filter(JsonNode::isBoolean)
                .map(JsonNode::booleanValue)
                .orElse(false);
    }

    /** The values of an array; none of anything else. */
    List<SchemaNode> items() {
        List<SchemaNode> items = new ArrayList<>();
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                items.add(new SchemaNode(value.get(i), pointer + "/" + i, places));
            }
        }
        return items;
    }

    /** The values of an object by key, in the order of the document; none of anything else. */
    Map<String, SchemaNode> fields() {
        Map<String, SchemaNode> fields = new LinkedHashMap<>();
        value.fieldNames().forEachRemaining(key -> find(key).ifPresent(node -> fields.put(key, node)));
        return fields;
    }

    /** As it is written, for a message. */
    String written() {
        String text = value.isTextual() ? value.textValue() : value.toString();
        return text.length() > 80 ? text.substring(0, 77) + "…" : text;
    }
}
