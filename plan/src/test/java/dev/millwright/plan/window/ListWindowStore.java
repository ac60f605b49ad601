package dev.millwright.plan.window;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps all events in a list for each key, and goes through them for each span: slow, and plain enough to be believed. */
final class ListWindowStore implements WindowStore {
    private final Map<String, WindowShape> shapes = new HashMap<>();
    private final Map<List<Object>, List<Event>> lists = new HashMap<>();

    record Event(long time, @Nullable Object[] values) {}

    ListWindowStore(List<WindowShape> shapes) {
        shapes.forEach(shape -> this.shapes.put(shape.name(), shape));
    }

    @Override
    public synchronized void append(
            String window, List<@Nullable Object> key, long timestampMicros, @Nullable Object[] values) {
        shape(window);
        List<Event> events = lists.computeIfAbsent(place(window, key), absent -> new ArrayList<>());
        int at = events.size();
        while (at > 0 && events.get(at - 1).time() > timestampMicros) {
            at--;
        }
        events.add(at, new Event(timestampMicros, values.clone()));
    }

    private static List<Object> place(String window, List<@Nullable Object> key) {
        return List.of(window, new ArrayList<>(key));
    }

    @Override
    public List<WindowSummary> summarise(String window, List<@Nullable Object> key, List<Span> spans) {
        List<WindowColumn> columns = shape(window).columns();
        List<Event> all = all(window, key);
        List<WindowSummary> summaries = new ArrayList<>();
        for (Span span : spans) {
            WindowSummary summary = WindowSummary.empty(columns);
            within(all, span).forEach(event -> summary.add(event.values()));
            summaries.add(summary);
        }
        return summaries;
    }

    private synchronized List<Event> all(String window, List<@Nullable Object> key) {
        return List.copyOf(lists.getOrDefault(place(window, key), List.of()));
    }

    private WindowShape shape(String window) {
        WindowShape shape = shapes.get(window);
        if (shape == null) {
            throw new IllegalArgumentException("window: " + window + " (expected: one of " + shapes.keySet() + ")");
        }
        return shape;
    }

    /** The events themselves. */
    List<Event> events(String window, List<@Nullable Object> key, Span span) {
        return within(all(window, key), span);
    }

    private static List<Event> within(List<Event> all, Span span) {
        return switch (span) {
            case Span.OfTime(long from, long to) ->
                all.stream()
                        .filter(event -> event.time() >= from && event.time() <= to)
                        .toList();
            case Span.OfRows(long to, long skip, long count) -> {
                List<Event> until =
                        all.stream().filter(event -> event.time() <= to).toList();
                int last = (int) Math.max(0, until.size() - skip);
                yield List.copyOf(until.subList((int) Math.max(0, last - Math.min(count, last)), last));
            }
        };
    }
}
