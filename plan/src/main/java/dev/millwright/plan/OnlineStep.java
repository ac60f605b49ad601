package dev.millwright.plan;

import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.window.WindowStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One relation of the view's own rows, as it is computed for a single event. Thread-safe. */
sealed interface OnlineStep {
    /** What steps read and change besides the row. */
    record Surroundings(List<LookupIndex> lookups, WindowStore store) {}

    /** Fills in the step's fields. Conditions are no matter: an event is answered whether or not WHERE would keep it. */
    void evaluate(@Nullable Object[] row, Surroundings surroundings);

    /** Does what the event means for later ones; false when the view leaves the row out. */
    boolean observe(@Nullable Object[] row, Surroundings surroundings);

    /** @param slots where each value goes */
    record Compute(int[] slots, List<Computation> values) implements OnlineStep {
        @Override
        public void evaluate(@Nullable Object[] row, Surroundings surroundings) {
            for (int i = 0; i < slots.length; i++) {
                row[slots[i]] = values.get(i).of(row);
            }
        }

        @Override
        public boolean observe(@Nullable Object[] row, Surroundings surroundings) {
            evaluate(row, surroundings);
            return true;
        }
    }

    record Keep(Computation condition) implements OnlineStep {
        @Override
        public void evaluate(@Nullable Object[] row, Surroundings surroundings) {}

        @Override
        public boolean observe(@Nullable Object[] row, Surroundings surroundings) {
            return Boolean.TRUE.equals(condition.of(row));
        }
    }

    /** @param index the position of the right side in {@link Surroundings#lookups} */
    record LookUp(Lookup lookup, LookupMatch match, int index) implements OnlineStep {
        @Override
        public void evaluate(@Nullable Object[] row, Surroundings surroundings) {
            match.fill(row, surroundings.lookups().get(index));
        }

        @Override
        public boolean observe(@Nullable Object[] row, Surroundings surroundings) {
            boolean found = match.fill(row, surroundings.lookups().get(index));
            return found || lookup.kind() == Relation.JoinKind.LEFT;
        }
    }

    /** Looks back on earlier events, and adds its own. */
    record LookBack(OnlineWindow window) implements OnlineStep {
        @Override
        public void evaluate(@Nullable Object[] row, Surroundings surroundings) {
            window.evaluate(row, surroundings.store());
        }

        @Override
        public boolean observe(@Nullable Object[] row, Surroundings surroundings) {
            window.observe(row, surroundings.store());
            return true;
        }
    }
}
