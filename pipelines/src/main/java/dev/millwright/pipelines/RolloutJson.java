package dev.millwright.pipelines;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.millwright.serving.rollout.AbTest;
import dev.millwright.serving.rollout.Bandit;
import dev.millwright.serving.rollout.BlueGreen;
import dev.millwright.serving.rollout.Canary;
import dev.millwright.serving.rollout.Conditions;
import dev.millwright.serving.rollout.QualityScore;
import dev.millwright.serving.rollout.RollBackRule;
import dev.millwright.serving.rollout.RolloutFigures;
import dev.millwright.serving.rollout.RolloutPlan;
import dev.millwright.serving.rollout.RolloutState;
import dev.millwright.serving.rollout.Shadow;
import dev.millwright.serving.rollout.Strategy;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.StickyKey;
import java.io.IOException;
import java.util.function.Function;

/**
 * A rollout as an endpoint's row and the record hold it. Rules, scores, keys and conditions stand as in a pipeline file. Each document
 * has the number of its form, so that a later release reads what an earlier one wrote.
 */
public final class RolloutJson {
    private static final int FORMAT = 2;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .addModule(texts())
            .addMixIn(Strategy.class, OfStrategies.class)
            .addMixIn(Shadow.Then.class, OfSequels.class)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .visibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .visibility(PropertyAccessor.CREATOR, JsonAutoDetect.Visibility.ANY)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private RolloutJson() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Canary.class, name = "canary"),
        @JsonSubTypes.Type(value = BlueGreen.class, name = "blue_green"),
        @JsonSubTypes.Type(value = Shadow.class, name = "shadow"),
        @JsonSubTypes.Type(value = AbTest.class, name = "ab"),
        @JsonSubTypes.Type(value = Bandit.class, name = "bandit"),
        @JsonSubTypes.Type(value = Conditions.class, name = "conditions")
    })
    private interface OfStrategies {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Shadow.Then.Promote.class, name = "promote"),
        @JsonSubTypes.Type(value = Shadow.Then.Stop.class, name = "stop"),
        @JsonSubTypes.Type(value = Shadow.Then.Continue.class, name = "canary")
    })
    private interface OfSequels {}

    private static SimpleModule texts() {
        SimpleModule module = new SimpleModule("what pipeline files write as text");
        add(module, RollBackRule.class, RollBackRule::label, RollBackRule::parse);
        add(module, QualityScore.class, QualityScore::label, QualityScore::parse);
        add(module, StickyKey.class, StickyKey::label, StickyKey::parse);
        add(module, RequestCondition.class, RequestCondition::label, RequestCondition::parse);
        return module;
    }

    private static <T> void add(
            SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> read) {
        module.addSerializer(type, new StdScalarSerializer<>(type) {
            @Override
            public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
                json.writeString(write.apply(value));
            }
        });
        module.addDeserializer(type, new StdScalarDeserializer<>(type) {
            @Override
            public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
                return read.apply(json.getValueAsString());
            }
        });
    }

    /** The state of a rollout. */
    static String write(RolloutState state) {
        ObjectNode document = MAPPER.valueToTree(state);
        document.put("format", FORMAT);
        return document.toString();
    }

    /**
     * Reads what this or an earlier release wrote.
     *
     * @throws IllegalStateException when it is damaged, or a later release wrote it
     */
    static RolloutState read(String json) {
        try {
            ObjectNode document = (ObjectNode) MAPPER.readTree(json);
            int format = document.path("format").asInt(1);
            document.remove("format");
            if (format > FORMAT) {
                throw new IllegalStateException("rollout: stored in form " + format + " (expected: at most " + FORMAT
                        + "). A later release wrote it: start that one.");
            }
            return MAPPER.treeToValue(format == 1 ? fromCanary(document) : document, RolloutState.class);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("rollout: does not read as one: " + json, damaged);
        }
    }

    /** The first form knew nothing but canaries. */
    private static ObjectNode fromCanary(ObjectNode document) {
        JsonNode old = document.path("plan");
        ObjectNode strategy = MAPPER.createObjectNode();
        strategy.put("kind", "canary");
        strategy.set("shares", old.path("canary"));
        strategy.set("every", old.path("every"));
        strategy.set("patience", old.path("patience"));
        ObjectNode plan = MAPPER.createObjectNode();
        plan.set("strategy", strategy);
        plan.set("roll_back_if", old.path("roll_back_if"));
        plan.set("minimum_requests", old.path("minimum_requests"));
        plan.put("score", new QualityScore.Brier().label());
        plan.put("alpha", RolloutPlan.ALPHA);
        document.set("plan", plan);
        document.set("started", document.path("stage_started"));
        document.putNull("paused_since");
        document.set("weights", MAPPER.createObjectNode());
        return document;
    }

    /** The figures of a decision, for the record. */
    static String write(RolloutFigures figures) {
        return MAPPER.valueToTree(figures).toString();
    }

    /** Figures that the record holds. */
    public static RolloutFigures readFigures(String json) {
        try {
            // A later version may have written more; what a decision rested on is shown as far as it is known.
            return MAPPER.readerFor(RolloutFigures.class)
                    .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(json);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("figures: do not read as those of a rollout: " + json, damaged);
        }
    }
}
