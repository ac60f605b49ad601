package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.OnlineState;
import dev.millwright.plan.OnlineView;
import dev.millwright.plan.TableShape;
import dev.millwright.plan.window.TileWindowStore;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.serving.RequestRows;
import dev.millwright.serving.RowKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A feature view with what its windows remember: turns events into feature rows. Thread-safe. */
final class EventDoor {
    private final OnlineView view;
    private final TileWindowStore windows;
    private final OnlineState state;
    private final Optional<String> entity;
    private final Optional<String> timestamp;
    private final List<Column> required;

    private EventDoor(
            OnlineView view,
            TileWindowStore windows,
            OnlineState state,
            PipelineFile.Features features,
            List<Column> required) {
        this.view = view;
        this.windows = windows;
        this.state = state;
        this.entity = features.entity().map(PipelineFile.Located::text);
        this.timestamp = features.timestamp().map(PipelineFile.Located::text);
        this.required = required;
    }

    /** Opens the view of a version, and fills its windows with the dataset version on which it was trained. */
    static EventDoor open(ModelVersion version, Origins origins, DatasetRows rows, InstantSource clock) {
        FeaturePlan plan = origins.plan(version);
        OnlineView view = plan.onlineView();
        Map<String, RecordedDataset> datasets = origins.tables(version);
        Map<String, Iterable<Map<String, @Nullable Object>>> lookups = new LinkedHashMap<>();
        view.lookupTables().forEach((name, schema) -> lookups.put(name, rows.all(dataset(datasets, name), schema)));
        TileWindowStore windows = new TileWindowStore(view.windows(), OnlineView.DEFAULT_LATENESS, clock);
        OnlineState state = view.newState(lookups, windows);
        rows.forEach(dataset(datasets, plan.baseTable()), view.eventSchema(), state::observe);
        PipelineFile file = origins.file(version);
        TableShape shape = TableShapes.of(
                        file,
                        Map.of(
                                plan.baseTable(),
                                dataset(datasets, plan.baseTable()).schema()))
                .getFirst();
        return new EventDoor(view, windows, state, file.features(), required(shape, view.eventSchema()));
    }

    /** The columns of an event that aren't known only some time after it. */
    private static List<Column> required(TableShape shape, Schema events) {
        return events.columns().stream()
                .filter(column -> shape.knownAfter(column.name()).isEmpty())
                .toList();
    }

    private static RecordedDataset dataset(Map<String, RecordedDataset> datasets, String name) {
        RecordedDataset dataset = datasets.get(name);
        if (dataset == null) {
            throw new IllegalStateException("the run of a served version did not record that it read " + name);
        }
        return dataset;
    }

    /** Frees what is kept for keys of which nothing came for longer than a window reaches. */
    void forgetIdle() {
        windows.forgetIdle();
    }

    /** The columns that the view reads. */
    Schema schema() {
        return view.eventSchema();
    }

    /** The columns that an event must have: those that the view reads, but for what is known only some time after the event. */
    List<Column> required() {
        return required;
    }

    /**
     * The feature rows of events, in their order; each event is remembered for the windows of later ones.
     *
     * @throws InvalidInputException when an event lacks a column; nothing is remembered then
     */
    RequestRows.Keyed take(List<Map<String, @Nullable Object>> events) {
        requireColumns(events);
        List<Map<String, @Nullable Object>> outputs = new ArrayList<>(events.size());
        List<RowKey> keys = new ArrayList<>();
        for (Map<String, @Nullable Object> event : events) {
            Map<String, @Nullable Object> output = state.evaluate(event);
            state.observe(event);
            outputs.add(output);
            key(output).ifPresent(keys::add);
        }
        return new RequestRows.Keyed(frame(view.features(), outputs), keys.size() == events.size() ? keys : List.of());
    }

    private void requireColumns(List<Map<String, @Nullable Object>> events) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            for (Column column : required) {
                if (!events.get(i).containsKey(column.name())) {
                    problems.add(Problem.of("event " + i + ": has no '" + column.name() + "' (expected: "
                            + column.type().label() + ", or null where unknown)"));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
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
