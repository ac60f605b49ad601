package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.serving.cache.CacheOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** What serves where: immutable routes that are swapped as a whole, and the counts of their versions. Thread-safe. */
final class RouteTable {
    private final ModelPool models;
    private final Map<String, InstalledRoute> routes = new ConcurrentHashMap<>();
    private final Map<VersionKey, VersionStatistics> statistics = new ConcurrentHashMap<>();
    private final ResultCaches caches;
    private final ReentrantLock installing = new ReentrantLock();

    private record VersionKey(String endpoint, int version) {}

    RouteTable(ModelPool models, ResultCaches caches) {
        this.models = models;
        this.caches = caches;
    }

    /** Keeps answers of an endpoint from now on, or no more; what was kept is forgotten. */
    void setCache(String endpoint, Optional<CacheOptions> options) {
        installing.lock();
        try {
            caches.set(endpoint, options);
            InstalledRoute current = routes.get(endpoint);
            if (current != null) {
                install(endpoint, current.route());
            }
        } finally {
            installing.unlock();
        }
    }

    /** How answers of an endpoint are kept, if they are. */
    Optional<CacheOptions> findCache(String endpoint) {
        return caches.find(endpoint);
    }

    /** Makes the route answer all requests that come from now on. */
    void install(String endpoint, Route route) {
        if (!endpoint.equals(route.endpoint())) {
            throw new IllegalArgumentException("route: of " + route.endpoint() + " (expected: of " + endpoint + ")");
        }
        installing.lock();
        try {
            Map<Integer, Lane> all = lanes(route);
            List<Lane> lanes = route.versions().stream()
                    .map(version -> Objects.requireNonNull(all.get(version.version())))
                    .toList();
            Optional<Lane> shadow = route.shadow().map(version -> all.get(version.version()));
            InstalledRoute old = routes.put(endpoint, new InstalledRoute(route, lanes, shadow));
            if (old != null) {
                leave(old);
            }
            caches.retain(endpoint, route);
        } finally {
            installing.unlock();
        }
    }

    /** Stops answering for the endpoint; requests in flight finish. False when there is no such endpoint. */
    boolean uninstall(String endpoint) {
        installing.lock();
        try {
            InstalledRoute old = routes.remove(endpoint);
            if (old == null) {
                return false;
            }
            leave(old);
            caches.forget(endpoint);
            statistics.keySet().removeIf(key -> key.endpoint().equals(endpoint));
            return true;
        } finally {
            installing.unlock();
        }
    }

    /** By version; a shadow that is one of those that answer shares its lane. */
    private Map<Integer, Lane> lanes(Route route) {
        Map<Integer, WeightedVersion> versions = new LinkedHashMap<>();
        Stream.concat(route.versions().stream(), route.shadow().stream())
                .forEach(version -> versions.putIfAbsent(version.version(), version));
        List<ModelSlot> slots = versions.values().stream()
                .map(version -> models.refer(version.source()))
                .toList();
        Map<Integer, Lane> lanes = new HashMap<>();
        int at = 0;
        for (WeightedVersion version : versions.values()) {
            lanes.put(version.version(), lane(route.endpoint(), version, slots.get(at++), slots));
        }
        return lanes;
    }

    private Lane lane(String endpoint, WeightedVersion version, ModelSlot slot, List<ModelSlot> slots) {
        VersionStatistics counted = statistics.computeIfAbsent(
                new VersionKey(endpoint, version.version()),
                key -> version.source()
                        .features()
                        .map(features -> new VersionStatistics(features.signature()))
                        .orElseGet(VersionStatistics::withoutOutputs));
        return new Lane(
                version, slot, counted, new RouteTensors(slot, slots), caches.of(endpoint, version, counted.cached()));
    }

    private void leave(InstalledRoute old) {
        old.all().forEach(lane -> models.leave(lane.slot()));
    }

    /** The route of an endpoint, if it serves. */
    Optional<InstalledRoute> find(String endpoint) {
        return Optional.ofNullable(routes.get(endpoint));
    }

    /** The route that is asked; {@link ServingError#ENDPOINT_NOT_FOUND} when there is none. */
    InstalledRoute load(CallTarget target) {
        InstalledRoute route = routes.get(target.endpoint());
        if (route == null) {
            throw new MillwrightException(
                    ServingError.ENDPOINT_NOT_FOUND,
                    "endpoint: " + target.endpoint() + " (expected: one that serves)."
                            + Words.suggestion(target.endpoint(), routes.keySet()));
        }
        return route;
    }

    /** All, by endpoint. */
    List<Route> list() {
        return routes.values().stream()
                .map(InstalledRoute::route)
                .sorted(Comparator.comparing(Route::endpoint))
                .toList();
    }

    /** The counts of a version that serves or served on the endpoint since the start. */
    Optional<VersionStatistics> findStatistics(String endpoint, int version) {
        return Optional.ofNullable(statistics.get(new VersionKey(endpoint, version)));
    }

    /** A version that serves on the endpoint. */
    Optional<Lane> findLane(String endpoint, int version) {
        return find(endpoint)
                .flatMap(route -> route.all().stream()
                        .filter(lane -> lane.version().version() == version)
                        .findFirst());
    }

    /** What stands in {@code /metrics}, by endpoint and version. */
    List<MetricsSnapshot.VersionMetrics> metrics() {
        List<MetricsSnapshot.VersionMetrics> versions = new ArrayList<>();
        for (InstalledRoute route : routes.values()) {
            for (Lane lane : route.all()) {
                versions.add(new MetricsSnapshot.VersionMetrics(
                        route.route().endpoint(),
                        lane.version().model(),
                        lane.version().version(),
                        lane.version().weight(),
                        lane.slot().depth(),
                        lane.statistics().snapshot(),
                        lane.statistics().cached().snapshot()));
            }
        }
        versions.sort(Comparator.comparing(MetricsSnapshot.VersionMetrics::endpoint)
                .thenComparing(MetricsSnapshot.VersionMetrics::version));
        return versions;
    }
}
