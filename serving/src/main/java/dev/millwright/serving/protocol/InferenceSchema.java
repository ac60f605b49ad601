package dev.millwright.serving.protocol;

import static dev.millwright.serving.protocol.RequestSchema.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the protocol takes and gives as JSON for a model of tensors, as JSON Schema 2020-12: the document itself describes a request,
 * and {@code #/$defs/answer} the answer.
 */
public final class InferenceSchema {
    private InferenceSchema() {}

    /**
     * The schema of an endpoint.
     *
     * @param version of the model, which the inputs and outputs are of
     */
    public static ObjectNode of(
            String endpoint, int version, List<TensorMetadata> inputs, List<TensorMetadata> outputs) {
        ObjectNode schema = RequestSchema.of(
                endpoint,
                version,
                "A tensor for each input, in any order, with as many elements as its shape says: row by row, flat or nested, or as"
                        + " bytes behind the JSON.");
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.set("id", node("string").put("description", "The client's own; it comes back."));
        properties.set("parameters", node("object"));
        properties.set("inputs", each(inputs));
        properties.set("outputs", wanted(outputs));
        schema.putArray("required").add("inputs");
        ObjectNode definitions = schema.putObject("$defs");
        datatypes(inputs, outputs).forEach(type -> definitions.set(type.name(), elements(type)));
        definitions.set("answer", answer(outputs));
        return schema;
    }

    private static Set<Datatype> datatypes(List<TensorMetadata> inputs, List<TensorMetadata> outputs) {
        Set<Datatype> datatypes = EnumSet.noneOf(Datatype.class);
        inputs.forEach(input -> datatypes.add(input.datatype()));
        outputs.forEach(output -> datatypes.add(output.datatype()));
        return datatypes;
    }

    /** All of them: as many as there are, and every one by its name. */
    private static ObjectNode each(List<TensorMetadata> inputs) {
        ObjectNode tensors = some(inputs).put("minItems", inputs.size());
        if (!inputs.isEmpty()) {
            ArrayNode present = tensors.putArray("allOf");
            inputs.forEach(input -> present.addObject().set("contains", named(input)));
        }
        return tensors;
    }

    /** Some of them, in any order. A schema may not choose among nothing. */
    private static ObjectNode some(List<TensorMetadata> known) {
        ObjectNode tensors = node("array").put("maxItems", known.size());
        if (!known.isEmpty()) {
            ArrayNode choices = tensors.putObject("items").putArray("oneOf");
            known.forEach(tensor -> choices.add(tensor(tensor)));
        }
        return tensors;
    }

    private static ObjectNode named(TensorMetadata tensor) {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        named.putObject("properties").putObject("name").put("const", tensor.name());
        named.putArray("required").add("name");
        return named;
    }

    private static ObjectNode tensor(TensorMetadata metadata) {
        ObjectNode tensor = node("object");
        ObjectNode properties = tensor.putObject("properties");
        properties.putObject("name").put("const", metadata.name());
        properties.putObject("datatype").put("const", metadata.datatype().name());
        properties.set("shape", shape(metadata.shape()));
        properties
                .putObject("data")
                .put("$ref", "#/$defs/" + metadata.datatype().name());
        properties.set("parameters", node("object"));
        tensor.putArray("required").add("name").add("datatype").add("shape");
        ArrayNode either = tensor.putArray("oneOf");
        either.addObject().putArray("required").add("data");
        ObjectNode binary = either.addObject();
        binary.putArray("required").add("parameters");
        binary.putObject("properties")
                .putObject("parameters")
                .putArray("required")
                .add("binary_data_size");
        return tensor;
    }

    /** A model that says nothing of its dimensions may take any number of them. */
    private static ObjectNode shape(long... sizes) {
        ObjectNode shape = node("array");
        if (sizes.length == 0) {
            shape.set("items", node("integer").put("minimum", 0));
            return shape;
        }
        ArrayNode dimensions = shape.putArray("prefixItems");
        for (long size : sizes) {
            if (size < 0) {
                dimensions.add(node("integer").put("minimum", 0));
            } else {
                dimensions.addObject().put("const", size);
            }
        }
        return shape.put("minItems", sizes.length).put("maxItems", sizes.length);
    }

    /** Elements, or lists of such. */
    private static ObjectNode elements(Datatype type) {
        ObjectNode elements = node("array");
        ArrayNode choices = elements.putObject("items").putArray("anyOf");
        choices.add(element(type));
        choices.addObject().put("$ref", "#/$defs/" + type.name());
        return elements;
    }

    private static ObjectNode element(Datatype type) {
        return switch (type) {
            case BOOL -> node("boolean");
            case BYTES -> node("string");
            case FP16, BF16, FP32, FP64 -> RequestSchema.number();
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
                node("integer").put("minimum", JsonElements.least(type)).put("maximum", JsonElements.largest(type));
        };
    }

    private static ObjectNode wanted(List<TensorMetadata> outputs) {
        ObjectNode wanted = node("array").put("description", "Those that are to come; without it all of them do.");
        if (!outputs.isEmpty()) {
            ObjectNode output = wanted.putObject("items").put("type", "object");
            ArrayNode names = output.putObject("properties").putObject("name").putArray("enum");
            outputs.forEach(each -> names.add(each.name()));
            output.putArray("required").add("name");
        }
        return wanted;
    }

    private static ObjectNode answer(List<TensorMetadata> outputs) {
        ObjectNode answer = node("object");
        ObjectNode properties = answer.putObject("properties");
        properties.set("model_name", node("string"));
        properties.set("model_version", node("string").put("description", "The version that answered."));
        properties.set("id", node("string"));
        ObjectNode parameters = node("object");
        parameters
                .putObject("properties")
                .set(
                        FeatureTensors.PREDICTION_ID,
                        node("string").put("description", "Feedback names the prediction that it is about by this."));
        properties.set("parameters", parameters);
        properties.set("outputs", some(outputs));
        answer.putArray("required").add("model_name").add("model_version").add("outputs");
        return answer;
    }
}
