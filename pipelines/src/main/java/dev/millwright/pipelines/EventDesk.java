package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.PlanError;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import dev.millwright.serving.CallTarget;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.InferenceResult;
import dev.millwright.serving.RequestRows;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.WeightedVersion;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The second door of an endpoint: raw events go through the feature view, then to the model. While versions with different
 * views share the endpoint, each event goes through all of them, so that every version's windows know it. What the windows
 * look back on is kept in memory, and rebuilt from the dataset by {@link #openDoors}, else at the first event. Thread-safe.
 */
public final class EventDesk {
    private static final int LARGEST_BATCH = 10_000;

    private final Registry registry;
    private final Router router;
    private final DatasetRows rows;
    private final Origins origins;
    private final InstantSource clock;
    private final Map<Made, String> views = new ConcurrentHashMap<>();
    private final Map<Place, EventDoor> doors = new ConcurrentHashMap<>();
    private final Set<Made> without = ConcurrentHashMap.newKeySet();

    private record Made(String model, int version) {}

    /** Where a door stands: versions whose views compute the same share one. */
    private record Place(String endpoint, String view) {}

    public EventDesk(Registry registry, Router router, DatasetRows rows, InstantSource clock) {
        this.registry = registry;
        this.router = router;
        this.rows = rows;
        this.origins = new Origins(registry);
        this.clock = clock;
    }

    /**
     * What events may hold.
     *
     * @param known every column that a view on the endpoint reads
     * @param required those without which the version with the largest share of the traffic can't predict
     */
    public record EventColumns(List<Column> known, Set<String> required) {
        public EventColumns {
            known = List.copyOf(known);
            required = Set.copyOf(required);
        }
    }

    /**
     * Computes features for events, in their order, and predicts. Each event is remembered for the windows of later ones.
     *
     * @param events column to value: Boolean, Long, Double, String, {@link Instant} or null
     * @throws InvalidInputException when an event lacks a column of the version that was to answer
     * @throws MillwrightException {@link PlanError#NOT_ONLINE} when the view can't run on single events, or
     *     {@link PlanError#INVALID_EVENT}
     */
    public InferenceResult infer(CallTarget target, List<Map<String, @Nullable Object>> events) {
        return router.infer(new InferenceCall(target, take(route(target.endpoint()), events)));
    }

    /** Remembers events as if they had been sent, and gives feature rows instead of predictions. */
    public Frame observe(String endpoint, List<Map<String, @Nullable Object>> events) {
        Route route = route(endpoint);
        return take(route, events).forVersion(leader(route)).frame();
    }

    /** What one view made of a request's events: rows, or why it could not. */
    private sealed interface Taken {
        record Rows(RequestRows.Keyed rows) implements Taken {}

        record Refused(RuntimeException reason) implements Taken {}
    }

    /** Shows the events to every view of the route; one that can't take them fails only the versions that are made with it. */
    private RequestRows take(Route route, List<Map<String, @Nullable Object>> events) {
        if (events.isEmpty() || events.size() > LARGEST_BATCH) {
            throw new InvalidInputException("events: " + events.size() + " (expected: 1 to " + LARGEST_BATCH + ").");
        }
        Map<EventDoor, Taken> taken = new HashMap<>();
        versions(route)
                .flatMap(version -> findDoor(route, version).stream())
                .forEach(open -> taken.computeIfAbsent(open, door -> take(door, events)));
        return version -> {
            EventDoor door = door(route, version);
            // A version that came since the route was read has a door which has not seen the events yet.
            Taken result;
            synchronized (taken) {
                result = taken.computeIfAbsent(door, late -> take(late, events));
            }
            return switch (result) {
                case Taken.Rows(RequestRows.Keyed keyed) -> keyed;
                case Taken.Refused(RuntimeException reason) -> throw reason;
            };
        };
    }

    private static Taken take(EventDoor door, List<Map<String, @Nullable Object>> events) {
        try {
            return new Taken.Rows(door.take(events));
        } catch (MillwrightException wrong) {
            return new Taken.Refused(wrong);
        }
    }

    /** The columns that events of the endpoint may and must have. */
    public EventColumns columns(String endpoint) {
        Route route = route(endpoint);
        Map<String, Column> known = new LinkedHashMap<>();
        versions(route)
                .flatMap(version -> findDoor(route, version).stream())
                .flatMap(door -> door.schema().columns().stream())
                .forEach(column -> known.putIfAbsent(column.name(), column));
        return new EventColumns(
                new ArrayList<>(known.values()),
                door(route, leader(route)).required().stream().map(Column::name).collect(Collectors.toSet()));
    }

    /**
     * Opens the doors that are not open yet and forgets those of versions that don't serve any more, so that no client waits
     * for windows to be filled. Versions that can't take single events are left out.
     */
    public void openDoors() {
        Set<Place> current = new HashSet<>();
        for (Route route : router.list()) {
            for (WeightedVersion version : versions(route).toList()) {
                if (findDoor(route, version).isPresent()) {
                    current.add(place(route, version));
                }
            }
        }
        doors.keySet().retainAll(current);
    }

    /** Frees what windows keep for keys of which nothing came for longer than they reach. */
    public void forgetIdle() {
        doors.values().forEach(EventDoor::forgetIdle);
    }

    /** Forgets all views and windows: for an owner whose registry was emptied. */
    public void empty() {
        doors.clear();
        views.clear();
        without.clear();
    }

    /** Empty for a version that takes feature rows only. */
    private Optional<EventDoor> findDoor(Route route, WeightedVersion version) {
        if (without.contains(made(version))) {
            return Optional.empty();
        }
        try {
            return Optional.of(door(route, version));
        } catch (MillwrightException refused) {
            if (refused.code() != PlanError.NOT_ONLINE && refused.code() != PipelineError.NO_PIPELINE) {
                throw refused;
            }
            without.add(made(version));
            return Optional.empty();
        }
    }

    private Route route(String endpoint) {
        return router.find(endpoint)
                .orElseThrow(() -> new MillwrightException(
                        PipelineError.ENDPOINT_NOT_FOUND,
                        "endpoint: " + endpoint + " serves nothing (expected: one that does)."));
    }

    private static Stream<WeightedVersion> versions(Route route) {
        return Stream.concat(route.versions().stream(), route.shadow().stream());
    }

    /** The version with the largest share; the older one of two with the same. */
    private static WeightedVersion leader(Route route) {
        return route.versions().stream()
                .max(Comparator.comparingDouble(WeightedVersion::weight)
                        .thenComparing(Comparator.comparingInt(WeightedVersion::version)
                                .reversed()))
                .orElseThrow();
    }

    private EventDoor door(Route route, WeightedVersion version) {
        Place place = place(route, version);
        EventDoor known = doors.get(place);
        return known != null ? known : doors.computeIfAbsent(place, _ -> EventDoor.open(load(version), origins, rows, clock));
    }

    private Place place(Route route, WeightedVersion version) {
        return new Place(route.endpoint(), views.computeIfAbsent(made(version), _ -> viewHash(load(version))));
    }

    private static Made made(WeightedVersion version) {
        return new Made(version.model(), version.version());
    }

    private ModelVersion load(WeightedVersion version) {
        return registry.models().load(version.model(), version.version());
    }

    /**
     * A hash of what decides how a view computes: its SQL, the columns that it reads, and the tables that it looks things up
     * in. The base table's rows don't count: a retrained version goes on with the windows of the one before.
     */
    private String viewHash(ModelVersion version) {
        FeaturePlan plan = origins.plan(version);
        return StepKeys.sha256(origins.file(version).features().sql().text()
                + origins.tables(version).entrySet().stream()
                        .map(table -> "\n" + described(table.getKey(), table.getValue(), plan.baseTable()))
                        .sorted()
                        .collect(Collectors.joining()));
    }

    private static String described(String table, RecordedDataset dataset, String baseTable) {
        return table + " " + dataset.schema() + (table.equals(baseTable) ? "" : " " + dataset.snapshot());
    }
}
