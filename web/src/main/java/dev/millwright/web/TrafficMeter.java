package dev.millwright.web;

import dev.millwright.serving.MetricsSnapshot;
import dev.millwright.serving.Router;
import dev.millwright.serving.StatisticsSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came in the last minutes, from counts that the router only ever adds up: looked at every few seconds, so that a
 * rate is the difference of two looks. Bounded. Thread-safe.
 */
final class TrafficMeter {
    /** How often {@link #look} is to be called. */
    static final Duration PERIOD = Duration.ofSeconds(2);

    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** Between looks that are kept for the window: all of them would take megabytes where there are hundreds of endpoints. */
    private static final Duration SPACING = Duration.ofSeconds(10);

    private static final int CURVE = 90;
    private static final double NANOS = 1e9;

    private final Router router;
    private final InstantSource clock;
    /** Where the window may begin. */
    private final Deque<Look> looks = new ArrayDeque<>();

    private Optional<Look> last = Optional.empty();
    private final Map<String, Deque<Double>> curves = new HashMap<>();

    private record Lane(String endpoint, int version) {}

    private record Look(Instant time, Map<Lane, StatisticsSnapshot> counts) {
        Duration until(Look later) {
            return Duration.between(time, later.time);
        }
    }

    /**
     * An endpoint's requests.
     *
     * @param total since the process started
     * @param seconds that {@code recent} is about; 0 before the second look
     * @param recent of the last minute
     * @param curve requests a second, oldest first
     */
    record Traffic(long total, double seconds, Optional<StatisticsSnapshot> recent, List<Double> curve) {
        double perSecond() {
            return seconds <= 0
                    ? 0
                    : recent.map(counts -> counts.timed() / seconds).orElse(0.0);
        }
    }

    TrafficMeter(Router router, InstantSource clock) {
        this.router = router;
        this.clock = clock;
    }

    /** Takes down the counts as they are. */
    synchronized void look() {
        // Versions that serve no more keep their last counts: they may come back with a roll-back.
        Map<Lane, StatisticsSnapshot> counts =
                new HashMap<>(last.map(Look::counts).orElse(Map.of()));
        for (MetricsSnapshot.VersionMetrics version : router.metrics().versions()) {
            // Where nothing came, looks share their counts.
            counts.merge(
                    new Lane(version.endpoint(), version.version()),
                    version.statistics().withoutOutputs(),
                    (known, fresh) -> known.timed() == fresh.timed() ? known : fresh);
        }
        Look now = new Look(clock.instant(), counts);
        last.ifPresent(before -> extendCurves(before, now));
        last = Optional.of(now);
        if (looks.isEmpty() || looks.getLast().until(now).compareTo(SPACING) >= 0) {
            looks.addLast(now);
        }
        while (looks.size() > 1 && looks.getFirst().until(now).compareTo(WINDOW) > 0) {
            looks.removeFirst();
        }
    }

    private void extendCurves(Look before, Look now) {
        double seconds = before.until(now).toNanos() / NANOS;
        if (seconds <= 0) {
            return;
        }
        now.counts().keySet().stream().map(Lane::endpoint).distinct().forEach(endpoint -> {
            Deque<Double> curve = curves.computeIfAbsent(endpoint, name -> new ArrayDeque<>());
            curve.addLast(between(endpoint, before, now)
                            .map(counts -> (double) counts.timed())
                            .orElse(0.0)
                    / seconds);
            if (curve.size() > CURVE) {
                curve.removeFirst();
            }
        });
    }

    private static Optional<StatisticsSnapshot> between(String endpoint, Look before, Look now) {
        return now.counts().entrySet().stream()
                .filter(entry -> entry.getKey().endpoint().equals(endpoint))
                .map(entry -> {
                    StatisticsSnapshot earlier = before.counts().get(entry.getKey());
                    return earlier == null ? entry.getValue() : entry.getValue().minus(earlier);
                })
                .reduce(StatisticsSnapshot::withRequestsOf);
    }

    /** The traffic of an endpoint as of the last look. */
    synchronized Traffic of(String endpoint) {
        List<Double> curve = new ArrayList<>(curves.getOrDefault(endpoint, new ArrayDeque<>()));
        return last.map(now -> {
                    long total = now.counts().entrySet().stream()
                            .filter(entry -> entry.getKey().endpoint().equals(endpoint))
                            .mapToLong(entry -> entry.getValue().timed())
                            .sum();
                    Look first = looks.getFirst();
                    double seconds = first.until(now).toNanos() / NANOS;
                    return new Traffic(
                            total, seconds, seconds > 0 ? between(endpoint, first, now) : Optional.empty(), curve);
                })
                .orElseGet(() -> new Traffic(0, 0, Optional.empty(), curve));
    }
}
