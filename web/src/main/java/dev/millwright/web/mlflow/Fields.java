package dev.millwright.web.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.QueryParams;
import dev.millwright.core.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a request, from its query or its JSON body, with the protocol's own words for what is wrong. Fields that
 * nobody asks for are ignored.
 */
final class Fields {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String path;
    private final JsonNode object;

    private Fields(String path, JsonNode object) {
        this.path = path;
        this.object = object;
    }

    static Fields ofQuery(QueryParams query) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (String name : query.names()) {
            List<String> values = query.getAll(name);
            if (values.size() == 1) {
                object.put(name, values.getFirst());
            } else {
                ArrayNode array = object.putArray(name);
                values.forEach(array::add);
            }
        }
        return new Fields("", object);
    }

    static Fields ofBody(byte[] body) {
        if (body.length == 0) {
            return new Fields("", JsonNodeFactory.instance.objectNode());
        }
        JsonNode read;
        try {
            read = MAPPER.readTree(body);
        } catch (JsonProcessingException malformed) {
            throw new Refusal(
                    Refusal.Code.BAD_REQUEST,
                    "body: not JSON (expected: an object). " + malformed.getOriginalMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory", impossible);
        }
        if (read.isTextual()) {
            // Some old clients send their object as a JSON text.
            return ofBody(read.textValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        if (!read.isObject()) {
            throw new Refusal(Refusal.Code.BAD_REQUEST, "body: " + read.getNodeType() + " (expected: an object)");
        }
        return new Fields("", read);
    }

    /** The value of a field, unless it is absent or null. */
    private Optional<JsonNode> find(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private String name(String field) {
        return path + field;
    }

    Refusal invalid(String field, JsonNode value, String detail) {
        return Refusal.invalid(
                "Invalid value " + compact(value) + " for parameter '" + name(field) + "' supplied: " + detail);
    }

    private static String compact(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(MAPPER.treeToValue(value, Object.class));
        } catch (JsonProcessingException impossible) {
            return value.toString();
        }
    }

    Optional<String> text(String field) {
        return find(field).map(value -> {
            if (!value.isTextual()) {
                throw invalid(field, value, "expected a string");
            }
            return value.textValue();
        });
    }

    /** Empty texts count as none. */
    Optional<String> filledText(String field) {
        return text(field).filter(value -> !value.isEmpty());
    }

    String requiredText(String field) {
        return filledText(field).orElseThrow(() -> Refusal.missing(name(field)));
    }

    /** A text that has to be there, but may be empty. */
    String presentText(String field) {
        return text(field).orElseThrow(() -> Refusal.missing(name(field)));
    }

    String text(String field, int longest) {
        String value = requiredText(field);
        if (value.length() > longest) {
            throw Refusal.invalid("'" + name(field) + "' exceeds the maximum length of " + longest
                    + " characters: it has " + value.length());
        }
        return value;
    }

    /** The id of a run, under its name of today or of long ago. */
    String runId() {
        return filledText("run_id").or(() -> filledText("run_uuid")).orElseThrow(() -> Refusal.missing(name("run_id")));
    }

    Optional<Long> integer(String field) {
        return find(field).map(value -> {
            if (value.isIntegralNumber() && value.canConvertToLong()) {
                return value.longValue();
            }
            if (value.isTextual()) {
                try {
                    return Long.valueOf(value.textValue());
                } catch (NumberFormatException malformed) {
                    throw invalid(field, value, "expected an integer");
                }
            }
            throw invalid(field, value, "expected an integer");
        });
    }

    long requiredInteger(String field) {
        return integer(field).orElseThrow(() -> Refusal.missing(name(field)));
    }

    int size(String field, int otherwise, int most) {
        long size = integer(field).orElse((long) otherwise);
        if (size < 1 || size > most) {
            throw Refusal.invalid("Invalid value " + size + " for parameter '" + name(field)
                    + "' supplied: It must be at least 1 and at most " + most);
        }
        return (int) size;
    }

    double requiredNumber(String field) {
        JsonNode value = find(field).orElseThrow(() -> Refusal.missing(name(field)));
        if (value.isNumber()) {
            return value.doubleValue();
        }
        if (value.isTextual()) {
            return switch (value.textValue()) {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> {
                    try {
                        yield Double.parseDouble(value.textValue());
                    } catch (NumberFormatException malformed) {
                        throw invalid(field, value, "expected a number");
                    }
                }
            };
        }
        throw invalid(field, value, "expected a number");
    }

    /** Empty where nothing is said. */
    Optional<Boolean> flag(String field) {
        return find(field).map(value -> {
            if (value.isBoolean()) {
                return value.booleanValue();
            }
            if (value.isTextual() && List.of("true", "false").contains(value.textValue())) {
                return value.textValue().equals("true");
            }
            throw invalid(field, value, "expected true or false");
        });
    }

    /** A word of the protocol, by its name or its number. */
    <E extends Enum<E>> Optional<E> word(String field, Class<E> type, int firstNumber) {
        E[] words = type.getEnumConstants();
        return find(field).map(value -> {
            boolean digits = value.isTextual() && value.textValue().matches("\\d{1,3}");
            if (value.isInt() || digits) {
                int index = (digits ? Integer.parseInt(value.textValue()) : value.intValue()) - firstNumber;
                if (index >= 0 && index < words.length) {
                    return words[index];
                }
            }
            List<String> names = Arrays.stream(words).map(Enum::name).toList();
            return Arrays.stream(words)
                    .filter(word -> word.name().equals(value.asText()))
                    .findFirst()
                    .orElseThrow(() -> invalid(
                            field,
                            value,
                            "expected one of " + String.join(", ", names) + "."
                                    + Words.suggestion(value.asText(), names)));
        });
    }

    List<String> texts(String field) {
        return find(field)
                .map(value -> {
                    if (value.isTextual()) {
                        return List.of(value.textValue());
                    }
                    List<String> texts = new ArrayList<>();
                    for (JsonNode item : array(field, value)) {
                        if (!item.isTextual()) {
                            throw Refusal.invalid("Invalid value " + compact(item) + " for parameter '" + name(field)
                                    + "[" + texts.size() + "]' supplied: expected a string");
                        }
                        texts.add(item.textValue());
                    }
                    return texts;
                })
                .orElse(List.of());
    }

    private JsonNode array(String field, JsonNode value) {
        if (!value.isArray()) {
            throw invalid(field, value, "expected an array");
        }
        return value;
    }

    /** The objects of an array. */
    List<Fields> objects(String field) {
        return find(field)
                .map(value -> {
                    List<Fields> objects = new ArrayList<>();
                    for (JsonNode item : array(field, value)) {
                        String place = name(field) + "[" + objects.size() + "]";
                        if (!item.isObject()) {
                            throw Refusal.invalid("Invalid value " + compact(item) + " for parameter '" + place
                                    + "' supplied: expected an object");
                        }
                        objects.add(new Fields(place + ".", item));
                    }
                    return objects;
                })
                .orElse(List.of());
    }

    Optional<Fields> object(String field) {
        return find(field).map(value -> {
            if (!value.isObject()) {
                throw invalid(field, value, "expected an object");
            }
            return new Fields(name(field) + ".", value);
        });
    }
}
