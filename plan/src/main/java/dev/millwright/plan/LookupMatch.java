package dev.millwright.plan;

import dev.millwright.plan.Relation.AsOf;
import dev.millwright.plan.Relation.Lookup;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The left side of a look-up: finds a row's match and fills in its values. Thread-safe. */
final class LookupMatch {
    private final List<Computation> keys;
    private final Optional<Computation> time;
    private final Optional<AsOf> asOf;
    private final int[] slots;

    LookupMatch(Lookup lookup, ExpressionCompiler compiler) {
        this.keys = compiler.compile(
                lookup.keys().stream().map(Relation.KeyPair::left).toList());
        this.time = lookup.asOf().map(asOf -> compiler.compile(asOf.left()));
        this.asOf = lookup.asOf();
        this.slots = lookup.right().fields().stream().mapToInt(Field::id).toArray();
    }

    /** Whether there is a match; without one the right fields stay NULL. */
    boolean fill(@Nullable Object[] row, LookupIndex index) {
        @Nullable Object @Nullable [] match = match(row, index);
        if (match == null) {
            return false;
        }
        for (int i = 0; i < slots.length; i++) {
            row[slots[i]] = match[i];
        }
        return true;
    }

    private @Nullable Object @Nullable [] match(@Nullable Object[] row, LookupIndex index) {
        List<@Nullable Object> key = LookupIndex.key(keys, row);
        if (key.contains(null)) {
            return null;
        }
        if (time.isEmpty() || asOf.isEmpty()) {
            return index.find(key);
        }
        return time.get().of(row) instanceof Long micros
                ? index.find(key, micros, asOf.get().bound())
                : null;
    }
}
