package dev.millwright.registry;

import dev.millwright.registry.SearchSpace.Attribute;
import dev.millwright.registry.SearchSpace.Entity;
import dev.millwright.registry.SearchSpace.Keyed;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Searches logged models. */
final class LoggedModelSearch {
    /** The latest value of each metric, over all runs and data sets. */
    private static final String LATEST = "(SELECT model_id, key, value, is_nan FROM ("
            + "SELECT model_id, key, value, is_nan, ROW_NUMBER() OVER (PARTITION BY model_id, key"
            + " ORDER BY step DESC, timestamp DESC, value DESC) AS place FROM logged_model_metrics) AS ranked WHERE place = 1)";

    private static final SearchSpace SPACE = new SearchSpace(
            "logged models",
            "logged_models l",
            "l.model_id",
            "l.deleted",
            entities(),
            attributes(),
            Map.of(
                    Entity.METRIC, new Keyed(LATEST, "%s.model_id = l.model_id"),
                    Entity.PARAM, new Keyed("logged_model_params", "%s.model_id = l.model_id"),
                    Entity.TAG, new Keyed("logged_model_tags", "%s.model_id = l.model_id")),
            Set.of(),
            List.of(),
            List.of("l.created DESC", "l.model_id"));

    private LoggedModelSearch() {}

    private static Map<String, Entity> entities() {
        Map<String, Entity> entities = new LinkedHashMap<>();
        List.of("metric", "metrics").forEach(name -> entities.put(name, Entity.METRIC));
        List.of("param", "params").forEach(name -> entities.put(name, Entity.PARAM));
        List.of("tag", "tags").forEach(name -> entities.put(name, Entity.TAG));
        List.of("attribute", "attributes").forEach(name -> entities.put(name, Entity.ATTRIBUTE));
        return Collections.unmodifiableMap(entities);
    }

    private static Map<String, Attribute> attributes() {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("name", Attribute.text("l.name"));
        attributes.put("model_id", Attribute.text("l.model_id"));
        attributes.put("model_type", Attribute.text("l.model_type"));
        attributes.put(
                "status",
                Attribute.text("CASE l.status WHEN 'PENDING' THEN 'LOGGED_MODEL_PENDING' WHEN 'READY' THEN"
                        + " 'LOGGED_MODEL_READY' ELSE 'LOGGED_MODEL_UPLOAD_FAILED' END"));
        attributes.put("source_run_id", Attribute.text("l.source_run_id"));
        List.of("creation_timestamp", "creation_time")
                .forEach(name -> attributes.put(name, Attribute.millis("l.created")));
        List.of("last_updated_timestamp", "last_updated_time")
                .forEach(name -> attributes.put(name, Attribute.millis("l.updated")));
        return Collections.unmodifiableMap(attributes);
    }

    static Page<LoggedModel> run(Session session, List<String> experimentIds, SearchRequest request)
            throws SQLException {
        if (experimentIds.isEmpty()) {
            return new Page<>(List.of(), Optional.empty());
        }
        SearchStatement statement = new SearchStatement(SPACE, session.dialect());
        statement.where(
                "l.experiment_id IN (" + SearchComparison.marks(experimentIds.size()) + ")",
                experimentIds.stream().map(Experiments::key).toList());
        statement.filter(request);
        statement.order(request);
        Page<String> ids = statement.page(session, request, SearchStatement::text);
        List<LoggedModel> found = new ArrayList<>();
        for (String id : ids.items()) {
            found.add(LoggedModelRows.require(session, id));
        }
        return new Page<>(found, ids.next());
    }
}
