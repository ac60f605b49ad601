package dev.millwright.serving;

import dev.millwright.serving.cache.ResultCache;
import org.jspecify.annotations.Nullable;

/**
 * A version as it stands in an installed route.
 *
 * @param cache what it said already; null when its endpoint keeps nothing
 */
record Lane(
        WeightedVersion version,
        ModelSlot slot,
        VersionStatistics statistics,
        @Nullable ResultCache cache) {
    /** The number of the version, as requests name it. */
    String name() {
        return Integer.toString(version.version());
    }
}
