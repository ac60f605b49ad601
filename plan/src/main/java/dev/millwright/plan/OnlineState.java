package dev.millwright.plan;

import dev.millwright.plan.Relation.Scan;
import dev.millwright.plan.Relation.ScanColumn;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A view with its windows filled: answers events and remembers them. Events are maps from the base table's column names to
 * Boolean, Long (or another whole number), Double (or another number) or String; timestamps are Instants, microseconds as Long,
 * or ISO 8601 text, in the view's zone if it names none. A missing key is NULL, other keys are ignored. Thread-safe.
 */
public final class OnlineState {
    private final Scan base;
    private final List<OnlineStep> steps;
    private final List<Field> outputs;
    private final ZoneId zone;
    private final int slots;
    private final OnlineStep.Surroundings surroundings;

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

    /**
     * Adds a past event to the windows, unless the view's conditions leave it out.
     *
     * @throws dev.millwright.core.MillwrightException with {@link PlanError#INVALID_EVENT} when a value doesn't fit its column
     */
    public void observe(Map<String, Object> event) {
        @Nullable Object[] row = read(event);
        for (OnlineStep step : steps) {
            if (!step.observe(row, surroundings)) {
                return;
            }
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
        @Nullable Object[] row = read(event);
        for (OnlineStep step : steps) {
            step.evaluate(row, surroundings);
        }
        Map<String, @Nullable Object> features = new LinkedHashMap<>();
        for (Field output : outputs) {
            features.put(output.name(), EventValues.write(output.type(), row[output.id()]));
        }
        return nullable(features);
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
}
