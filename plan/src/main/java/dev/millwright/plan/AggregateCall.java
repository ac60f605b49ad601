package dev.millwright.plan;

import java.util.Optional;

/**
 * A summary of several rows.
 *
 * @param argument already of the type that the function computes with; empty for COUNT(*)
 */
record AggregateCall(Field field, AggregateFunction function, Optional<Expression> argument) {}
