package dev.millwright.serving.rows;

import static dev.millwright.serving.protocol.RequestSchema.node;
import static dev.millwright.serving.protocol.RequestSchema.number;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.core.ModelSignature;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.RequestSchema;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@link ScoringJson} takes and gives for a model, as JSON Schema 2020-12: the document itself describes a request in the
 * record form, and {@code #/$defs/answer} the answer.
 */
public final class ScoringSchema {
    private ScoringSchema() {}

    /**
     * The schema of an endpoint.
     *
     * @param version of the model, which the signature is of
     */
    public static ObjectNode of(String endpoint, int version, ModelSignature signature) {
        ObjectNode schema = RequestSchema.of(
                endpoint,
                version,
                "Rows as objects, one value a column, null where it is missing. The same rows are taken as dataframe_split,"
                        + " instances, inputs and CSV.");
        closedObject(schema, Map.of("dataframe_records", rows()));
        ObjectNode definitions = schema.putObject("$defs");
        definitions.set("row", row(signature));
        definitions.set("answer", answer(signature));
        return schema;
    }

    private static ObjectNode rows() {
        ObjectNode rows = node("array");
        rows.putObject("items").put("$ref", "#/$defs/row");
        return rows.put("minItems", 1).put("maxItems", FeatureTensors.LARGEST_ROWS);
    }

    private static ObjectNode row(ModelSignature signature) {
        Map<String, ObjectNode> properties = new LinkedHashMap<>();
        for (TensorMetadata input : new FeatureTensors(signature).inputs()) {
            properties.put(input.name(), value(input.datatype(), (int) input.shape()[1]));
        }
        return closedObject(JsonNodeFactory.instance.objectNode(), properties);
    }

    private static ObjectNode value(Datatype type, int width) {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        value.putArray("type").add(type.isNumeric() ? "number" : "string").add("null");
        if (width == 1) {
            return value;
        }
        ObjectNode tensor = node("array");
        tensor.set("items", value);
        return tensor.put("minItems", width).put("maxItems", width);
    }

    private static ObjectNode answer(ModelSignature signature) {
        Map<String, ObjectNode> properties = new LinkedHashMap<>();
        ObjectNode predictions = node("array");
        predictions.set("items", signature.task().isClassification() ? classified(signature) : number());
        properties.put("predictions", predictions.put("description", "One a row, in the order of the rows."));
        ObjectNode ids = node("array");
        ids.set("items", node("string"));
        properties.put(
                "prediction_ids",
                ids.put("description", "One a row; feedback names the prediction that it is about by this."));
        properties.put("endpoint", node("string"));
        properties.put("model_version", node("integer").put("description", "The version that answered."));
        return closedObject(JsonNodeFactory.instance.objectNode(), properties);
    }

    private static ObjectNode classified(ModelSignature signature) {
        ObjectNode label = node("string");
        ArrayNode known = label.putArray("enum");
        Map<String, ObjectNode> probabilities = new LinkedHashMap<>();
        for (String name : signature.classes()) {
            known.add(name);
            probabilities.put(name, number().put("minimum", 0).put("maximum", 1));
        }
        Map<String, ObjectNode> properties = new LinkedHashMap<>();
        properties.put("label", label);
        properties.put("probabilities", closedObject(JsonNodeFactory.instance.objectNode(), probabilities));
        return closedObject(JsonNodeFactory.instance.objectNode(), properties);
    }

    private static ObjectNode closedObject(ObjectNode into, Map<String, ObjectNode> properties) {
        into.put("type", "object");
        into.putObject("properties").setAll(properties);
        ArrayNode required = into.putArray("required");
        properties.keySet().forEach(required::add);
        return into.put("additionalProperties", false);
    }
}
