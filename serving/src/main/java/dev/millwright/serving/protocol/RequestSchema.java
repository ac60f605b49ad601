package dev.millwright.serving.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the JSON Schemas of endpoints have in common, whether they take rows or tensors. */
public final class RequestSchema {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private RequestSchema() {}

    /**
     * The head of a schema that describes a request.
     *
     * @param version of the model that answers
     */
    public static ObjectNode of(String endpoint, int version, String description) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("$schema", DIALECT)
                .put("title", "A request to " + endpoint + ", version " + version)
                .put("description", description);
    }

    /** What is of a type of JSON. */
    public static ObjectNode node(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    /** A number; what is none for JSON is written as null, and read so. */
    public static ObjectNode number() {
        ObjectNode number = JsonNodeFactory.instance.objectNode();
        number.putArray("type").add("number").add("null");
        return number;
    }
}
