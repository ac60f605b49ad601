package dev.millwright.plan;

import dev.millwright.core.Problem;

/**
 * A SQL expression over the columns that the final SELECT can see in its FROM, or else over its output columns.
 *
 * @param start the place in the pipeline file of the first character of {@code sql}
 */
public record LabelExpression(String sql, Problem.Position start) {}
