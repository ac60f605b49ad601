package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.pipelines.StepOutputs.Deployed;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.ModelVersionStatus;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Rollout;
import dev.millwright.registry.RolloutStatus;
import dev.millwright.registry.RouteChange;
import dev.millwright.registry.Served;
import dev.millwright.registry.TimelineEntry;
import dev.millwright.serving.ModelLease;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.RolloutController;
import dev.millwright.serving.RolloutDecision;
import dev.millwright.serving.RolloutListener;
import dev.millwright.serving.RolloutPlan;
import dev.millwright.serving.RolloutState;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.cache.CacheOptions;
import dev.millwright.serving.remote.RemoteModels;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Joins what the registry says serves with what the router lets serve: each change is stored first, then followed.
 * Thread-safe.
 */
public final class Deployments implements RolloutListener {
    /** The alias of the version that serves an endpoint. */
    public static final String CHAMPION = "champion";

    /** The artifact of a model version that holds its graph. */
    public static final String GRAPH = ModelVersion.GRAPH;

    private final Registry registry;
    private final Router router;
    private final RolloutController rollouts;
    private final ClientModels clients;
    private final StoredVersions stored;
    private final RemoteModels remotes;

    /** {@code remotes}: opens the models that other servers answer for. */
    public Deployments(Registry registry, Router router, RemoteModels remotes, InstantSource clock) {
        this.registry = registry;
        this.remotes = remotes;
        this.router = router;
        this.rollouts = new RolloutController(router, this, clock);
        this.clients = new ClientModels(registry);
        this.stored = new StoredVersions(registry, router.members(), Optional.of(remotes));
    }

    /** Lets everything serve that served when the process ended, and goes on with rollouts that were under way. Models are loaded
     * when they are asked. */
    public void restore() {
        registry.endpoints().list().forEach(endpoint -> {
            router.setCache(endpoint.name(), findCache(endpoint.name()));
            restore(endpoint);
        });
    }

    /**
     * Keeps answers of an endpoint from now on, each version's by itself, or no more. Only for models that say the same to the same
     * input each time.
     *
     * @throws MillwrightException when there is no endpoint of that name
     */
    public synchronized void setCache(String name, Optional<CacheOptions> options) {
        require(name);
        registry.endpoints().setCache(name, options.map(StepJson::write));
        if (!router.findCache(name).equals(options)) {
            router.setCache(name, options);
        }
    }

    /** How answers of an endpoint are kept, if they are. */
    public Optional<CacheOptions> findCache(String name) {
        return registry.endpoints().findCache(name).map(plan -> StepJson.read(plan, CacheOptions.class));
    }

    private void restore(Endpoint endpoint) {
        List<Served> live = endpoint.rollout().versions().stream()
                .filter(served -> served.role() == Served.Role.LIVE)
                .toList();
        if (live.isEmpty()) {
            return;
        }
        if (endpoint.rollout().status() == RolloutStatus.CANARY) {
            RolloutState state = StepJson.read(endpoint.rollout().plan(), RolloutState.class);
            rollouts.restore(
                    state,
                    version(endpoint.model(), state.champion(), 1 - state.share()),
                    version(endpoint.model(), state.candidate(), state.share()));
            return;
        }
        int version = live.stream()
                .max(Comparator.comparingDouble(Served::percent))
                .orElseThrow()
                .version();
        router.install(endpoint.name(), Route.of(endpoint.name(), version(endpoint.model(), version, 1)));
        // The alias follows the route in a transaction of its own; a crash between the two is mended here.
        registry.models().setAlias(endpoint.model(), CHAMPION, version);
    }

