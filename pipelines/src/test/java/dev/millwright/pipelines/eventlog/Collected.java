package dev.millwright.pipelines.eventlog;

import dev.millwright.core.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what a log shows. */
final class Collected implements EventVisitor {
    final List<Map<String, @Nullable Object>> events = new ArrayList<>();
    final List<@Nullable String> ids = new ArrayList<>();
    final List<Long> numbers = new ArrayList<>();
    private List<Column> columns = List.of();

    static Collected of(EventLog log) {
        Collected collected = new Collected();
        log.read(0, collected);
        return collected;
    }

    @Override
    public void columns(List<Column> columns) {
        this.columns = columns;
    }

    @Override
    public void event(long number, long arrived, long time, @Nullable String id, @Nullable Object[] values) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != ABSENT) {
                event.put(columns.get(i).name(), values[i]);
            }
        }
        events.add(event);
        ids.add(id);
        numbers.add(number);
    }

    /** The values of the column {@code n}. */
    List<Object> numbered() {
        return events.stream()
                .<Object>map(event -> String.valueOf(event.get("n")))
                .toList();
    }
}
