package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.pipelines.eventlog.EventLog;
import dev.millwright.pipelines.eventlog.EventLogOptions;
import dev.millwright.pipelines.eventlog.LoggedEvent;
import dev.millwright.plan.FeaturePlanner;
import dev.millwright.plan.FeatureQuery;
import dev.millwright.plan.OnlineState;
import dev.millwright.plan.OnlineState.Arrival;
import dev.millwright.plan.OnlineView;
import dev.millwright.plan.window.ParallelAppends;
import dev.millwright.plan.window.TileWindowStore;
import dev.millwright.registry.RecordedDataset;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Events one at a time through the view of the benchmark: how quickly windows take them, are filled again from the log, and are read.
 *
 * <pre>java … OnlineRun VIEW.sql FOLDER EVENTS ENTITIES SECONDS RESULT.json</pre>
 */
final class OnlineRun {
    private static final long DAY = 86_400_000_000L;
    private static final long START = 1_735_689_600_000_000L;
    private static final int BATCH = 100;
    private static final int READS_PER_SECOND = 20_000;
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Schema EVENTS = Schema.of(
            new Column("entity", ColumnType.BIGINT),
            new Column("ts", ColumnType.TIMESTAMP),
            new Column("amount", ColumnType.DOUBLE));

    private final OnlineView view;
    private final Path folder;
    private final int events;
    private final int entities;
    private final Map<String, Object> found = new LinkedHashMap<>();

    private OnlineRun(OnlineView view, Path folder, int events, int entities) {
        this.view = view;
        this.folder = folder;
        this.events = events;
        this.entities = entities;
    }

    public static void main(String[] arguments) throws Exception {
        OnlineView view = FeaturePlanner.plan(
                        new FeatureQuery(
                                Files.readString(Path.of(arguments[0])),
                                new Problem.Position("view.sql", 1, 1),
                                ZoneOffset.UTC,
                                Optional.of("entity"),
                                Optional.of("ts"),
                                Optional.empty()),
                        Map.of("events", EVENTS))
                .onlineView();
        OnlineRun run = new OnlineRun(
                view, Path.of(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        run.measure(Integer.parseInt(arguments[4]));
        Files.writeString(Path.of(arguments[5]), run.json());
    }

    private void measure(int seconds) {
        found.put("events", events);
        found.put("entities", entities);
        updates();
        OnlineState state = rebuild();
        reads(state, seconds);
        table();
    }

    private void table() {
        System.out.printf(
                Locale.ROOT,
                """
                %,d events, %,d entities, 12 windowed features
                                                        measured        goal
                updates a second of a core          %,12.0f     200,000
                filling windows, events a second    %,12.0f   1,000,000
                reads a second                      %,12.0f      20,000
                  p50, microseconds                 %,12.1f
                  p99                               %,12.1f       1,000
                  p99.9                             %,12.1f
                  of a core                         %,12.1f
                heap bytes an event that is kept    %,12.1f
                """,
                events,
                entities,
                found.get("updates_per_cpu_second"),
                found.get("rebuild_events_per_second"),
                found.get("reads_per_second"),
                found.get("read_p50_us"),
                found.get("read_p99_us"),
                found.get("read_p999_us"),
                found.get("read_cpu_us"),
                found.get("heap_bytes_per_event"));
    }

    /** Events in the order of time, as the other benchmark has them. */
    private Map<String, Object> event(SplittableRandom random, long number) {
        Map<String, Object> event = new HashMap<>();
        event.put("entity", (long) random.nextInt(entities));
        event.put("ts", START + (long) (90.0 * DAY / events * number));
        event.put("amount", Math.rint(Math.exp(3 + random.nextGaussian()) * 100) / 100);
        return event;
    }

    private TileWindowStore store() {
        return new TileWindowStore(view.windows(), OnlineView.DEFAULT_LATENESS, CLOCK);
    }

    /** Through the view, into windows and log, on one thread; a request has a hundred events. */
    private void updates() {
        OnlineState state = view.newState(Map.of(), store());
        SplittableRandom random = new SplittableRandom(7);
        long began = System.nanoTime();
        long cpu = cpu();
        try (EventLog log = EventLog.open(folder, EventLogOptions.DEFAULT, CLOCK)) {
            for (int at = 0; at < events; at += BATCH) {
                List<LoggedEvent> batch = new ArrayList<>(BATCH);
                for (int i = at; i < Math.min(events, at + BATCH); i++) {
                    Map<String, Object> event = event(random, i);
                    state.observe(event);
                    batch.add(new LoggedEvent((Long) event.get("ts"), Optional.empty(), event));
                }
                log.await(log.append(EVENTS.columns(), batch));
            }
        }
        found.put("updates_per_second", events / ((System.nanoTime() - began) / 1e9));
        found.put("updates_per_cpu_second", events / ((cpu() - cpu) / 1e9));
    }

    /** Of this thread, in nanoseconds. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** From the log, as at a start. */
    private OnlineState rebuild() {
        System.gc();
        long before = used();
        TileWindowStore store = store();
        OnlineState state = view.newState(Map.of(), store);
        RecordedDataset none = new RecordedDataset("events", 1, 1, "", EVENTS, 0, 0, 0, Instant.EPOCH);
        EventBasis basis = new EventBasis(none, false, OnlineView.DEFAULT_LATENESS);
        int others = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        long began = System.nanoTime();
        try (EventLog log = EventLog.open(folder, EventLogOptions.DEFAULT, CLOCK);
                ParallelAppends appends =
                        new ParallelAppends(store, others, Thread.ofPlatform().factory())) {
            log.read(0, new EventReplay(EVENTS, EVENTS.columns(), state.withStore(appends), basis));
        }
        found.put("rebuild_events_per_second", events / ((System.nanoTime() - began) / 1e9));
        System.gc();
        // Of ninety days, a month and the lateness are kept.
        found.put("heap_bytes_per_event", (used() - before) / (events * 31 / 90.0));
        return state;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** At a constant rate; a read's time counts from when it was due. */
    private void reads(OnlineState state, int seconds) {
        SplittableRandom random = new SplittableRandom(11);
        warmUp(state, random);
        long[] nanos = new long[READS_PER_SECOND * seconds];
        long period = 1_000_000_000L / READS_PER_SECOND;
        long began = System.nanoTime();
        for (int i = 0; i < nanos.length; i++) {
            long due = began + i * period;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            state.evaluate(event(random, events));
            nanos[i] = System.nanoTime() - due;
        }
        found.put("reads_per_second", nanos.length / ((System.nanoTime() - began) / 1e9));
        Arrays.sort(nanos);
        found.put("read_p50_us", nanos[nanos.length / 2] / 1e3);
        found.put("read_p99_us", nanos[(int) (nanos.length * 0.99)] / 1e3);
        found.put("read_p999_us", nanos[(int) (nanos.length * 0.999)] / 1e3);
    }

    private void warmUp(OnlineState state, SplittableRandom random) {
        long cpu = cpu();
        int count = 0;
        for (; count < 100_000; count++) {
            state.take(event(random, events), Arrival.AGAIN);
        }
        found.put("read_cpu_us", (cpu() - cpu) / 1e3 / count);
    }

    private String json() {
        StringBuilder text = new StringBuilder("{");
        found.forEach((name, value) -> text.append(text.length() > 1 ? ", " : "")
                .append('"')
                .append(name)
                .append("\": ")
                .append(value instanceof Double number ? String.format(Locale.ROOT, "%.3f", number) : value));
        return text.append('}').toString();
    }
}
