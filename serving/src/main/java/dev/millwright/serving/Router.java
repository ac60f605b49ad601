package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.Ids;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.core.Words;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The hot path: from a decoded request to a prediction. Routes are immutable and swapped atomically; a request finishes
 * on the version on which it started, and a runtime is closed only after the last request that uses it. Thread-safe.
 */
public final class Router implements AutoCloseable {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final RouterOptions options;
    private final PredictionSink sink;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Executor background;
    private final Ids ids;
    private final Map<String, InstalledRoute> routes = new ConcurrentHashMap<>();
    private final Map<VersionKey, VersionStatistics> statistics = new ConcurrentHashMap<>();
    private final IdentityHashMap<ModelRuntime, SharedRuntime> runtimes = new IdentityHashMap<>();
    private final ReentrantLock installing = new ReentrantLock();
    private final AtomicLong draws = new AtomicLong();
    private final AtomicInteger pendingShadows = new AtomicInteger();
    private final LongAdder droppedShadows = new LongAdder();

    private record VersionKey(String endpoint, int version) {}

    /** A version as it stands in an installed route. */
    private record Lane(WeightedVersion version, SharedRuntime runtime, VersionStatistics statistics) {}

    private record InstalledRoute(Route route, List<Lane> lanes, Optional<Lane> shadow) {
        List<Lane> all() {
            List<Lane> all = new ArrayList<>(lanes);
            shadow.ifPresent(all::add);
            return all;
        }
    }

    /**
     * A router without routes.
     *
     * @param sink told of every answered request
     * @param clock of prediction times and ids
     * @param nanoTime of latencies: {@code System::nanoTime}
     * @param background runs shadows and closes old runtimes; must not reject
     */
    public Router(
            RouterOptions options,
            PredictionSink sink,
            InstantSource clock,
            LongSupplier nanoTime,
            Executor background) {
        this.options = options;
        this.sink = sink;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.background = background;
        this.ids = new Ids(clock);
    }

    /** Makes the route answer all requests that come from now on, and takes over its runtimes. */
    public void install(String endpoint, Route route) {
        if (!endpoint.equals(route.endpoint())) {
            throw new IllegalArgumentException("route: of " + route.endpoint() + " (expected: of " + endpoint + ")");
        }
        installing.lock();
        try {
            List<Lane> lanes = route.versions().stream()
                    .map(version -> lane(endpoint, version))
                    .toList();
            Optional<Lane> shadow = route.shadow().map(version -> lane(endpoint, version));
            InstalledRoute old = routes.put(endpoint, new InstalledRoute(route, lanes, shadow));
            if (old != null) {
                release(old);
            }
        } finally {
            installing.unlock();
        }
    }

    /** Stops answering for the endpoint; requests in flight finish. False when there is no such endpoint. */
    public boolean uninstall(String endpoint) {
        installing.lock();
        try {
            InstalledRoute old = routes.remove(endpoint);
            if (old == null) {
                return false;
            }
            release(old);
            statistics.keySet().removeIf(key -> key.endpoint().equals(endpoint));
            return true;
        } finally {
            installing.unlock();
        }
    }

    private Lane lane(String endpoint, WeightedVersion version) {
        SharedRuntime shared = runtimes.get(version.runtime());
        if (shared == null || !shared.tryHold()) {
            shared = new SharedRuntime(version.runtime(), options, background);
            runtimes.put(version.runtime(), shared);
        }
        VersionStatistics counted = statistics.computeIfAbsent(
                new VersionKey(endpoint, version.version()),
                key -> new VersionStatistics(version.runtime().signature()));
        return new Lane(version, shared, counted);
    }

    private void release(InstalledRoute old) {
        old.all().forEach(lane -> lane.runtime().release());
        runtimes.values().removeIf(SharedRuntime::isFree);
    }

    public Optional<Route> find(String endpoint) {
        return Optional.ofNullable(routes.get(endpoint)).map(InstalledRoute::route);
    }

    /** What serves, by endpoint. */
    public List<Route> list() {
        return routes.values().stream()
                .map(InstalledRoute::route)
                .sorted(Comparator.comparing(Route::endpoint))
                .toList();
    }

    /** The counts of a version that serves or served on the endpoint since the start. */
    public Optional<VersionStatistics> findStatistics(String endpoint, int version) {
        return Optional.ofNullable(statistics.get(new VersionKey(endpoint, version)));
    }

    /** {@link #infer(InferenceCall)} for rows without keys. */
    public InferenceResult infer(
            String endpoint, Optional<String> requestedVersion, Optional<String> clientId, Frame rows) {
        return infer(new InferenceCall(endpoint, requestedVersion, clientId, rows));
    }

    /**
     * Predicts, waiting its turn in a batch. Blocks its thread for about as long as the model runs.
     *
     * @throws MillwrightException {@link ServingError#ENDPOINT_NOT_FOUND}, {@link ServingError#VERSION_NOT_FOUND},
     *     {@link ServingError#OVERLOADED}: send it again later; {@link ServingError#INFERENCE_FAILED}
     * @throws InvalidInputException when the rows don't fit the version's signature
     */
    public InferenceResult infer(InferenceCall call) {
        long start = nanoTime.getAsLong();
        while (true) {
            InstalledRoute route = routes.get(call.endpoint());
            if (route == null) {
                throw unknownEndpoint(call.endpoint());
            }
            Lane lane = choose(route, call);
            // When this fails, a newer route is in the map by now.
            if (lane.runtime().tryHold()) {
                try {
                    return answer(call, route, lane, start);
                } finally {
                    lane.runtime().release();
                }
            }
        }
    }

