package dev.millwright.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** JSON as the database holds it. Objects of texts are streamed, so that a short command never loads data binding. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Loaded when first needed: it takes longer than opening a home. */
    private static final class Binding {
        static final ObjectMapper MAPPER = new ObjectMapper();
    }

    private Json() {}

    static String text(Map<String, ?> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            generator.writeStartObject();
            for (Map.Entry<String, ?> field : fields.entrySet()) {
                generator.writeFieldName(field.getKey());
                switch (field.getValue()) {
                    case Long number -> generator.writeNumber(number);
                    case Integer number -> generator.writeNumber(number);
                    case Object other -> generator.writeString(other.toString());
                }
            }
            generator.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return text.toString();
    }

    /** Numbers are given as text. */
    static Map<String, String> map(String json) {
        Map<String, String> fields = new TreeMap<>();
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw damaged("no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (!parser.nextToken().isScalarValue()) {
                    throw damaged(name + " is not a text");
                }
                fields.put(name, parser.getText());
            }
            return fields;
        } catch (IOException malformed) {
            throw damaged(String.valueOf(malformed.getMessage()));
        }
    }

    /** A record or a list of records. */
    static String write(Object value) {
        try {
            return Binding.MAPPER.writeValueAsString(value);
        } catch (JacksonException impossible) {
            throw new IllegalStateException("value: cannot be written as JSON", impossible);
        }
    }

    static <T> T read(String json, TypeReference<T> type) {
        try {
            return Binding.MAPPER.readValue(json, type);
        } catch (JacksonException malformed) {
            throw damaged(malformed.getOriginalMessage());
        }
    }

    private static MillwrightException damaged(String why) {
        return new MillwrightException(
                RegistryError.STATE_CORRUPT,
                "stored JSON: " + why + " (expected: what the registry wrote). Restore the home from a backup.");
    }

    /** Refuses what is not one JSON document. */
    static String require(String name, String json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() == null) {
                throw new InvalidInputException(name + ": empty (expected: a JSON document)");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new InvalidInputException(name + ": two documents (expected: one JSON document)");
            }
            return json;
        } catch (JacksonException malformed) {
            throw new InvalidInputException(
                    name + ": " + malformed.getOriginalMessage() + " (expected: a JSON document)");
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        }
    }
}