    /**
     * Rolls a version out on its endpoint; the first on an endpoint serves alone at once. A rollout under way gives way.
     *
     * @throws MillwrightException when the endpoint belongs to another model
     */
    public synchronized Deployed deploy(String name, ModelVersion version, RolloutPlan plan) {
        Endpoint endpoint = registry.endpoints()
                .find(name)
                .orElseGet(() -> registry.endpoints().create(name, version.model()));
        if (!endpoint.model().equals(version.model())) {
            throw new MillwrightException(
                    PipelineError.ENDPOINT_TAKEN,
                    "deploy.endpoint: " + name + " serves the model " + endpoint.model() + " (expected: one of "
                            + version.model() + "). Choose another name.");
        }
        if (servesAlone(endpoint, version.version())) {
            return new Deployed(name, version.version(), "serving", "this version serves already");
        }
        if (rollouts.find(name)
                .filter(state -> state.candidate() == version.version())
                .isPresent()) {
            return new Deployed(name, version.version(), "canary", "the rollout of this version is under way");
        }
        rollouts.find(name).ifPresent(state -> rollouts.rollBack(name, "superseded by version " + version.version()));
        WeightedVersion candidate = weighted(version, 1);
        // What can't be loaded is refused here, before anything changes.
        try (ModelLease _ = router.lease(candidate.source())) {
            rollouts.start(name, plan, candidate);
        }
        Rollout rollout = registry.endpoints().load(name).rollout();
        return new Deployed(
                name,
                version.version(),
                rollout.status() == RolloutStatus.CANARY ? "canary" : "serving",
                rollout.reason());
    }

    /**
     * Makes a version the champion of its model: rolls it out wherever the model serves, in the way that the pipeline of the
     * version which serves now asks for, else at once. The alias follows when the rollout is over. Where no endpoint serves the
     * model, the alias is set at once.
     *
     * @throws MillwrightException {@link PipelineError#REFUSED_VERSION} when a gate or the parity replay refused it
     */
    public synchronized void promote(ModelVersion version) {
        List<Endpoint> serving = registry.endpoints().list().stream()
                .filter(endpoint -> endpoint.model().equals(version.model()))
                .toList();
        if (serving.isEmpty()) {
            registry.models().setAlias(version.model(), CHAMPION, version.version());
            return;
        }
        ModelVersion servable = prepare(version);
        serving.forEach(endpoint -> deploy(endpoint.name(), servable, plan(endpoint)));
    }

    /**
     * Rolls a version out by hand, in the way that the pipeline of the version which serves now asks for, else at once; on a new
     * endpoint it serves alone at once. A version that a client registered is made servable first.
     *
     * @throws MillwrightException {@link PipelineError#REFUSED_VERSION}, {@link PipelineError#GATE_REFUSED}, or
     *     {@link dev.millwright.registry.RegistryError#NOT_SERVABLE} saying what about its graph is the trouble
     */
    public synchronized Deployed deployByHand(String name, String model, int number) {
        ModelVersion version = registry.registeredModels().loadVersion(model, number);
        ModelVersion servable = prepare(version);
        RolloutPlan plan = registry.endpoints().find(name).map(this::plan).orElseGet(RolloutPlan::immediate);
        return deploy(name, servable, plan);
    }

    private static void refuseRefused(ModelVersion version) {
        if (version.status() == ModelVersionStatus.REFUSED) {
            throw new MillwrightException(
                    PipelineError.REFUSED_VERSION,
                    "model version: " + version.id()
                            + " was refused by a gate or by the parity replay (expected: one that"
                            + " passed). Its page says why.");
        }
    }

    /** How the pipeline of the version that serves now wants its successors to be let in. */
    private RolloutPlan plan(Endpoint endpoint) {
        Origins origins = new Origins(registry);
        return endpoint.rollout().versions().stream()
                .map(served -> registry.models().load(endpoint.model(), served.version()))
                .filter(origins::isPipelines)
                .flatMap(version -> origins.file(version).deploy().stream())
                .map(PipelineFile.Deploy::rollout)
                .findFirst()
                .orElseGet(RolloutPlan::immediate);
    }

    private static boolean servesAlone(Endpoint endpoint, int version) {
        return endpoint.rollout().status() == RolloutStatus.STEADY
                && endpoint.rollout().versions().stream().anyMatch(served -> served.version() == version);
    }

    /** Judges the rollouts under way; call it often. */
    public void tick(Instant now) {
        rollouts.tick(now);
    }

    /** The rollouts under way. */
    public List<RolloutState> active() {
        return rollouts.active();
    }