    private MillwrightException unknownEndpoint(String endpoint) {
        return new MillwrightException(
                ServingError.ENDPOINT_NOT_FOUND,
                "endpoint: " + endpoint + " (expected: one that serves)."
                        + Words.suggestion(endpoint, routes.keySet()));
    }

    private Lane choose(InstalledRoute route, InferenceCall call) {
        if (call.requestedVersion().isEmpty()) {
            return route.lanes().get(route.route().pick(place(call)));
        }
        String wanted = call.requestedVersion().get();
        return route.all().stream()
                .filter(lane -> Integer.toString(lane.version().version()).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new MillwrightException(
                        ServingError.VERSION_NOT_FOUND,
                        "version: " + wanted + " (expected: one that serves on " + call.endpoint() + ": "
                                + String.join(
                                        ", ",
                                        route.all().stream()
                                                .map(lane -> Integer.toString(
                                                        lane.version().version()))
                                                .toList())
                                + ")"));
    }

    /** From 0 to 1: always the same for a client, else drawn. */
    private double place(InferenceCall call) {
        long bits = call.clientId()
                .map(id -> mix(((long) call.endpoint().hashCode() << 32) ^ id.hashCode()))
                .orElseGet(() -> mix(options.seed() + GOLDEN * draws.incrementAndGet()));
        return (bits >>> 11) * 0x1p-53;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private InferenceResult answer(InferenceCall call, InstalledRoute route, Lane lane, long start) {
        Instant time = clock.instant();
        PredictionEvent event =
                predict(call, lane, PredictionEvent.Role.SERVED, ids.uuid().toString(), time, start);
        sink.accept(event);
        route.shadow().ifPresent(shadow -> mirror(call, shadow, event));
        return new InferenceResult(
                event.predictionId(), call.endpoint(), event.version(), event.predictions(), event.nanos());
    }

    private PredictionEvent predict(
            InferenceCall call, Lane lane, PredictionEvent.Role role, String id, Instant time, long start) {
        try {
            RequestRows.Keyed sent = call.rows().forVersion(lane.version());
            Frame rows = InputFrames.align(lane.runtime().runtime().signature(), sent.frame());
            Predictions predictions = lane.runtime().batcher().predict(rows);
            long nanos = nanoTime.getAsLong() - start;
            lane.statistics().recordSuccess(predictions, nanos);
            return new PredictionEvent(
                    id,
                    time,
                    call.endpoint(),
                    lane.version().model(),
                    lane.version().version(),
                    role,
                    call.clientId(),
                    sent.keys(),
                    rows,
                    predictions,
                    nanos);
        } catch (RuntimeException | Error e) {
            lane.statistics().recordFailure(outcome(e), nanoTime.getAsLong() - start);
            throw e;
        }
    }

    private static VersionStatistics.Outcome outcome(Throwable failure) {
        return switch (failure) {
            case InvalidInputException invalid -> VersionStatistics.Outcome.INVALID;
            case MillwrightException known
            when known.code() == ServingError.OVERLOADED -> VersionStatistics.Outcome.OVERLOADED;
            default -> VersionStatistics.Outcome.ERROR;
        };
    }

    /** Sends a copy to the shadow after the answer; never in its way. */
    private void mirror(InferenceCall call, Lane shadow, PredictionEvent served) {
        if (pendingShadows.incrementAndGet() > options.pendingShadows()
                || !shadow.runtime().tryHold()) {
            pendingShadows.decrementAndGet();
            droppedShadows.increment();
            return;
        }
        background.execute(() -> {
            try {
                sink.accept(predict(
                        call,
                        shadow,
                        PredictionEvent.Role.SHADOW,
                        served.predictionId(),
                        served.time(),
                        nanoTime.getAsLong()));
            } catch (RuntimeException e) {
                // Counted in the shadow's statistics by predict; there is nobody to answer.
            } finally {
                shadow.runtime().release();
                pendingShadows.decrementAndGet();
            }
        });
    }

    /** Everything that {@code /metrics} shows. */
    public MetricsSnapshot metrics() {
        List<MetricsSnapshot.VersionMetrics> versions = new ArrayList<>();
        for (InstalledRoute route : routes.values()) {
            for (Lane lane : route.all()) {
                versions.add(new MetricsSnapshot.VersionMetrics(
                        route.route().endpoint(),
                        lane.version().model(),
                        lane.version().version(),
                        lane.version().weight(),
                        lane.runtime().batcher().depth(),
                        lane.statistics().snapshot()));
            }
        }
        versions.sort(Comparator.comparing(MetricsSnapshot.VersionMetrics::endpoint)
                .thenComparing(MetricsSnapshot.VersionMetrics::version));
        return new MetricsSnapshot(versions, sink.dropped(), droppedShadows.sum());
    }

    /** Stops answering; runtimes are closed in the background after their last request. */
    @Override
    public void close() {
        List.copyOf(routes.keySet()).forEach(this::uninstall);
    }
}
