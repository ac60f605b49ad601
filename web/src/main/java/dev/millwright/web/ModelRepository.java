package dev.millwright.web;

import dev.millwright.pipelines.Deployments;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RolloutStatus;
import dev.millwright.registry.Served;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The protocol's model repository: what could serve and what does. A registered model that no endpoint serves can be loaded, which deploys
 * its newest version on an endpoint of its name; unloading an endpoint stops its answers until it is loaded again. Thread-safe.
 */
final class ModelRepository {
    private static final String READY = "READY";
    private static final String UNAVAILABLE = "UNAVAILABLE";

    private final Registry registry;
    private final Deployments deployments;

    ModelRepository(Registry registry, Deployments deployments) {
        this.registry = registry;
        this.deployments = deployments;
    }

    /** Which entries are wanted. */
    enum Wanted {
        ALL,
        READY
    }

    /**
     * An entry.
     *
     * @param reason why it isn't ready; else empty
     */
    record Entry(String name, String version, String state, String reason) {}

    /** What could serve, and what does, by name. */
    List<Entry> index(Wanted wanted) {
        List<Entry> entries = new ArrayList<>();
        Set<String> endpoints = new HashSet<>();
        for (Endpoint endpoint : registry.endpoints().list()) {
            endpoints.add(endpoint.name());
            if (endpoint.rollout().status() == RolloutStatus.EMPTY) {
                entries.add(new Entry(
                        endpoint.name(), "", UNAVAILABLE, endpoint.rollout().reason()));
            }
            for (Served served : endpoint.rollout().versions()) {
                entries.add(entry(endpoint, served));
            }
        }
        registry.models().list().stream()
                .filter(model -> !endpoints.contains(model.name()))
                .flatMap(model -> registry.models().versions(model.name()).stream())
                .filter(ModelVersion::isServable)
                .map(version -> new Entry(
                        version.model(),
                        Integer.toString(version.version()),
                        UNAVAILABLE,
                        "no endpoint of this name serves it"))
                .forEach(entries::add);
        return entries.stream()
                .filter(entry -> wanted == Wanted.ALL || entry.state().equals(READY))
                .toList();
    }

    private static Entry entry(Endpoint endpoint, Served served) {
        String version = Integer.toString(served.version());
        return switch (served.role()) {
            case LIVE -> new Entry(endpoint.name(), version, READY, "");
            case SHADOW ->
                new Entry(
                        endpoint.name(),
                        version,
                        UNAVAILABLE,
                        "a shadow: its answers are compared with those of the version that serves, and never returned");
        };
    }

    /** Makes a model answer, and gets it into memory. */
    void load(String name) {
        deployments.load(name);
        deployments.preload(name);
    }

    /** Stops a model's answers. */
    void unload(String name) {
        deployments.unload(name);
    }
}
