package dev.millwright.plan;

import dev.millwright.plan.Relation.AsOf;
import dev.millwright.plan.Relation.Lookup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The right rows of one look-up by key, and by time for an as-of join. Immutable once made, and thread-safe. */
final class LookupIndex {
    private static final long ANY_TIME = 0;

    private final Map<List<@Nullable Object>, NavigableMap<Long, Entry>> byKey = new HashMap<>();

    private record Entry(long rowId, @Nullable Object[] values) {}

    LookupIndex(Lookup lookup, List<@Nullable Object[]> rows, ExpressionCompiler compiler) {
        List<Computation> keys = compiler.compile(
                lookup.keys().stream().map(Relation.KeyPair::right).toList());
        Optional<Computation> time = lookup.asOf().map(asOf -> compiler.compile(asOf.right()));
        List<Field> fields = lookup.right().fields();
        int rowIdSlot = lookup.right().rowId().map(Field::id).orElse(-1);
        for (@Nullable Object[] row : rows) {
            List<@Nullable Object> key = key(keys, row);
            Object at = time.isPresent() ? time.get().of(row) : (Object) ANY_TIME;
            if (at instanceof Long micros && !key.contains(null)) {
                long rowId = rowIdSlot >= 0 && row[rowIdSlot] instanceof Long id ? id : 0;
                Entry entry = new Entry(
                        rowId, fields.stream().map(field -> row[field.id()]).toArray());
                byKey.computeIfAbsent(key, absent -> new TreeMap<>())
                        .merge(micros, entry, (old, added) -> added.rowId() >= old.rowId() ? added : old);
            }
        }
    }

    /** The values of the key; zero has one sign. */
    static List<@Nullable Object> key(List<Computation> keys, @Nullable Object[] row) {
        List<@Nullable Object> values = new ArrayList<>(keys.size());
        for (Computation key : keys) {
            Object value = key.of(row);
            values.add(value instanceof Double number && number == 0 ? (Object) 0.0 : value);
        }
        return values;
    }

    /** The values of the right fields, in their order, or null when nothing matches. */
    @Nullable
    Object @Nullable [] find(List<@Nullable Object> key) {
        NavigableMap<Long, Entry> entries = byKey.get(key);
        return entries == null ? null : entries.firstEntry().getValue().values();
    }

    /** Like {@link #find(List)}, for the latest right row within the bound. */
    @Nullable
    Object @Nullable [] find(List<@Nullable Object> key, long timeMicros, AsOf.Bound bound) {
        NavigableMap<Long, Entry> entries = byKey.get(key);
        if (entries == null) {
            return null;
        }
        Map.Entry<Long, Entry> latest =
                bound == AsOf.Bound.UP_TO_NOW ? entries.floorEntry(timeMicros) : entries.lowerEntry(timeMicros);
        return latest == null ? null : latest.getValue().values();
    }
}
