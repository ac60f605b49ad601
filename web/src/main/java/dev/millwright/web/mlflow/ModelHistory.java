package dev.millwright.web.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;

/** The list of models in a run's tag, as clients before logged models read it. */
final class ModelHistory {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ModelHistory() {}

    static String append(String before, String model) {
        try {
            JsonNode added = MAPPER.readTree(model);
            if (!added.isObject()) {
                throw Refusal.invalid("Invalid value for parameter 'model_json' supplied: expected a JSON object");
            }
            JsonNode known = MAPPER.readTree(before);
            ArrayNode all = known instanceof ArrayNode array ? array : MAPPER.createArrayNode();
            return MAPPER.writeValueAsString(all.add(added));
        } catch (JsonProcessingException malformed) {
            throw Refusal.invalid("Malformed model info: " + malformed.getOriginalMessage());
        }
    }
}
