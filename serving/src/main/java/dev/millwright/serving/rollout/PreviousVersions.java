package dev.millwright.serving.rollout;

import dev.millwright.serving.ModelLease;
import dev.millwright.serving.Router;
import dev.millwright.serving.WeightedVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Keeps versions in memory for an hour after others have replaced them, so that nobody who rolls back waits for a load: of the latest 16
 * changes, as long as they take half of the memory for models at most. Nothing is loaded for that. Thread-safe.
 */
final class PreviousVersions {
    static final Duration KEPT = Duration.ofHours(1);
    static final int MOST = 16;
    private static final double MOST_MEMORY = 0.5;

    private final Router router;

    /** By endpoint, the oldest change first. */
    private final SequencedMap<String, Kept> kept = new LinkedHashMap<>();

    private record Kept(ModelLease lease, Instant until) {}

    PreviousVersions(Router router) {
        this.router = router;
    }

    /** Keeps a version that is about to be replaced; one that can't be loaded again was handed over to be freed. */
    synchronized void keep(String endpoint, WeightedVersion replaced, Instant now) {
        forget(endpoint);
        if (replaced.source().isReloadable()) {
            Optional<ModelLease> lease = router.findLease(replaced.source());
            lease.ifPresent(held -> kept.put(endpoint, new Kept(held, now.plus(KEPT))));
            letGo(now);
        }
    }

    /** Lets go of what was kept for long enough or is beyond the bounds, and of endpoints that serve no more. */
    synchronized void letGo(Instant now) {
        int count = 0;
        double memory = 0;
        for (Map.Entry<String, Kept> entry :
                List.copyOf(kept.sequencedEntrySet().reversed())) {
            Kept each = entry.getValue();
            double share = each.lease().memoryShare();
            boolean fits = count < MOST && memory + share <= MOST_MEMORY;
            if (fits
                    && now.isBefore(each.until())
                    && router.find(entry.getKey()).isPresent()) {
                count++;
                memory += share;
            } else {
                forget(entry.getKey());
            }
        }
    }

    /** Keeps nothing for an endpoint any more. */
    synchronized void forget(String endpoint) {
        Kept old = kept.remove(endpoint);
        if (old != null) {
            old.lease().close();
        }
    }

    /** Keeps nothing any more. */
    synchronized void clear() {
        kept.values().forEach(each -> each.lease().close());
        kept.clear();
    }
}
