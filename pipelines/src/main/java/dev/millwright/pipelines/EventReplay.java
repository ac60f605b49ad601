package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Schema;
import dev.millwright.pipelines.eventlog.EventVisitor;
import dev.millwright.plan.OnlineState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows a view the events of a log that its dataset version doesn't hold; those that it can't take, as when they came, it leaves out. */
final class EventReplay implements EventVisitor {
    private final List<Column> wanted;
    private final List<Column> required;
    private final OnlineState state;
    private final EventBasis basis;
    private final @Nullable Object[] event;
    /** Where the log has each column, or negative. */
    private final int[] places;

    private long refused;
    private String reason = "";

    /** @param required the columns without which an event can't be taken; one of the others that it lacks is NULL */
    EventReplay(Schema schema, List<Column> required, OnlineState state, EventBasis basis) {
        this.required = required;
        this.wanted = schema.columns();
        this.state = state;
        this.basis = basis;
        this.event = new @Nullable Object[wanted.size()];
        this.places = new int[wanted.size()];
    }

    @Override
    public void columns(List<Column> columns) {
        List<String> names = columns.stream().map(Column::name).toList();
        for (int i = 0; i < places.length; i++) {
            places[i] = names.indexOf(wanted.get(i).name());
        }
    }

    @Override
    public void event(long number, long arrived, long time, @Nullable String id, @Nullable Object[] values) {
        for (int i = 0; i < places.length; i++) {
            Object value = places[i] < 0 ? ABSENT : values[places[i]];
            if (value == ABSENT && required.contains(wanted.get(i))) {
                refuse("they lack the column '" + wanted.get(i).name() + "'");
                return;
            }
            event[i] = value == ABSENT ? null : value;
        }
        try {
            state.observe(Arrays.asList(event), own -> !basis.holds(arrived, own, id));
        } catch (MillwrightException wrong) {
            refuse(String.valueOf(wrong.getMessage()));
        }
    }

    private void refuse(String why) {
        refused++;
        reason = why;
    }

    /** What was wrong with events that were left out. */
    Optional<String> problem() {
        return refused == 0
                ? Optional.empty()
                : Optional.of(refused + " can't be taken by the view that serves now: " + reason);
    }
}
