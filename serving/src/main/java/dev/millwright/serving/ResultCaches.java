package dev.millwright.serving;

import dev.millwright.serving.cache.CacheCounts;
import dev.millwright.serving.cache.CacheOptions;
import dev.millwright.serving.cache.ResultCache;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers that endpoints keep: each version's by itself, so that none is given for another, and as long as the version is part of the
 * route. Guarded by the lock of the table of routes; the options may be asked at any time.
 */
final class ResultCaches {
    private final LongSupplier nanoTime;
    private final long seed;
    private final Map<String, CacheOptions> options = new ConcurrentHashMap<>();
    private final Map<String, Map<Integer, Kept>> kept = new HashMap<>();

    /** What a version said; the model may be another one after an endpoint was made anew. */
    private record Kept(ModelSource source, ResultCache cache) {}

    ResultCaches(LongSupplier nanoTime, long seed) {
        this.nanoTime = nanoTime;
        this.seed = seed;
    }

    void set(String endpoint, Optional<CacheOptions> wanted) {
        forget(endpoint);
        wanted.ifPresentOrElse(found -> options.put(endpoint, found), () -> options.remove(endpoint));
    }

    Optional<CacheOptions> find(String endpoint) {
        return Optional.ofNullable(options.get(endpoint));
    }

    /** That of a version; null when its endpoint keeps nothing. */
    @Nullable
    ResultCache of(String endpoint, WeightedVersion version, CacheCounts counts) {
        CacheOptions wanted = options.get(endpoint);
        if (wanted == null) {
            return null;
        }
        Map<Integer, Kept> versions = kept.computeIfAbsent(endpoint, absent -> new HashMap<>());
        Kept known = versions.get(version.version());
        if (known == null || !known.source().equals(version.source())) {
            known = new Kept(version.source(), new ResultCache(wanted, nanoTime, seed, counts));
            versions.put(version.version(), known);
        }
        return known.cache();
    }

    /** Forgets what versions said that a route no longer has. */
    void retain(String endpoint, Route route) {
        Map<Integer, Kept> versions = kept.get(endpoint);
        if (versions != null) {
            versions.keySet()
                    .removeIf(number -> route.versions().stream().noneMatch(each -> each.version() == number)
                            && route.shadow()
                                    .filter(shadow -> shadow.version() == number)
                                    .isEmpty());
        }
    }

    /** Forgets what an endpoint's versions said. */
    void forget(String endpoint) {
        kept.remove(endpoint);
    }
}
