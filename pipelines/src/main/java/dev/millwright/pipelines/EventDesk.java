package dev.millwright.pipelines;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Schema;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.OnlineState;
import dev.millwright.plan.OnlineView;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.InferenceResult;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RowKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The second door of an endpoint: raw events go through the feature view, then to the model. What the windows look back on
 * is kept in memory and rebuilt from the dataset when an endpoint's door is first used after a start. Thread-safe.
 */
public final class EventDesk {
    private static final int LARGEST_BATCH = 10_000;

    private final Registry registry;
    private final Router router;
    private final DatasetRows rows;
    private final Origins origins;
    private final Map<String, Door> doors = new ConcurrentHashMap<>();

    public EventDesk(Registry registry, Router router, DatasetRows rows) {
        this.registry = registry;
        this.router = router;
        this.rows = rows;
        this.origins = new Origins(registry);
    }

    /**
     * A view with what it remembers.
     *
     * @param viewHash of the SQL and the columns that it reads: doors with the same hash compute the same
     */
    private record Door(
            String viewHash, OnlineView view, OnlineState state, Optional<String> entity, Optional<String> timestamp) {}

    /**
     * Computes features for events, in their order, and predicts. Each event is remembered for the windows of later ones.
     *
     * @param events column to value: Boolean, Long, Double, String, {@link Instant} or null
     * @throws InvalidInputException when an event lacks a column, or a value has another type
     * @throws MillwrightException {@link PipelineError#NO_EVENTS_DOOR} when the view can't run on single events
     */
    public InferenceResult infer(String endpoint, Optional<String> clientId, List<Map<String, Object>> events) {
        if (events.isEmpty() || events.size() > LARGEST_BATCH) {
            throw new InvalidInputException("events: " + events.size() + " (expected: 1 to " + LARGEST_BATCH + ").");
        }
        Door door = door(endpoint);
        List<Map<String, Object>> outputs = take(door, events);
        List<RowKey> keys =
                outputs.stream().flatMap(row -> key(door, row).stream()).toList();
        return router.infer(new InferenceCall(
                endpoint,
                Optional.empty(),
                clientId,
                frame(door.view().features(), outputs),
                keys.size() == events.size() ? keys : List.of()));
    }

    /** Remembers events as if they had been sent, and gives their feature rows instead of predictions. */
    public Frame observe(String endpoint, List<Map<String, Object>> events) {
        Door door = door(endpoint);
        return frame(door.view().features(), take(door, events));
    }

    private static List<Map<String, Object>> take(Door door, List<Map<String, Object>> events) {
        List<Map<String, Object>> outputs = new ArrayList<>(events.size());
        for (Map<String, Object> event : events) {
            outputs.add(door.state().evaluate(event));
            door.state().observe(event);
        }
        return outputs;
    }

    /** The columns that an event needs. */
    public Schema eventSchema(String endpoint) {
        return door(endpoint).view().eventSchema();
    }

    private Door door(String endpoint) {
        Route route = router.find(endpoint)
                .orElseThrow(() -> new MillwrightException(
                        PipelineError.ENDPOINT_NOT_FOUND,
                        "endpoint: " + endpoint + " serves nothing (expected: one that does)."));
        Set<String> hashes = route.versions().stream()
                .map(version -> viewHash(registry.models().load(version.model(), version.version())))
                .collect(Collectors.toSet());
        if (hashes.size() > 1) {
            throw new MillwrightException(
                    PipelineError.NO_EVENTS_DOOR,
                    "endpoint: " + endpoint
                            + " is between two versions whose feature views differ (expected: one view)."
                            + " Send feature rows to /v2/models/" + endpoint + " until the rollout is over.");
        }
        String hash = hashes.iterator().next();
        Door known = doors.get(endpoint);
        if (known != null && known.viewHash().equals(hash)) {
            return known;
        }
        return doors.compute(
                endpoint,
                (name, other) -> other != null && other.viewHash().equals(hash)
                        ? other
                        : open(
                                hash,
                                registry.models()
                                        .load(
                                                route.versions().getFirst().model(),
                                                route.versions().getFirst().version())));
    }

    private String viewHash(ModelVersion version) {
        return StepKeys.sha256(origins.file(version).features().sql().text());
    }

    private Door open(String hash, ModelVersion version) {
        FeaturePlan plan = origins.plan(version);
        OnlineView view = plan.onlineView();
        Map<String, RecordedDataset> datasets = new HashMap<>();
        origins.datasets(version).forEach(dataset -> datasets.put(dataset.dataset(), dataset));
        Map<String, Iterable<Map<String, Object>>> lookups = new LinkedHashMap<>();
        view.lookupTables().forEach((name, schema) -> lookups.put(name, rows.all(dataset(datasets, name), schema)));
        OnlineState state = view.newState(lookups);
        PipelineFile.Features features = origins.file(version).features();
        rows.forEach(dataset(datasets, plan.baseTable()), view.eventSchema(), state::observe);
        return new Door(
                hash,
                view,
                state,
                features.entity().map(PipelineFile.Located::text),
                features.timestamp().map(PipelineFile.Located::text));
    }

    private static RecordedDataset dataset(Map<String, RecordedDataset> datasets, String name) {
        RecordedDataset dataset = datasets.get(name);
        if (dataset == null) {
            throw new IllegalStateException("the run of a served version did not record that it read " + name);
        }
        return dataset;
    }

    private static Optional<RowKey> key(Door door, Map<String, Object> outputs) {
        Object entity = door.entity().map(outputs::get).orElse(null);
        Object timestamp = door.timestamp().map(outputs::get).orElse(null);
        return entity != null && timestamp instanceof Instant instant
                ? Optional.of(new RowKey(entity.toString(), instant))
                : Optional.empty();
    }

    /** Feature rows by column, as models take them. */
    static Frame frame(List<ModelSignature.Input> inputs, List<Map<String, Object>> rows) {
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
