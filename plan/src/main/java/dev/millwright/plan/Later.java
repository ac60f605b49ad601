package dev.millwright.plan;

import dev.millwright.core.KnownAfter;
import dev.millwright.plan.Relation.Aggregate;
import dev.millwright.plan.Relation.Filter;
import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.Relation.WindowCall;
import java.util.Optional;

/**
 * That a value isn't known at once.
 *
 * @param since when it is known; empty where that can't be told from the row
 * @param through the last place on the value's way that took it from other rows, or that left rows out by it; empty for the row's own
 */
record Later(Source source, Optional<Moment> since, Optional<Through> through) {

    /**
     * What is known later.
     *
     * @param column empty for the rows themselves
     * @param time the column that says when the row happened, or what does so in its place
     */
    record Source(String dataset, Optional<String> column, KnownAfter known, String time) {}

    /** Where a value passes from rows to others. */
    sealed interface Through {
        record Window(WindowCall call) implements Through {}

        record Join(Lookup lookup) implements Through {}

        record Groups(Aggregate aggregate) implements Through {}

        record Condition(Filter filter) implements Through {}

        /** A table of which isn't known when its rows happened. */
        record Untimed() implements Through {}
    }

    /** The same where it passes to other rows, or leaves some out; where it was lost before stays the place to mend. */
    Later through(Through place) {
        return since.isEmpty() ? this : new Later(source, since, Optional.of(place));
    }

    Later since(Moment moment) {
        return new Later(source, Optional.of(moment), through);
    }

    /** The value of some row, of which nothing is certain. */
    Later lost() {
        return new Later(source, Optional.empty(), through);
    }
}
