package dev.millwright.plan;

import dev.millwright.core.Column;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Schema;
import dev.millwright.plan.Relation.Lookup;
import dev.millwright.plan.Relation.Scan;
import dev.millwright.plan.Relation.ScanColumn;
import dev.millwright.plan.window.TileWindowStore;
import dev.millwright.plan.window.WindowShape;
import dev.millwright.plan.window.WindowStore;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A feature view as it is computed for one event at a time: the same plan, in Java, on microseconds. WHERE decides which events
 * later windows count; an event itself is answered whether or not WHERE would keep it, and an INNER JOIN without a match gives
 * NULLs. Immutable and thread-safe.
 */
public final class OnlineView {
    /** How far out of order events may come by default and still be counted exactly. */
    public static final Duration DEFAULT_LATENESS = Duration.ofDays(1);

    private final Scan base;
    private final List<OnlineStep> steps;
    private final List<Lookup> lookups;
    private final List<OnlineWindow> windows;
    private final List<Field> outputs;
    private final List<Field> features;
    private final ZoneId zone;
    private final int slots;

    OnlineView(
            Scan base,
            List<OnlineStep> steps,
            List<Lookup> lookups,
            List<OnlineWindow> windows,
            List<Field> outputs,
            List<Field> features,
            ZoneId zone,
            int slots) {
        this.base = base;
        this.steps = List.copyOf(steps);
        this.lookups = List.copyOf(lookups);
        this.windows = List.copyOf(windows);
        this.outputs = List.copyOf(outputs);
        this.features = List.copyOf(features);
        this.zone = zone;
        this.slots = slots;
    }

    /** The base table's columns that the view needs, to answer an event or to remember it for later ones. */
    public Schema eventSchema() {
        return new Schema(base.columns().stream().map(OnlineView::column).toList());
    }

    private static Column column(ScanColumn column) {
        return new Column(column.column(), column.field().type().column());
    }

    /** The columns that a model takes, in order. */
    public List<ModelSignature.Input> features() {
        return FeaturePlan.inputs(features);
    }

    /** The other tables that are read, by name, with the columns that are needed. */
    public Map<String, Schema> lookupTables() {
        Map<String, Map<String, Column>> columns = new TreeMap<>();
        for (Lookup lookup : lookups) {
            for (Scan scan : FeaturePlan.scans(lookup.right())) {
                Map<String, Column> known = columns.computeIfAbsent(scan.dataset(), absent -> new LinkedHashMap<>());
                scan.columns().forEach(column -> known.put(column.column(), column(column)));
            }
        }
        Map<String, Schema> schemas = new TreeMap<>();
        columns.forEach((name, known) -> schemas.put(name, new Schema(List.copyOf(known.values()))));
        return schemas;
    }

    /** What the windows need to remember. */
    public List<WindowShape> windows() {
        return windows.stream().map(OnlineWindow::shape).toList();
    }

    /** A state that remembers in memory, with the default lateness. */
    public OnlineState newState(Map<String, Iterable<Map<String, Object>>> lookupRows) {
        return newState(lookupRows, new TileWindowStore(windows(), DEFAULT_LATENESS, InstantSource.system()));
    }

    /**
     * A state that remembers in {@code store}, made for {@link #windows}.
     *
     * @param lookupRows the rows of each of {@link #lookupTables}, as maps from column to value (see {@link OnlineState});
     *     where several rows match, the one with the largest {@code _row_id} is taken, or the later one when there is none
     */
    public OnlineState newState(Map<String, Iterable<Map<String, Object>>> lookupRows, WindowStore store) {
        LookupRows rows = new LookupRows(lookupRows, zone, slots);
        ExpressionCompiler compiler = new ExpressionCompiler(zone);
        List<LookupIndex> indexes = new ArrayList<>();
        for (Lookup lookup : lookups) {
            indexes.add(new LookupIndex(lookup, rows.rows(lookup.right()), compiler));
        }
        return new OnlineState(
                base, steps, outputs, zone, slots, new OnlineStep.Surroundings(List.copyOf(indexes), store));
    }
}
