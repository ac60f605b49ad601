package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.pipelines.eventlog.EventLog;
import dev.millwright.pipelines.eventlog.IdTable;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.OnlineState;
import dev.millwright.plan.OnlineView;
import dev.millwright.plan.TableShape;
import dev.millwright.plan.window.ParallelAppends;
import dev.millwright.plan.window.TileWindowStore;
import dev.millwright.plan.window.Timeliness;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.serving.RequestRows;
import dev.millwright.serving.RowKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A feature view with what its windows remember: turns events into feature rows. Thread-safe. */
final class EventDoor {
    private static final Logger LOG = LoggerFactory.getLogger(EventDoor.class);
    /** That fill windows, beside the one that reads. */
    private static final int MOST_THREADS = 4;

    private final OnlineView view;
    private final TileWindowStore windows;
    private final EventBasis basis;
    private final Optional<String> entity;
    private final Optional<String> timestamp;
    private final Optional<Column> eventId;
    private final Schema schema;
    /** The columns that an event must have: all but those that are known only some time after it. */
    private final List<Column> required;
    /** The versions of the tables that the view looks things up in. */
    private volatile Map<String, RecordedDataset> lookups;

    private volatile OnlineState state;

    private EventDoor(
            OnlineView view,
            PipelineFile file,
            String table,
            EventBasis basis,
            TileWindowStore windows,
            Map<String, RecordedDataset> lookups,
            DatasetRows rows) {
        this.view = view;
        this.windows = windows;
        this.basis = basis;
        this.entity = file.features().entity().map(PipelineFile.Located::text);
        this.timestamp = file.features().timestamp().map(PipelineFile.Located::text);
        this.eventId = file.features().online().idColumn(basis.dataset().schema());
        this.schema = schema(view, eventId);
        TableShape shape =
                TableShapes.of(file, Map.of(table, basis.dataset().schema())).getFirst();
        this.required = schema.columns().stream()
                .filter(column -> shape.knownAfter(column.name()).isEmpty())
                .toList();
        this.lookups = lookups;
        this.state = view.newState(rows(view, lookups, rows), windows);
    }

    private static Map<String, Iterable<Map<String, @Nullable Object>>> rows(
            OnlineView view, Map<String, RecordedDataset> versions, DatasetRows rows) {
        Map<String, Iterable<Map<String, @Nullable Object>>> tables = new LinkedHashMap<>();
        view.lookupTables().forEach((name, schema) -> tables.put(name, rows.all(dataset(versions, name), schema)));
        return tables;
    }

    /** The columns of the view, and last that of the event's id if the view doesn't read it. */
    private static Schema schema(OnlineView view, Optional<Column> eventId) {
        List<Column> columns = new ArrayList<>(view.eventSchema().columns());
        eventId.filter(id -> !columns.contains(id)).ifPresent(columns::add);
        return new Schema(columns);
    }

    /**
     * The view of a version, whose windows are to be {@linkplain #fill filled}.
     *
     * @param base the version of the view's own table with which the windows begin
     */
    static EventDoor open(
            ModelVersion version,
            RecordedDataset base,
            Origins origins,
            LookupVersions versions,
            DatasetRows rows,
            InstantSource clock) {
        PipelineFile file = origins.file(version);
        FeaturePlan plan = origins.plan(version);
        OnlineView view = plan.onlineView();
        OnlineOptions online = file.features().online();
        return new EventDoor(
                view,
                file,
                plan.baseTable(),
                new EventBasis(base, online.idColumn(base.schema()).isPresent(), online.lateness()),
                new TileWindowStore(view.windows(), online.lateness(), clock),
                versions.newest(version, view.lookupTables()),
                rows);
    }

    /** Holds newer versions of the tables that the view looks things up in, where there are. What windows remember stays as it is. */
    void refresh(ModelVersion version, LookupVersions versions, DatasetRows rows) {
        Map<String, RecordedDataset> newest = versions.newest(version, view.lookupTables());
        if (!newest.equals(lookups)) {
            state = view.newState(rows(view, newest, rows), windows);
            lookups = newest;
        }
    }

    /** Whether the view looks things up in other tables. */
    boolean looksUp() {
        return !lookups.isEmpty();
    }

    static RecordedDataset dataset(Map<String, RecordedDataset> datasets, String name) {
        RecordedDataset dataset = datasets.get(name);
        if (dataset == null) {
            throw new IllegalStateException("the run of a served version did not record that it read " + name);
        }
        return dataset;
    }

    /**
     * Fills the windows with the rows of the dataset version, then with the logged events that it doesn't hold. Nobody may use the
     * door yet.
     *
     * @param logged the ids of these events
     * @return the number of the first event that was not there yet
     */
    long fill(DatasetRows rows, EventLog log, IdTable logged, ThreadFactory threads) {
        if (!remembers()) {
            return 0;
        }
        int others = Math.clamp(Runtime.getRuntime().availableProcessors() - 1, 1, MOST_THREADS);
        try (ParallelAppends appends = new ParallelAppends(windows, others, threads)) {
            OnlineState filling = state.withStore(appends);
            addRows(filling, rows, logged);
            return replay(filling, log, 0);
        }
    }

    private void addRows(OnlineState filling, DatasetRows rows, IdTable logged) {
        int id = eventId.map(schema.columns()::indexOf).orElse(-1);
        rows.visit(basis.dataset(), schema, (values, number) -> {
            if (id >= 0 && values[id] != null && logged.contains(String.valueOf(values[id]))) {
                basis.add(String.valueOf(values[id]));
            }
            filling.observe(Arrays.asList(values), time -> {
                basis.add(time);
                return true;
            });
        });
    }

