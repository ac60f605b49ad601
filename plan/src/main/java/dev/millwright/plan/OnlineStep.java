package dev.millwright.plan;

import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.window.WindowStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One relation of the view's own rows, as it is computed for a single event: step by step {@link #compute}, and if the event is asked
 * about {@link #lookBack}. If later ones shall know of it, {@link #remember}, for as long as the steps {@link #keep} it. Thread-safe.
 */
sealed interface OnlineStep {
    /** What steps read and change besides the row. */
    record Surroundings(List<LookupIndex> lookups, WindowStore store) {}

    /** Fills in the step's fields, save those that windows compute. */
    default void compute(@Nullable Object[] row, Surroundings surroundings) {}

    /** Fills in what windows compute. */
    default void lookBack(@Nullable Object[] row, Surroundings surroundings, OnlineState.Arrival arrival) {}

    /** Whether the view has the row. An event is answered whether or not it has. */
    default boolean keep(@Nullable Object[] row, Surroundings surroundings) {
        return true;
    }

    /** Does what the event means for later ones. */
    default void remember(@Nullable Object[] row, Surroundings surroundings) {}

    /** @param slots where each value goes */
    record Compute(int[] slots, List<Computation> values) implements OnlineStep {
        @Override
        public void compute(@Nullable Object[] row, Surroundings surroundings) {
            for (int i = 0; i < slots.length; i++) {
                row[slots[i]] = values.get(i).of(row);
            }
        }
    }

    record Keep(Computation condition) implements OnlineStep {
        @Override
        public boolean keep(@Nullable Object[] row, Surroundings surroundings) {
            return Boolean.TRUE.equals(condition.of(row));
        }
    }

    /** @param index the position of the right side in {@link Surroundings#lookups} */
    record LookUp(Lookup lookup, LookupMatch match, int index) implements OnlineStep {
        @Override
        public void compute(@Nullable Object[] row, Surroundings surroundings) {
            match.fill(row, surroundings.lookups().get(index));
        }

        @Override
        public boolean keep(@Nullable Object[] row, Surroundings surroundings) {
            return lookup.kind() == Relation.JoinKind.LEFT
                    || match.fill(row, surroundings.lookups().get(index));
        }
    }

    /** Looks back on earlier events, and adds its own. */
    record LookBack(OnlineWindow window) implements OnlineStep {
        @Override
        public void lookBack(@Nullable Object[] row, Surroundings surroundings, OnlineState.Arrival arrival) {
            window.evaluate(row, surroundings.store(), arrival);
        }

        @Override
        public void remember(@Nullable Object[] row, Surroundings surroundings) {
            window.observe(row, surroundings.store());
        }
    }
}
