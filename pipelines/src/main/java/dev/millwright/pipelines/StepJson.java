package dev.millwright.pipelines;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.millwright.serving.RollBackRule;
import java.io.IOException;

/** How steps' outputs are stored. Records keep the order of their components, maps that of their entries. */
final class StepJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .addModule(rules())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private StepJson() {}

    /** Roll-back rules as the pipeline file says them. */
    private static SimpleModule rules() {
        SimpleModule module = new SimpleModule("roll-back rules");
        module.addSerializer(RollBackRule.class, new StdScalarSerializer<>(RollBackRule.class) {
            @Override
            public void serialize(RollBackRule rule, JsonGenerator json, SerializerProvider provider)
                    throws IOException {
                json.writeString(rule.label());
            }
        });
        module.addDeserializer(RollBackRule.class, new StdScalarDeserializer<>(RollBackRule.class) {
            @Override
            public RollBackRule deserialize(JsonParser json, DeserializationContext context) throws IOException {
                return RollBackRule.parse(json.getValueAsString());
            }
        });
        return module;
    }

    static ObjectMapper mapper() {
        return MAPPER;
    }

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a step's outputs are always JSON", impossible);
        }
    }

    static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException(
                    "stored outputs do not read as " + type.getSimpleName() + ": " + json, damaged);
        }
    }
}
