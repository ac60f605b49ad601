package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.SearchSpace.Attribute;
import dev.millwright.registry.SearchSpace.Entity;
import dev.millwright.registry.SearchSpace.Keyed;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Searches runs by what was logged to them. */
final class RunSearch {
    static final int LARGEST_PAGE = 50_000;

    private static final int RUNS_PER_STATEMENT = 500;
    /** What pipelines know beyond the statuses of the protocol. */
    private static final String STATUS =
            "CASE r.status WHEN 'INTERRUPTED' THEN 'FAILED' WHEN 'REFUSED' THEN 'FAILED' ELSE r.status END";

    private static final SearchSpace SPACE = new SearchSpace(
            "runs",
            "runs r",
            "r.run_id",
            "r.deleted",
            entities(),
            attributes(),
            Map.of(
                    Entity.METRIC,
                    new Keyed("latest_metrics", "%s.run_id = r.run_id"),
                    Entity.PARAM,
                    new Keyed("params", "%s.run_id = r.run_id"),
                    Entity.TAG,
                    new Keyed("tags", "%s.run_id = r.run_id")),
            Set.of(),
            List.of(),
            List.of("r.started DESC", "r.run_id"));

    private RunSearch() {}

    private static Map<String, Entity> entities() {
        Map<String, Entity> entities = new LinkedHashMap<>();
        List.of("metric", "metrics").forEach(name -> entities.put(name, Entity.METRIC));
        List.of("param", "params", "parameter", "parameters").forEach(name -> entities.put(name, Entity.PARAM));
        List.of("tag", "tags").forEach(name -> entities.put(name, Entity.TAG));
        List.of("attribute", "attributes", "attr", "run").forEach(name -> entities.put(name, Entity.ATTRIBUTE));
        List.of("dataset", "datasets").forEach(name -> entities.put(name, Entity.DATASET));
        return Collections.unmodifiableMap(entities);
    }

    private static Map<String, Attribute> attributes() {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("run_id", Attribute.text("r.run_id"));
        List.of("run_name", "run name", "Run name", "Run Name")
                .forEach(name -> attributes.put(name, Attribute.text("r.name")));
        attributes.put("user_id", Attribute.text("r.user_id"));
        attributes.put("status", Attribute.text(STATUS));
        attributes.put("artifact_uri", Attribute.text("r.artifact_uri"));
        List.of("start_time", "created", "Created")
                .forEach(name -> attributes.put(name, Attribute.millis("r.started")));
        attributes.put("end_time", Attribute.millis("r.ended"));
        return Collections.unmodifiableMap(attributes);
    }

    /** Names of attributes, each once, without the synonyms that older clients use. */
    static final List<String> ATTRIBUTES =
            List.of("run_id", "run_name", "status", "start_time", "end_time", "user_id", "artifact_uri");

    static Page<Run> run(Session session, List<String> experimentIds, SearchRequest request) throws SQLException {
        if (experimentIds.isEmpty()) {
            return new Page<>(List.of(), java.util.Optional.empty());
        }
        return run(
                session,
                "r.experiment_id IN (" + String.join(", ", Collections.nCopies(experimentIds.size(), "?")) + ")",
                experimentIds.stream().map(Experiments::key).toList(),
                request);
    }

    /** Those among the runs of a list. */
    static Page<Run> run(Session session, RunFilter among, SearchRequest request) throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<Object> arguments = new ArrayList<>();
        among.conditions().forEach((condition, argument) -> {
            conditions.add("r." + condition);
            argument.ifPresent(arguments::add);
        });
        return run(session, String.join(" AND ", conditions), arguments, request);
    }

    private static Page<Run> run(Session session, String scope, List<?> arguments, SearchRequest request)
            throws SQLException {
        if (request.size() > LARGEST_PAGE) {
            throw new InvalidInputException(
                    "max_results: " + request.size() + " (expected: at most " + LARGEST_PAGE + ")");
        }
        Page<String> ids = SearchStatement.run(session, SPACE, scope, arguments, request, SearchStatement::text);
        return new Page<>(load(session, ids.items()), ids.next());
    }

    private static List<Run> load(Session session, List<String> ids) throws SQLException {
        Map<String, Run> byId = new HashMap<>();
        for (int from = 0; from < ids.size(); from += RUNS_PER_STATEMENT) {
            RunRows.load(session, ids.subList(from, Math.min(ids.size(), from + RUNS_PER_STATEMENT)))
                    .forEach(run -> byId.put(run.id(), run));
        }
        List<Run> runs = new ArrayList<>(ids.size());
        ids.forEach(id -> runs.add(Objects.requireNonNull(byId.get(id))));
        return runs;
    }
}
