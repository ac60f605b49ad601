package dev.millwright.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.serving.protocol.JsonMistake;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How this room writes JSON: {@code snake_case} names, instants in ISO 8601, absent values left out. */
final class Json {
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
            .build();

    private Json() {}

    static HttpResponse respond(Object value) {
        return respond(HttpStatus.OK, value);
    }

    static HttpResponse respond(HttpStatus status, Object value) {
        return respond(ResponseHeaders.of(status, HttpHeaderNames.CONTENT_TYPE, MediaType.JSON), value);
    }

    /** The same with headers, which say that it is JSON. */
    static HttpResponse respond(ResponseHeaders headers, Object value) {
        try {
            return HttpResponse.of(headers, HttpData.wrap(MAPPER.writeValueAsBytes(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass(), e);
        }
    }

    /** A document that this program wrote. */
    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored JSON cannot be read: " + json, e);
        }
    }

    static <T> T read(byte[] body, Class<T> type) {
        try {
            return MAPPER.readValue(body, type);
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    /** The objects of a body that holds one object, an array of them, or one object a line. */
    static List<JsonNode> objects(byte[] body) {
        List<JsonNode> objects = new ArrayList<>();
        try (var values = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(body)) {
            while (values.hasNextValue()) {
                JsonNode value = values.nextValue();
                if (value.isArray()) {
                    value.forEach(objects::add);
                } else {
                    objects.add(value);
                }
            }
        } catch (IOException e) {
            throw notJson(e);
        }
        for (JsonNode object : objects) {
            if (!object.isObject()) {
                throw new MillwrightException(
                        WebError.BAD_REQUEST,
                        "body: " + object.getNodeType()
                                + " (expected: a JSON object, an array of objects, or one object a line)");
            }
        }
        if (objects.isEmpty()) {
            throw new MillwrightException(
                    WebError.BAD_REQUEST,
                    "body: empty (expected: a JSON object, an array of objects, or one object a line)");
        }
        return objects;
    }

    private static MillwrightException notJson(IOException cause) {
        String message = switch (cause) {
            case UnrecognizedPropertyException unknown ->
                Words.shortened(unknown.getPropertyName()) + ": unknown."
                        + Words.suggestion(
                                unknown.getPropertyName(),
                                unknown.getKnownPropertyIds().stream()
                                        .map(String::valueOf)
                                        .toList());
            case MismatchedInputException _ -> "not of the form that is expected here";
            default -> JsonMistake.describe(cause);
        };
        return new MillwrightException(WebError.BAD_REQUEST, "body: " + message, cause);
    }
}