    /**
     * Takes the endpoint back: out of a rollout under way, else to the version that served alone before.
     *
     * @return the version that serves now
     * @throws MillwrightException when there is no endpoint of that name, or nothing served before
     */
    public synchronized int rollBack(String name, String reason) {
        Endpoint endpoint = require(name);
        if (rollouts.find(name).isPresent()) {
            rollouts.rollBack(name, reason);
        } else {
            int previous = previous(endpoint)
                    .orElseThrow(() -> new MillwrightException(
                            PipelineError.NOTHING_TO_RETURN_TO,
                            "endpoint: " + name + " has no earlier version (expected: one to return to)."));
            WeightedVersion earlier = version(endpoint.model(), previous, 1);
            try (ModelLease _ = router.lease(earlier.source())) {
                rollouts.rollBack(name, earlier, reason);
            }
        }
        return registry.endpoints().load(name).rollout().versions().getFirst().version();
    }

    /**
     * Lets an endpoint answer that was unloaded, with the version that did last. Where there is no endpoint of that name, but a model, its
     * newest version that is ready is deployed on one. An endpoint that serves is left as it is.
     *
     * @throws MillwrightException when there is neither, or nothing of it can serve
     */
    public synchronized void load(String name) {
        Optional<Endpoint> endpoint = registry.endpoints().find(name);
        if (endpoint.isPresent() && endpoint.get().rollout().status() != RolloutStatus.EMPTY) {
            return;
        }
        String model = endpoint.map(Endpoint::model).orElse(name);
        int version = endpoint.flatMap(this::lastAlone)
                .or(() -> newestReady(model))
                .orElseThrow(() -> new MillwrightException(
                        PipelineError.ENDPOINT_NOT_FOUND,
                        "model: " + name
                                + " has no version that can be loaded (expected: an endpoint, or a registered model)."
                                + Words.suggestion(
                                        name,
                                        registry.models().list().stream()
                                                .map(RegisteredModel::name)
                                                .toList())));
        deployByHand(name, model, version);
    }

    /** Registers models on other servers. */
    public ModelConnection connection() {
        return new ModelConnection(registry, remotes);
    }

    /** What answers, by name. */
    public List<String> endpoints() {
        return router.list().stream().map(Route::endpoint).toList();
    }

    /** Gets the models of an endpoint into memory, so that its first request needn't wait for them. */
    public void preload(String endpoint) {
        router.find(endpoint)
                .ifPresent(route -> route.versions()
                        .forEach(version -> router.lease(version.source()).close()));
    }

    private Optional<Integer> newestReady(String model) {
        return registry.models().versions(model).stream()
                .filter(version -> version.status() == ModelVersionStatus.READY)
                .map(ModelVersion::version)
                .max(Comparator.naturalOrder());
    }

    private Optional<Integer> lastAlone(Endpoint endpoint) {
        return registry.endpoints().timeline(endpoint.name()).stream()
                .filter(entry -> entry.status() == RolloutStatus.STEADY)
                .map(entry -> entry.versions().getFirst().version())
                .reduce((earlier, later) -> later);
    }

    /**
     * Stops an endpoint's answers, until it is loaded or deployed to again; requests in flight finish. A rollout under way is rolled
     * back first.
     *
     * @throws MillwrightException when there is no endpoint of that name
     */
    public synchronized void unload(String name) {
        Endpoint endpoint = require(name);
        if (endpoint.rollout().status() == RolloutStatus.EMPTY) {
            return;
        }
        rollouts.find(name).ifPresent(state -> rollouts.rollBack(name, "unloaded"));
        registry.endpoints().setRoute(registry.endpoints().load(name), RouteChange.UNLOADED, Rollout.empty("unloaded"));
        router.uninstall(name);
    }

    private Endpoint require(String name) {
        return registry.endpoints()
                .find(name)
                .orElseThrow(() -> new MillwrightException(
                        PipelineError.ENDPOINT_NOT_FOUND,
                        "endpoint: " + name + " does not exist."
                                + Words.suggestion(
                                        name,
                                        registry.endpoints().list().stream()
                                                .map(Endpoint::name)
                                                .toList())));
    }

