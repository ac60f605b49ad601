package dev.millwright.plan;

import dev.millwright.core.Problem;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A feature view as its author wrote it.
 *
 * @param sql one SELECT
 * @param sqlStart the place in the pipeline file of the first character of {@code sql}; later lines of the SQL start at the
 *     same column, as in a YAML block scalar
 * @param zone what calendar functions and timestamps without a zone mean
 * @param entity the output column that names whom a row is about
 * @param timestamp the output column that says when the row was known
 * @param label what is to be predicted
 * @param keys output columns beside {@code entity} that are no features, but find rows of other views
 * @param joined other views, in the order of their columns
 */
public record FeatureQuery(
        String sql,
        Problem.Position sqlStart,
        ZoneId zone,
        Optional<String> entity,
        Optional<String> timestamp,
        Optional<LabelExpression> label,
        List<String> keys,
        List<JoinedView> joined) {
    public FeatureQuery {
        keys = List.copyOf(keys);
        joined = List.copyOf(joined);
    }

    /** One view alone. */
    public FeatureQuery(
            String sql,
            Problem.Position sqlStart,
            ZoneId zone,
            Optional<String> entity,
            Optional<String> timestamp,
            Optional<LabelExpression> label) {
        this(sql, sqlStart, zone, entity, timestamp, label, List.of(), List.of());
    }

    /** What a view that is joined to this one says, by itself. */
    FeatureQuery of(JoinedView view) {
        return new FeatureQuery(
                view.sql(),
                view.sqlStart(),
                zone,
                Optional.empty(),
                Optional.of(view.timestamp()),
                Optional.empty(),
                view.entity(),
                List.of());
    }
}
