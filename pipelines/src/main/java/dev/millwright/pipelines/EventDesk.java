package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Schema;
import dev.millwright.pipelines.EventDoor.Outcome;
import dev.millwright.pipelines.eventlog.EventLog;
import dev.millwright.pipelines.eventlog.EventLogOptions;
import dev.millwright.plan.OnlineState.Arrival;
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
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The second door of an endpoint: raw events go through the feature view, then to the model. While versions with different
 * views share the endpoint, each event goes through all of them, so that every version's windows know it. What the windows
 * look back on is kept in memory and, with each event, in a log: {@link #openDoors}, else the first event, fills windows with the
 * newest dataset version that a version with the view was trained on, and with what the log has beyond it. Thread-safe.
 */
public final class EventDesk implements AutoCloseable {
    private static final int LARGEST_BATCH = 10_000;
    /** How many versions of a model are looked at for the newest data. */
    private static final int RECENT = 20;

    private final Registry registry;
    private final Router router;
    private final DatasetRows rows;
    private final Origins origins;
    private final LookupVersions lookups;
    private final Path folder;
    private final ThreadFactory threads;
    private final InstantSource clock;
    private final Map<Made, String> views = new ConcurrentHashMap<>();
    private final Map<Made, RecordedDataset> bases = new ConcurrentHashMap<>();
    private final Map<String, EventStream> streams = new ConcurrentHashMap<>();
    private final Set<Made> without = ConcurrentHashMap.newKeySet();

    private record Made(String model, int version) {}

    /**
     * @param folder where the events of each endpoint are logged, in a folder of its own
     * @param threads make threads that fill windows, and end when those are filled
     */
    public EventDesk(
            Registry registry,
            Router router,
            DatasetRows rows,
            Path folder,
            ThreadFactory threads,
            InstantSource clock) {
        this.registry = registry;
        this.router = router;
        this.rows = rows;
        this.origins = new Origins(registry);
        this.lookups = new LookupVersions(registry, origins, rows);
        this.folder = folder;
        this.threads = threads;
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
     * Events of one request.
     *
     * @param events column to value: Boolean, Long, Double, String, {@link Instant} or null
     * @param ids by which their sender tells them from others, one each; one with an id that came before is answered, and not
     *     counted again
     */
    public record Sent(List<Map<String, @Nullable Object>> events, List<Optional<String>> ids) {
        public Sent {
            if (events.isEmpty() || events.size() > LARGEST_BATCH) {
                throw new InvalidInputException(
                        "events: " + events.size() + " (expected: 1 to " + LARGEST_BATCH + ").");
            }
            if (events.size() != ids.size()) {
                throw new IllegalArgumentException(
                        "ids: " + ids.size() + " (expected: " + events.size() + ", one an event)");
            }
        }

        /** Without ids. */
        public static Sent of(List<Map<String, @Nullable Object>> events) {
            return new Sent(events, Collections.nCopies(events.size(), Optional.empty()));
        }
    }

    /**
     * What a request's events came to.
     *
     * @param logged whether the events that windows remember are in the log; false while it can't be written
     */
    public record Answer(InferenceResult result, boolean logged) {}

    /**
     * Computes features for events, in their order, and predicts. Each event is remembered for the windows of later ones.
     *
     * @throws InvalidInputException when an event lacks a column of the version that was to answer
     * @throws MillwrightException {@link PlanError#NOT_ONLINE} when the view can't run on single events, or
     *     {@link PlanError#INVALID_EVENT}
     */
    public Answer infer(CallTarget target, Sent sent) {
        Route route = route(target.endpoint());
        EventStream stream = stream(route);
        EventStream.Taking taking = stream.take(sent.events(), sent.ids());
        InferenceResult result = router.infer(new InferenceCall(target, rows(route, taking)));
        return new Answer(result, stream.await(taking));
    }

    /** Remembers events as if they had been sent, and gives feature rows instead of predictions. */
    public Frame observe(String endpoint, Sent sent) {
        Route route = route(endpoint);
        EventStream stream = stream(route);
        EventStream.Taking taking = stream.take(sent.events(), sent.ids());
        stream.await(taking);
        return rows(route, taking).forVersion(leader(route)).frame();
    }

    /** The endpoint's stream, with a door for each version that takes events. */
    private EventStream stream(Route route) {
        versions(route).forEach(version -> findDoor(route, version));
        return streamOf(route.endpoint());
    }

    private EventStream streamOf(String endpoint) {
        EventStream known = streams.get(endpoint);
        return known != null
                ? known
                : streams.computeIfAbsent(
                        endpoint,
                        _ -> new EventStream(
                                EventLog.open(folder.resolve(endpoint), EventLogOptions.DEFAULT, clock),
                                rows,
                                threads,
                                clock));
    }

    /** What the view of the version that answers made of the events; one that couldn't take them fails that version alone. */
    private RequestRows rows(Route route, EventStream.Taking taking) {
        return version -> {
            EventDoor door = door(route, version);
            Outcome outcome = taking.outcomes().get(view(version));
            if (outcome == null) {
                // A version that came since: its door was filled from the log, which has the events.
                outcome = door.take(taking.events().stream()
                        .map(event -> new ArrivingEvent(event.values(), event.id(), Arrival.AGAIN))
                        .toList());
            }
            if (outcome.refusal().isPresent()) {
                throw outcome.refusal().get();
            }
            return door.keyed(outcome.rows());
        };
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
        for (Route route : router.list()) {
            Set<String> current = new HashSet<>();
            for (WeightedVersion version : versions(route).toList()) {
                if (findDoor(route, version).isPresent()) {
                    current.add(view(version));
                }
            }
            Optional.ofNullable(streams.get(route.endpoint())).ifPresent(stream -> stream.retain(current));
        }
    }

    /** Brings logs to the disk. To be called every second or so. */
    public void upkeep() {
        streams.values().forEach(EventStream::upkeep);
    }

    /**
     * Goes with newer data: fills windows anew where a newer version of their dataset was trained on, and holds newer versions of
     * the tables that views look things up in. To be called every few seconds.
     */
    public void refresh() {
        for (Route route : router.list()) {
            for (WeightedVersion version : versions(route).toList()) {
                findDoor(route, version).ifPresent(door -> refresh(route, version, door));
            }
        }
    }

    private void refresh(Route route, WeightedVersion version, EventDoor door) {
        RecordedDataset newest = door.remembers() ? newestBase(version) : door.base();
        if (newest.version() > door.base().version()) {
            streamOf(route.endpoint()).replace(view(version), () -> open(version, newest));
        } else if (door.looksUp()) {
            door.refresh(load(made(version)), lookups, rows);
        }
    }

    /** Gives up, in memory and on disk, what no window reaches any more. To be called every few minutes. */
    public void forget() {
        streams.values().forEach(EventStream::forget);
    }

    /** How the events of each endpoint stand that has taken some, or is ready to. */
    public List<EventStatus> status() {
        return streams.entrySet().stream()
                .map(stream -> stream.getValue().status(stream.getKey()))
                .sorted(Comparator.comparing(EventStatus::endpoint))
                .toList();
    }

    /** Forgets all views, windows and logged events: for an owner whose registry was emptied. */
    public void empty() {
        streams.values().forEach(EventStream::empty);
        streams.clear();
        views.clear();
        bases.clear();
        without.clear();
    }

    /** Brings the logs to the disk. */
    @Override
    public void close() {
        streams.values().forEach(EventStream::close);
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
        String view = view(version);
        EventStream stream = streamOf(route.endpoint());
        return stream.find(view).orElseGet(() -> stream.door(view, () -> open(version, newestBase(version))));
    }

    private EventDoor open(WeightedVersion version, RecordedDataset base) {
        return EventDoor.open(load(made(version)), base, origins, lookups, rows, clock);
    }

    /**
     * The newest version of the base table, of those that versions of the model with the same view were trained on and that are still
     * there. So windows don't go back in time when an endpoint does.
     */
    private RecordedDataset newestBase(WeightedVersion version) {
        String view = view(version);
        RecordedDataset own = base(made(version));
        return registry.models().versions(version.model()).stream()
                .sorted(Comparator.comparingInt(ModelVersion::version).reversed())
                .limit(RECENT)
                .filter(other -> findView(other).filter(view::equals).isPresent())
                .map(other -> base(made(other)))
                .filter(base -> base.dataset().equals(own.dataset()))
                .sorted(Comparator.comparingInt(RecordedDataset::version).reversed())
                .filter(rows::has)
                .findFirst()
                .orElse(own);
    }

    /** The version of the view's own table that a model version was trained on. */
    private RecordedDataset base(Made made) {
        return bases.computeIfAbsent(made, _ -> {
            ModelVersion version = load(made);
            return EventDoor.dataset(
                    origins.tables(version), origins.plan(version).baseTable());
        });
    }

    private String view(WeightedVersion version) {
        return view(made(version));
    }

    private String view(Made made) {
        return views.computeIfAbsent(made, _ -> viewHash(load(made)));
    }

    private Optional<String> findView(ModelVersion version) {
        Made made = made(version);
        return without.contains(made) || !origins.isPipelines(version) ? Optional.empty() : Optional.of(view(made));
    }

    private static Made made(ModelVersion version) {
        return new Made(version.model(), version.version());
    }

    private static Made made(WeightedVersion version) {
        return new Made(version.model(), version.version());
    }

    private ModelVersion load(Made made) {
        return registry.models().load(made.model(), made.version());
    }

    /**
     * A hash of what decides how a view computes: its SQL and what is known of its tables. Which version of a table it was trained on
     * doesn't count, for all doors go with the newest, unless the pipeline file names one.
     */
    private String viewHash(ModelVersion version) {
        PipelineFile file = origins.file(version);
        Map<String, Schema> schemas = new TreeMap<>();
        origins.tables(version).forEach((table, dataset) -> schemas.put(table, dataset.schema()));
        String tables = TableShapes.of(file, schemas).stream()
                .map(shape -> "\n" + shape + source(file, shape.dataset()))
                .collect(Collectors.joining());
        return StepKeys.sha256(file.features().definition() + "\n"
                + file.features().online().described() + tables + chosen(file, version));
    }

    /** Versions that chose other features of a view don't share what is computed of it. */
    private static String chosen(PipelineFile file, ModelVersion version) {
        return file.chooses() ? "\n" + Origins.features(version) : "";
    }

    /** The version that the file names, if it does. */
    private static String source(PipelineFile file, String table) {
        PipelineFile.Source source = file.data().get(table);
        return source != null && VersionSource.isOne(source)
                ? " " + source.from().text()
                : "";
    }
}