    /** The version that {@link #rollBack} would return to, if there is one. */
    public Optional<Integer> findRollBackTarget(Endpoint endpoint) {
        if (endpoint.rollout().versions().isEmpty()) {
            return Optional.empty();
        }
        return rollouts.find(endpoint.name()).map(RolloutState::champion).or(() -> previous(endpoint));
    }

    /**
     * The version that served before the one that serves now was promoted. A version that was rolled back is no longer
     * before anything: going back twice goes back two versions, and not forth again.
     */
    private Optional<Integer> previous(Endpoint endpoint) {
        Deque<Integer> promoted = new ArrayDeque<>();
        for (TimelineEntry entry : registry.endpoints().timeline(endpoint.name())) {
            if (entry.status() != RolloutStatus.STEADY) {
                continue;
            }
            int version = entry.versions().getFirst().version();
            if (entry.change().equals(RouteChange.ROLLED_BACK.eventType())) {
                while (!promoted.isEmpty() && promoted.getLast() != version) {
                    promoted.removeLast();
                }
            }
            if (promoted.isEmpty() || promoted.getLast() != version) {
                promoted.addLast(version);
            }
        }
        promoted.pollLast();
        return Optional.ofNullable(promoted.pollLast());
    }

    private WeightedVersion version(String model, int version, double weight) {
        return weighted(registry.models().load(model, version), weight);
    }

    private WeightedVersion weighted(ModelVersion version, double weight) {
        return new WeightedVersion(version.model(), version.version(), weight, stored.source(version));
    }

    /** Lets nothing serve any more and records nothing: for an owner whose registry is emptied. */
    public synchronized void empty() {
        rollouts.empty();
        registry.endpoints().list().forEach(endpoint -> router.setCache(endpoint.name(), Optional.empty()));
        router.list().forEach(route -> router.uninstall(route.endpoint()));
    }

    /**
     * A version as it is to be served: made ready if a client registered it, and with its parity rows replayed.
     *
     * @throws MillwrightException as {@link #deployByHand}
     */
    ModelVersion prepare(ModelVersion version) {
        refuseRefused(version);
        return clients.prepare(version, this::open);
    }

    /** What serves, as models to be loaded. */
    StoredVersions stored() {
        return stored;
    }

    /**
     * The runtime of a registered version that takes feature rows, apart from what serves.
     *
     * @throws MillwrightException {@link dev.millwright.registry.RegistryError#NOT_SERVABLE} when it takes none
     */
    public ModelRuntime open(ModelVersion version) {
        return stored.openRows(version);
    }

    /**
     * The runtime that a registered version serves with, for those who serve nothing themselves.
     *
     * @throws MillwrightException {@link dev.millwright.registry.RegistryError#NOT_SERVABLE} when it takes no rows
     */
    public static ModelRuntime open(Registry registry, ModelVersion version) {
        return StoredVersions.alone(registry).openRows(version);
    }

    @Override
    public void decided(RolloutDecision decision) {
        Endpoint current = registry.endpoints().load(decision.endpoint());
        switch (decision) {
            case RolloutDecision.Start start ->
                store(current, RouteChange.CANARY_STARTED, canary(start.state(), start.reason()));
            case RolloutDecision.Advance advance ->
                store(current, RouteChange.CANARY_ADVANCED, canary(advance.state(), advance.reason()));
            case RolloutDecision.Finish finish -> {
                store(current, RouteChange.PROMOTED, Rollout.steady(finish.version(), finish.reason()));
                registry.models().setAlias(finish.model(), CHAMPION, finish.version());
            }
            case RolloutDecision.RollBack back -> {
                store(current, RouteChange.ROLLED_BACK, Rollout.steady(back.to(), back.reason()));
                registry.models().setAlias(back.model(), CHAMPION, back.to());
            }
        }
    }

    private void store(Endpoint current, RouteChange change, Rollout next) {
        registry.endpoints().setRoute(current, change, next);
    }

    private static Rollout canary(RolloutState state, String reason) {
        double share = state.share() * 100;
        return new Rollout(
                RolloutStatus.CANARY,
                List.of(Served.live(state.candidate(), share), Served.live(state.champion(), 100 - share)),
                state.stage(),
                StepJson.write(state),
                reason);
    }
}
