package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.SearchSpace.Attribute;
import dev.millwright.registry.SearchSpace.Entity;
import dev.millwright.registry.SearchSpace.Keyed;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Searches experiments. */
final class ExperimentSearch {
    private static final int LARGEST_PAGE = 50_000;

    private static final SearchSpace SPACE = new SearchSpace(
            "experiments",
            "experiments e",
            "e.experiment_id",
            "e.deleted",
            Map.of(
                    "attribute", Entity.ATTRIBUTE,
                    "attributes", Entity.ATTRIBUTE,
                    "attr", Entity.ATTRIBUTE,
                    "tag", Entity.TAG,
                    "tags", Entity.TAG),
            attributes(),
            Map.of(Entity.TAG, new Keyed("experiment_tags", "%s.experiment_id = e.experiment_id")),
            Set.of(),
            List.of("e.created DESC"),
            List.of("e.experiment_id DESC"));

    private ExperimentSearch() {}

    private static Map<String, Attribute> attributes() {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("name", Attribute.text("e.name"));
        attributes.put("experiment_id", Attribute.number("e.experiment_id"));
        attributes.put("creation_time", Attribute.millis("e.created"));
        attributes.put("last_update_time", Attribute.millis("e.updated"));
        return attributes;
    }

    static Page<Experiment> run(Session session, SearchRequest request) throws SQLException {
        if (request.size() > LARGEST_PAGE) {
            throw new InvalidInputException(
                    "max_results: " + request.size() + " (expected: at most " + LARGEST_PAGE + ")");
        }
        Page<String> ids = SearchStatement.run(session, SPACE, request, SearchStatement::text);
        List<Experiment> found = new ArrayList<>();
        for (String id : ids.items()) {
            found.add(Experiments.require(session, id));
        }
        return new Page<>(found, ids.next());
    }
}
