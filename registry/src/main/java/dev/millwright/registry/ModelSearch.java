package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.SearchSpace.Attribute;
import dev.millwright.registry.SearchSpace.Entity;
import dev.millwright.registry.SearchSpace.Keyed;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Searches registered models and their versions. */
final class ModelSearch {
    /** By which clients leave prompts out, which they keep among the models; there are none here. */
    private static final String PROMPT_TAG = "mlflow.prompt.is_prompt";

    private static final int MOST_MODELS = 1_000;
    private static final int MOST_VERSIONS = 200_000;
    private static final Map<String, Entity> ENTITIES = Map.of(
            "attribute", Entity.ATTRIBUTE,
            "attributes", Entity.ATTRIBUTE,
            "tag", Entity.TAG,
            "tags", Entity.TAG);

    private static final SearchSpace MODELS = new SearchSpace(
            "registered models",
            "registered_models m",
            "m.name",
            "m.deleted",
            ENTITIES,
            modelAttributes(),
            Map.of(Entity.TAG, new Keyed("registered_model_tags", "%s.model = m.name")),
            Set.of(PROMPT_TAG),
            List.of(),
            List.of("m.name"));

    private static final SearchSpace VERSIONS = new SearchSpace(
            "model versions",
            "model_versions v",
            "v.model, v.version",
            "CASE WHEN v.status = 'DELETED' THEN 1 END",
            ENTITIES,
            versionAttributes(),
            Map.of(Entity.TAG, new Keyed("model_version_tags", "%s.model = v.model AND %s.version = v.version")),
            Set.of(PROMPT_TAG),
            List.of("v.updated DESC"),
            List.of("v.model", "v.version DESC"));

    private ModelSearch() {}

    private static Map<String, Attribute> modelAttributes() {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("name", Attribute.text("m.name"));
        attributes.put("creation_timestamp", Attribute.millis("m.created"));
        attributes.put("timestamp", Attribute.millis("m.updated"));
        attributes.put("last_updated_timestamp", Attribute.millis("m.updated"));
        return attributes;
    }

    private static Map<String, Attribute> versionAttributes() {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("name", Attribute.text("v.model"));
        attributes.put("version_number", Attribute.number("v.version"));
        attributes.put("run_id", Attribute.text("v.run_id"));
        attributes.put("source_path", Attribute.text("v.source"));
        attributes.put("creation_timestamp", Attribute.millis("v.created"));
        attributes.put("last_updated_timestamp", Attribute.millis("v.updated"));
        return attributes;
    }

    static Page<String> models(Session session, SearchRequest request) throws SQLException {
        requireSize(request, MOST_MODELS);
        return SearchStatement.run(session, MODELS, request, SearchStatement::text);
    }

    record VersionKey(String model, int version) {}

    static Page<VersionKey> versions(Session session, SearchRequest request) throws SQLException {
        requireSize(request, MOST_VERSIONS);
        return SearchStatement.run(session, VERSIONS, request, row -> new VersionKey(row.getString(1), row.getInt(2)));
    }

    private static void requireSize(SearchRequest request, int largest) {
        if (request.size() > largest) {
            throw new InvalidInputException("max_results: " + request.size() + " (expected: at most " + largest + ")");
        }
    }
}
