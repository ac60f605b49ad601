package dev.millwright.plan;

import dev.millwright.core.Problem;
import java.time.Duration;
import java.util.Optional;

/**
 * A SQL expression over the columns that the final SELECT can see in its FROM, or else over its output columns.
 *
 * @param start the place in the pipeline file of the first character of {@code sql}
 * @param knownAfter how long after the view's timestamp it is known; by the columns that it is made of alone when empty
 */
public record LabelExpression(String sql, Problem.Position start, Optional<Duration> knownAfter) {
    /** A label that is known when the columns are that it is made of. */
    public LabelExpression(String sql, Problem.Position start) {
        this(sql, start, Optional.empty());
    }
}
