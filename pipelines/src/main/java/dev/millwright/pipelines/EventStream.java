package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.pipelines.EventDoor.Outcome;
import dev.millwright.pipelines.eventlog.EventLog;
import dev.millwright.pipelines.eventlog.EventLog.Ticket;
import dev.millwright.pipelines.eventlog.EventVisitor;
import dev.millwright.pipelines.eventlog.IdTable;
import dev.millwright.pipelines.eventlog.LoggedEvent;
import dev.millwright.plan.OnlineState.Arrival;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The events of one endpoint: a door for each view that its versions have, and the log from which doors are filled again. Every event
 * goes through all doors, and to the log once. Thread-safe.
 */
final class EventStream implements AutoCloseable {
    private final EventLog log;
    private final DatasetRows rows;
    private final ThreadFactory threads;
    private final InstantSource clock;
    private final IdTable ids = new IdTable();
    private final Map<String, EventDoor> doors = new ConcurrentHashMap<>();
    /** Whoever holds a view's lock makes its door. */
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    /** Read: events go through the doors. Write: a door is hung, which has seen all that the log holds. */
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

    private final EventTally tally = new EventTally();
    /** What an event may have: the columns of all doors. */
    private volatile List<Column> columns = List.of();

    EventStream(EventLog log, DatasetRows rows, ThreadFactory threads, InstantSource clock) {
        this.log = log;
        this.rows = rows;
        this.threads = threads;
        this.clock = clock;
        if (log.hasIds()) {
            log.read(0, new KnownIds());
        }
    }

    /** Takes down the ids of events from earlier processes. */
    private final class KnownIds implements EventVisitor {
        @Override
        public void columns(List<Column> columns) {}

        @Override
        public void event(
                long number, long arrivedMicros, long timeMicros, @Nullable String id, @Nullable Object[] values) {
            if (id != null) {
                ids.add(id, arrivedMicros);
            }
        }
    }

    Optional<EventDoor> find(String view) {
        return Optional.ofNullable(doors.get(view));
    }

    /** The door of a view; whoever asks first makes and fills it, and others wait for that. */
    EventDoor door(String view, Supplier<EventDoor> made) {
        EventDoor known = doors.get(view);
        if (known != null) {
            return known;
        }
        synchronized (locks.computeIfAbsent(view, _ -> new Object())) {
            EventDoor meanwhile = doors.get(view);
            return meanwhile != null ? meanwhile : hang(view, made.get());
        }
    }

    /** Puts another door in the place of the one that there is, once it has seen the same events. */
    void replace(String view, Supplier<EventDoor> made) {
        synchronized (locks.computeIfAbsent(view, _ -> new Object())) {
            hang(view, made.get());
        }
    }

    private EventDoor hang(String view, EventDoor door) {
        long next = door.fill(rows, log, ids, threads);
        gate.writeLock().lock();
        try {
            door.catchUp(log, next);
            doors.put(view, door);
            columns = columnsOfDoors();
            return door;
        } finally {
            gate.writeLock().unlock();
        }
    }

    private List<Column> columnsOfDoors() {
        Map<String, Column> all = new LinkedHashMap<>();
        doors.values()
                .forEach(door -> door.schema().columns().forEach(column -> all.putIfAbsent(column.name(), column)));
        return List.copyOf(all.values());
    }

    /** Takes the doors of other views away. */
    void retain(Set<String> views) {
        if (doors.keySet().retainAll(views)) {
            columns = columnsOfDoors();
        }
    }

    /**
     * What became of a request's events.
     *
     * @param outcomes what each door made of them, by view
     * @param ticket for the log, if they have an influence on later ones
     */
    record Taking(List<ArrivingEvent> events, Map<String, Outcome> outcomes, Optional<Ticket> ticket) {}

    /**
     * Shows events to all doors, and logs those that come for the first time and that a door could take.
     *
     * @param sent the ids that came with them, one each
     */
    Taking take(List<Map<String, @Nullable Object>> events, List<Optional<String>> sent) {
        gate.readLock().lock();
        try {
            List<EventDoor> remembering =
                    doors.values().stream().filter(EventDoor::remembers).toList();
            List<ArrivingEvent> arriving = arrive(events, sent, remembering);
            Map<String, Outcome> outcomes = new LinkedHashMap<>();
            doors.forEach((view, door) -> outcomes.put(view, door.take(arriving)));
            return new Taking(
                    arriving,
                    outcomes,
                    remembering.isEmpty()
                            ? Optional.empty()
                            : log(arriving, outcomes.values(), remembering.getFirst()));
        } finally {
            gate.readLock().unlock();
        }
    }

    /** Tells those that were taken before by their ids. Without windows it makes no difference whether they were. */
    private List<ArrivingEvent> arrive(
            List<Map<String, @Nullable Object>> events, List<Optional<String>> sent, List<EventDoor> remembering) {
        Optional<EventDoor> withIds =
                remembering.stream().filter(EventDoor::knowsIds).findFirst();
        long now = TimeUnit.MILLISECONDS.toMicros(clock.millis());
        List<ArrivingEvent> arriving = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            Map<String, @Nullable Object> event = events.get(i);
            Optional<String> id = withIds.isPresent() ? withIds.get().id(event) : sent.get(i);
            boolean first = id.isEmpty() || remembering.isEmpty() || ids.add(id.get(), now);
            arriving.add(new ArrivingEvent(event, id, first ? Arrival.FIRST : Arrival.AGAIN));
        }
        return arriving;
    }

    private Optional<Ticket> log(List<ArrivingEvent> arriving, Collection<Outcome> outcomes, EventDoor judge) {
        List<LoggedEvent> logged = new ArrayList<>(arriving.size());
        for (int i = 0; i < arriving.size(); i++) {
            ArrivingEvent event = arriving.get(i);
            int number = i;
            Optional<Long> time = outcomes.stream()
                    .flatMap(outcome -> outcome.times().get(number).stream())
                    .max(Long::compare);
            if (event.arrival() == Arrival.AGAIN) {
                tally.again();
            } else if (time.isPresent()) {
                logged.add(new LoggedEvent(time.get(), event.id(), event.values()));
                tally.first(judge.timeliness(time.get()));
            } else {
                event.id().ifPresent(ids::remove);
            }
        }
        return logged.isEmpty() ? Optional.empty() : Optional.of(log.append(columns, logged));
    }

    /** Returns when the events are as durable as the log makes them; false when they are in memory alone, for the disk is full, say. */
    boolean await(Taking taking) {
        boolean durable = taking.ticket().map(log::await).orElse(true);
        if (!durable) {
            tally.unlogged();
        }
        return durable;
    }

    /** Brings to the disk what isn't there yet. */
    void upkeep() {
        log.upkeep();
    }

    /** Frees what is of no use any more, in memory and on disk. Without doors nobody knows what is. */
    void forget() {
        Collection<EventDoor> open = doors.values();
        if (!open.isEmpty()) {
            open.forEach(EventDoor::forgetIdle);
            log.expire((newest, lastArrived) -> open.stream().noneMatch(door -> door.needs(newest, lastArrived)));
            ids.forgetBefore(log.oldestArrivalMicros());
        }
    }

    /** What came since the start, and how the log stands. */
    EventStatus status(String endpoint) {
        return new EventStatus(
                endpoint,
                tally.counts(),
                log.status(),
                doors.values().stream().mapToLong(EventDoor::keys).sum());
    }

    /** Forgets all events, also on disk. */
    void empty() {
        close();
        log.expire((newest, lastArrived) -> true);
    }

    @Override
    public void close() {
        log.close();
    }
}
