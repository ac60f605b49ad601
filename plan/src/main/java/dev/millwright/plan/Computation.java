package dev.millwright.plan;

import org.jspecify.annotations.Nullable;

/**
 * A compiled expression. A row holds each field's value at the field's id: Boolean, Long, Double or String, Long microseconds for
 * timestamps, null for NULL. Thread-safe.
 */
@FunctionalInterface
interface Computation {
    @Nullable
    Object of(@Nullable Object[] row);
}
