package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.plan.window.TileWindowStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Runs events through the row evaluator and compares with what DuckDB gave for the same rows. */
final class Replay {
    private Replay() {}

    /** Evaluates each event, then observes it, in the order of time and then of row ids. */
    static void inTimeOrder(
            OnlineView view,
            Map<String, ? extends List<? extends Map<String, ? extends @Nullable Object>>> lookups,
            List<? extends Map<String, ? extends @Nullable Object>> events,
            List<Map<String, @Nullable Object>> expected,
            String timestamp) {
        OnlineState state = view.newState(cast(lookups));
        List<Map<String, @Nullable Object>> ordered = new ArrayList<>(expected);
        ordered.sort(Comparator.comparing(
                row -> (Instant) cast(row.get(timestamp)), Comparator.nullsFirst(Comparator.naturalOrder())));
        for (Map<String, @Nullable Object> row : ordered) {
            Map<String, Object> event = cast(events.get(index(row)));
            assertEqual(row, state.evaluate(event));
            state.observe(event);
        }
    }

    /** Evaluates each event in a state that has observed all the others, in the order of their ids. */
    static void againstAllOthers(
            OnlineView view,
            Map<String, ? extends List<? extends Map<String, ? extends @Nullable Object>>> lookups,
            List<? extends Map<String, ? extends @Nullable Object>> events,
            List<Map<String, @Nullable Object>> expected) {
        for (Map<String, @Nullable Object> row : expected) {
            OnlineState state = view.newState(
                    cast(lookups),
                    new TileWindowStore(view.windows(), Duration.ofDays(36_500), InstantSource.system()));
            int own = index(row);
            for (int i = 0; i < events.size(); i++) {
                if (i != own) {
                    state.observe(cast(events.get(i)));
                }
            }
            assertEqual(row, state.evaluate(cast(events.get(own))));
        }
    }

    private static int index(Map<String, @Nullable Object> row) {
        return Math.toIntExact((Long) cast(row.get("_row_id")));
    }

    private static void assertEqual(Map<String, @Nullable Object> duck, Map<String, Object> online) {
        assertEqual(duck, online, column -> column, duck, 1e-9);
    }

    /**
     * @param meaning what a column computes, for the message
     * @param tolerance how far doubles may differ, relative to their size where that is above 1
     */
    static void assertEqual(
            Map<String, @Nullable Object> duck,
            Map<String, Object> online,
            UnaryOperator<String> meaning,
            Map<String, @Nullable Object> row,
            double tolerance) {
        Map<String, @Nullable Object> expected = new HashMap<>(duck);
        expected.remove("_row_id");
        expected.remove("_label");
        assertThat(online.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        List<String> different = expected.keySet().stream()
                .filter(column -> !same(expected.get(column), online.get(column), tolerance))
                .map(column ->
                        meaning.apply(column) + ": DuckDB " + expected.get(column) + ", online " + online.get(column))
                .toList();
        assertThat(different).as("differences for the row %s", row).isEmpty();
    }

    private static boolean same(@Nullable Object expected, @Nullable Object actual, double tolerance) {
        if (expected instanceof Double a && actual instanceof Double b) {
            return Math.abs(a - b) <= tolerance * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
        }
        return expected == null ? actual == null : expected.equals(actual);
    }

    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
    static <T> T cast(@Nullable Object value) {
        return (T) value;
    }
}
