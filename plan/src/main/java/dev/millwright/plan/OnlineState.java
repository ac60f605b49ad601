package dev.millwright.plan;

import dev.millwright.plan.Relation.Scan;
import dev.millwright.plan.Relation.ScanColumn;
import dev.millwright.plan.window.WindowStore;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A view with its windows filled: answers events and remembers them. Events are maps from the base table's column names to
 * Boolean, Long (or another whole number), Double (or another number) or String; timestamps are Instants, microseconds as Long,
 * or ISO 8601 text, in the view's zone if it names none. A missing key is NULL, other keys are ignored. Thread-safe.
 */
public final class OnlineState {
    /** The time of an event that no window orders. */
    public static final long NO_TIME = Long.MIN_VALUE;

    private final Scan base;
    private final List<OnlineStep> steps;
    private final List<Field> outputs;
    private final ZoneId zone;
    private final int slots;
    private final OnlineStep.Surroundings surroundings;

    /** Whether an event was observed before. */
    public enum Arrival {
        FIRST,
        /** It is in the windows already, as the latest of its time, unless the view's conditions leave it out. */
        AGAIN
    }

    /**
     * An event's answer.
     *
     * @param outputs every output column, with Boolean, Long, Double, String, Instant or null
     * @param timeMicros by which the view's first window orders it, or {@link #NO_TIME}
     */
    public record Taken(Map<String, @Nullable Object> outputs, long timeMicros) {}

    OnlineState(
            Scan base,
            List<OnlineStep> steps,
            List<Field> outputs,
            ZoneId zone,
            int slots,
            OnlineStep.Surroundings surroundings) {
        this.base = base;
        this.steps = steps;
        this.outputs = outputs;
        this.zone = zone;
        this.slots = slots;
        this.surroundings = surroundings;
    }

    /** The same view over the same tables, with windows that are kept elsewhere. */
    public OnlineState withStore(WindowStore store) {
        return new OnlineState(
                base, steps, outputs, zone, slots, new OnlineStep.Surroundings(surroundings.lookups(), store));
    }

    /**
     * Adds a past event to the windows, unless the view's conditions leave it out.
     *
     * @throws dev.millwright.core.MillwrightException with {@link PlanError#INVALID_EVENT} when a value doesn't fit its column
     */
    public void observe(Map<String, Object> event) {
        observe(read(event), time -> true);
    }

    /**
     * The same for an event whose values come as those of {@link OnlineView#eventSchema}, in that order; more may follow.
     *
     * @param wanted asked with the time by which the first window orders it, or {@link #NO_TIME}, whether to add it
     */
    public void observe(List<@Nullable Object> event, LongPredicate wanted) {
        observe(read(event), wanted);
    }

    private void observe(@Nullable Object[] row, LongPredicate wanted) {
        boolean asked = false;
        for (OnlineStep step : steps) {
            step.compute(row, surroundings);
            if (!step.keep(row, surroundings)) {
                return;
            }
            if (!asked && step instanceof OnlineStep.LookBack(OnlineWindow window)) {
                asked = true;
                if (!wanted.test(window.time(row))) {
                    return;
                }
            }
            step.remember(row, surroundings);
        }
    }

    /**
     * Computes the output columns for an event, in order, as if it had just come: frames that end with CURRENT ROW count it, so it
     * must not have been observed yet. Nothing is remembered.
     *
     * @return every output column, with Boolean, Long, Double, String, Instant or null
     * @throws dev.millwright.core.MillwrightException with {@link PlanError#INVALID_EVENT} when a value doesn't fit its column
     */
    public Map<String, Object> evaluate(Map<String, Object> event) {
        return nullable(evaluate(read(event), Arrival.FIRST));
    }

    /**
     * Computes the output columns for an event and, when it comes for the first time, observes it. One that comes again has the
     * answer that it had, but for late events that came meanwhile.
     *
     * @throws dev.millwright.core.MillwrightException as {@link #evaluate(Map)}; nothing is remembered then
     */
    public Taken take(Map<String, Object> event, Arrival arrival) {
        return take(read(event), arrival);
    }

    /** The same for an event whose values come as those of {@link OnlineView#eventSchema}, in that order. */
    public Taken take(List<@Nullable Object> event, Arrival arrival) {
        return take(read(event), arrival);
    }

    /** The time by which the view's first window orders such an event, or {@link #NO_TIME}. */
    public long time(List<@Nullable Object> event) {
        @Nullable Object[] row = read(event);
        steps.forEach(step -> step.compute(row, surroundings));
        return time(row);
    }

    private Taken take(@Nullable Object[] row, Arrival arrival) {
        Map<String, @Nullable Object> taken = evaluate(row, arrival);
        for (OnlineStep step : steps) {
            if (arrival == Arrival.AGAIN || !step.keep(row, surroundings)) {
                break;
            }
            step.remember(row, surroundings);
        }
        return new Taken(taken, time(row));
    }

    private Map<String, @Nullable Object> evaluate(@Nullable Object[] row, Arrival arrival) {
        boolean kept = true;
        for (OnlineStep step : steps) {
            step.compute(row, surroundings);
            kept = kept && (arrival == Arrival.FIRST || step.keep(row, surroundings));
            step.lookBack(row, surroundings, kept ? arrival : Arrival.FIRST);
        }
        Map<String, @Nullable Object> features = new LinkedHashMap<>();
        for (Field output : outputs) {
            features.put(output.name(), EventValues.write(output.type(), row[output.id()]));
        }
        return features;
    }

    private long time(@Nullable Object[] row) {
        for (OnlineStep step : steps) {
            if (step instanceof OnlineStep.LookBack(OnlineWindow window)) {
                return window.time(row);
            }
        }
        return NO_TIME;
    }

    /** The published type says Object; its values may be null. */
    @SuppressWarnings("NullAway")
    private static Map<String, Object> nullable(Map<String, @Nullable Object> map) {
        return map;
    }

    private @Nullable Object[] read(Map<String, Object> event) {
        @Nullable Object[] row = new @Nullable Object[slots];
        for (ScanColumn column : base.columns()) {
            row[column.field().id()] =
                    EventValues.read(column.column(), column.field().type(), event.get(column.column()), zone);
        }
        return row;
    }

    private @Nullable Object[] read(List<@Nullable Object> event) {
        @Nullable Object[] row = new @Nullable Object[slots];
        for (int i = 0; i < base.columns().size(); i++) {
            ScanColumn column = base.columns().get(i);
            row[column.field().id()] =
                    EventValues.read(column.column(), column.field().type(), event.get(i), zone);
        }
        return row;
    }
}