    /** Adds events that were logged since it was filled. */
    void catchUp(EventLog log, long from) {
        if (remembers()) {
            replay(state, log, from);
        }
    }

    private long replay(OnlineState into, EventLog log, long from) {
        EventReplay replay = new EventReplay(schema, required, into, basis);
        long next = log.read(from, replay);
        replay.problem()
                .ifPresent(problem -> LOG.warn(
                        "events that were logged before: {}. They are not in the windows until a dataset version that has"
                                + " them is trained on.",
                        problem));
        return next;
    }

    /** Whether events have an influence on later ones. */
    boolean remembers() {
        return !view.windows().isEmpty();
    }

    /** The version of the base table with which the windows began. */
    RecordedDataset base() {
        return basis.dataset();
    }

    /** Whether a window can still reach an event, or no dataset version is known to hold it. */
    boolean needs(long timeMicros, long arrivedMicros) {
        return windows.reaches(timeMicros) && !basis.holds(arrivedMicros, timeMicros, null);
    }

    Timeliness timeliness(long timeMicros) {
        return windows.timeliness(timeMicros);
    }

    /** Frees what is kept for keys of which nothing came for longer than a window reaches. */
    void forgetIdle() {
        windows.forgetIdle();
    }

    long keys() {
        return windows.keys();
    }

    /** The columns that the view reads, and that of the event's id. */
    Schema schema() {
        return schema;
    }

    /** The columns that an event must have: those of {@link #schema}, but for what is known only some time after the event. */
    List<Column> required() {
        return required;
    }

    /** The event's id, if the pipeline file names a column that has it. */
    Optional<String> id(Map<String, @Nullable Object> event) {
        return eventId.flatMap(column -> Optional.<Object>ofNullable(event.get(column.name())))
                .map(Object::toString);
    }

    boolean knowsIds() {
        return eventId.isPresent();
    }

    /**
     * What became of a request's events.
     *
     * @param rows of those that could be taken, in their order
     * @param times by which the windows order each; empty for one that couldn't be taken
     * @param refusal why one couldn't; the request is refused then, while the others stay remembered
     */
    record Outcome(
            List<Map<String, @Nullable Object>> rows, List<Optional<Long>> times, Optional<RuntimeException> refusal) {}

    /** The feature rows of events, in their order; those that come for the first time are remembered for the windows of later ones. */
    Outcome take(List<ArrivingEvent> events) {
        List<Map<String, @Nullable Object>> outputs = new ArrayList<>(events.size());
        List<Optional<Long>> times = new ArrayList<>(events.size());
        List<Problem> lacking = new ArrayList<>();
        Optional<RuntimeException> refusal = Optional.empty();
        for (int i = 0; i < events.size(); i++) {
            List<Problem> problems = lacking(events.get(i).values(), i);
            lacking.addAll(problems);
            Optional<Long> time = Optional.empty();
            try {
                if (problems.isEmpty()) {
                    OnlineState.Taken taken =
                            state.take(events.get(i).values(), events.get(i).arrival());
                    outputs.add(taken.outputs());
                    time = Optional.of(taken.timeMicros());
                }
            } catch (MillwrightException refused) {
                refusal = refusal.or(() -> Optional.of(refused));
            }
            times.add(time);
        }
        return new Outcome(
                outputs, times, lacking.isEmpty() ? refusal : Optional.of(new InvalidInputException(lacking)));
    }

    private List<Problem> lacking(Map<String, @Nullable Object> event, int number) {
        List<Problem> problems = new ArrayList<>();
        for (Column column : required) {
            if (!event.containsKey(column.name())) {
                problems.add(Problem.of("event " + number + ": has no '" + column.name() + "' (expected: "
                        + column.type().label() + ", or null where unknown)"));
            }
        }
        return problems;
    }

    /** As models take them, under their entity and time if all have both. */
    RequestRows.Keyed keyed(List<Map<String, @Nullable Object>> outputs) {
        List<RowKey> keys =
                outputs.stream().flatMap(output -> key(output).stream()).toList();
        return new RequestRows.Keyed(frame(view.features(), outputs), keys.size() == outputs.size() ? keys : List.of());
    }

    private Optional<RowKey> key(Map<String, @Nullable Object> output) {
        Object about = entity.map(output::get).orElse(null);
        Object time = timestamp.map(output::get).orElse(null);
        return about != null && time instanceof Instant instant
                ? Optional.of(new RowKey(about.toString(), instant))
                : Optional.empty();
    }

    /** Feature rows by column, as models take them. */
    static Frame frame(List<ModelSignature.Input> inputs, List<Map<String, @Nullable Object>> rows) {
        List<FeatureColumn> columns = new ArrayList<>();
        for (ModelSignature.Input input : inputs) {
            columns.add(
                    switch (input.type()) {
                        case NUMBER -> {
                            float[] values = new float[rows.size()];
                            for (int row = 0; row < values.length; row++) {
                                values[row] = number(rows.get(row).get(input.name()));
                            }
                            yield new FeatureColumn.Numeric(input.name(), values);
                        }
                        case TEXT -> {
                            String[] values = new String[rows.size()];
                            for (int row = 0; row < values.length; row++) {
                                Object value = rows.get(row).get(input.name());
                                values[row] = value == null ? "" : value.toString();
                            }
                            yield new FeatureColumn.Text(input.name(), values);
                        }
                    });
        }
        return new Frame(rows.size(), columns);
    }

    private static float number(@Nullable Object value) {
        return switch (value) {
            case null -> Float.NaN;
            case Boolean bool -> bool ? 1 : 0;
            case Number number -> (float) number.doubleValue();
            default -> throw new IllegalStateException("a numeric feature is a number: " + value.getClass());
        };
    }
}
