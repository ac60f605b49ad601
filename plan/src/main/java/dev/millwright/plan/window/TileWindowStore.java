package dev.millwright.plan.window;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps in memory every event that a window still reaches, and what each 64 of them come to, so that a window is read by looking at
 * 126 events at most and at a number of summaries that grows with the logarithm of how many there are.
 *
 * <p>Forgotten is what lies further back from its key's newest event than the window's reach and the lateness together, where events
 * whose time lies ahead of the clock by more than the lateness don't count: one wrong clock can't make others' events be forgotten.
 */
public final class TileWindowStore implements WindowStore {
    private final long latenessMicros;
    private final InstantSource clock;
    private final Map<String, Window> windows;

    private record Window(WindowRules rules, Newest newest, Map<Object, EventSeries> series) {}

    /** The time of the newest event, of those that the clock doesn't contradict. */
    private final class Newest {
        private volatile long time = Long.MIN_VALUE;
        private volatile long believed = Long.MIN_VALUE;

        long with(long event) {
            if (event > time && isBelieved(event)) {
                raise(event);
            }
            return time;
        }

        private boolean isBelieved(long event) {
            if (event > believed) {
                believed = TileWindowStore.this.believed();
            }
            return event <= believed;
        }

        private synchronized void raise(long event) {
            time = Math.max(time, event);
        }
    }

    /**
     * @param shapes the windows, as a view gives them
     * @param lateness how far behind the newest event another may be observed or evaluated and still be exact
     */
    public TileWindowStore(List<WindowShape> shapes, Duration lateness, InstantSource clock) {
        this.latenessMicros = TimeUnit.MICROSECONDS.convert(lateness);
        this.clock = clock;
        this.windows = shapes.stream()
                .collect(Collectors.toUnmodifiableMap(
                        WindowShape::name,
                        shape -> new Window(
                                new WindowRules(shape, latenessMicros), new Newest(), new ConcurrentHashMap<>())));
    }

    @Override
    public void append(String window, List<@Nullable Object> key, long timestampMicros, @Nullable Object[] values) {
        Window into = window(window);
        Object compact = compact(key);
        long newest = into.newest().with(timestampMicros);
        EventSeries series = into.series().get(compact);
        while (series == null || !series.append(timestampMicros, values, newest)) {
            if (series != null) {
                into.series().remove(compact, series);
            }
            series = into.series().computeIfAbsent(kept(compact), absent -> new EventSeries(into.rules()));
        }
    }

    @Override
    public List<WindowSummary> summarise(String window, List<@Nullable Object> key, List<Span> spans) {
        Window from = window(window);
        List<WindowSummary> summaries = new ArrayList<>(spans.size());
        for (int i = 0; i < spans.size(); i++) {
            summaries.add(new WindowSummary(from.rules().layout()));
        }
        EventSeries series = from.series().get(compact(key));
        if (series != null) {
            series.summarise(spans, summaries);
        }
        return summaries;
    }

    /** Frees what is kept for keys of which nothing came for longer than a window reaches. */
    public void forgetIdle() {
        for (Window window : windows.values()) {
            OptionalLong reach = window.rules().shape().reachMicros();
            if (reach.isPresent()) {
                long oldest = Span.earlier(Span.earlier(window.newest().time, latenessMicros), reach.getAsLong());
                window.series().values().removeIf(series -> series.closeIfBefore(oldest));
            }
        }
    }

    /** How a time lies to those of the events that came. */
    public Timeliness timeliness(long timeMicros) {
        long newest = newest();
        if (timeMicros > newest) {
            return timeMicros > believed() ? Timeliness.AHEAD : Timeliness.IN_TIME;
        }
        return timeMicros < Span.earlier(newest, latenessMicros) ? Timeliness.LATE : Timeliness.IN_TIME;
    }

    private long newest() {
        return windows.values().stream()
                .mapToLong(window -> window.newest().time)
                .max()
                .orElse(Long.MIN_VALUE);
    }

    private long believed() {
        return TimeUnit.MILLISECONDS.toMicros(clock.millis()) + latenessMicros;
    }

    /** Whether an event of this time may still be in a window of another. */
    public boolean reaches(long timeMicros) {
        return windows.values().stream().anyMatch(window -> {
            OptionalLong reach = window.rules().shape().reachMicros();
            return reach.isEmpty() || timeMicros >= oldest(window, reach.getAsLong());
        });
    }

    private long oldest(Window window, long reach) {
        return Span.earlier(Span.earlier(window.newest().time, latenessMicros), reach);
    }

    /** How many keys have events, over all windows. */
    public long keys() {
        return windows.values().stream()
                .mapToLong(window -> window.series().size())
                .sum();
    }

    private Window window(String name) {
        Window window = windows.get(name);
        if (window == null) {
            throw new IllegalArgumentException("window: " + name + " (expected: one of " + windows.keySet() + ")");
        }
        return window;
    }

    /** A single value stands for itself. */
    private static Object compact(List<@Nullable Object> key) {
        if (key.size() != 1) {
            return key;
        }
        Object value = key.getFirst();
        return value == null ? Collections.emptyList() : value;
    }

    /** Several values come in a list that belongs to the caller. */
    private static Object kept(Object key) {
        return key instanceof List<?> several ? Collections.unmodifiableList(Arrays.asList(several.toArray())) : key;
    }
}
