package dev.millwright.plan;

import dev.millwright.core.Problem;
import java.time.ZoneId;
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
 */
public record FeatureQuery(
        String sql,
        Problem.Position sqlStart,
        ZoneId zone,
        Optional<String> entity,
        Optional<String> timestamp,
        Optional<LabelExpression> label) {}
