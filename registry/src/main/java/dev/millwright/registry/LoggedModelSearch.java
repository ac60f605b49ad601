package dev.millwright.registry;

import dev.millwright.registry.SearchSpace.Attribute;
import dev.millwright.registry.SearchSpace.Entity;
import dev.millwright.registry.SearchSpace.Keyed;
import dev.millwright.registry.SearchSpace.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Searches logged models. */
final class LoggedModelSearch {
    private static final String OF_MODEL = "%s.model_id = l.model_id";

    private static final Map<String, Entity> ENTITIES = entities();
    private static final Map<String, Attribute> ATTRIBUTES = attributes();

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

    private static SearchSpace space(Keyed metrics) {
        return new SearchSpace(
                "logged models",
                "logged_models l",
                "l.model_id",
                "l.deleted",
                ENTITIES,
                ATTRIBUTES,
                Map.of(
                        Entity.METRIC, metrics,
                        Entity.PARAM, new Keyed("logged_model_params", OF_MODEL),
                        Entity.TAG, new Keyed("logged_model_tags", OF_MODEL)),
                Set.of(),
                List.of(),
                List.of("l.created DESC", "l.model_id"));
    }

    /** All values that were measured on one of the data sets, or on whatever if none is named. */
    private static Keyed measured(List<DatasetChoice> datasets) {
        return new Keyed(
                "logged_model_metrics",
                datasets.isEmpty() ? OF_MODEL : OF_MODEL + " AND " + onOneOf(datasets),
                arguments(datasets),
                Values.MANY);
    }

    /** {@code %s} stands for the alias of the metrics. */
    private static String onOneOf(List<DatasetChoice> datasets) {
        return datasets.stream()
                .map(dataset -> dataset.conditions("%s.").collect(Collectors.joining(" AND ", "(", ")")))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static List<String> arguments(List<DatasetChoice> datasets) {
        return datasets.stream()
                .flatMap(dataset -> dataset.arguments().stream())
                .toList();
    }

    /** The latest value of each metric: over all runs, and over all data sets that the choice leaves open. */
    private static Keyed latest(DatasetChoice on) {
        List<String> conditions = on.conditions("").toList();
        return new Keyed(
                "(SELECT model_id, key, value, is_nan FROM (SELECT model_id, key, value, is_nan, ROW_NUMBER() OVER"
                        + " (PARTITION BY model_id, key ORDER BY timestamp DESC, step DESC, value DESC) AS place"
                        + " FROM logged_model_metrics"
                        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                        + ") AS ranked WHERE place = 1)",
                OF_MODEL,
                on.arguments(),
                Values.ONE);
    }

    static Page<LoggedModel> run(Session session, LoggedModelRequest request) throws SQLException {
        if (request.experimentIds().isEmpty()) {
            return new Page<>(List.of(), Optional.empty());
        }
        SearchStatement statement = new SearchStatement(space(measured(request.datasets())), session.dialect());
        statement.among(
                "l.experiment_id",
                request.experimentIds().stream().map(Experiments::key).toList());
        statement.filter(request.page());
        if (!request.datasets().isEmpty()
                && SearchParser.filter(request.filter()).stream().noneMatch(LoggedModelSearch::isOfMetric)) {
            statement.where(
                    "EXISTS (SELECT 1 FROM logged_model_metrics m WHERE m.model_id = l.model_id AND "
                            + onOneOf(request.datasets()).replace("%s", "m") + ")",
                    arguments(request.datasets()));
        }
        request.orderBy().forEach(order -> statement.order(SearchParser.order(order.by()), space(latest(order.on()))));
        statement.orderTies();
        Page<String> ids = statement.page(session, request.page(), SearchStatement::text);
        List<LoggedModel> found = new ArrayList<>();
        for (String id : ids.items()) {
            found.add(LoggedModelRows.require(session, id));
        }
        return new Page<>(found, ids.next());
    }

    private static boolean isOfMetric(SearchClause clause) {
        return ENTITIES.get(clause.entity()) == Entity.METRIC;
    }
}
