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
import dev.millwright.serving.ModelLease;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.cache.CacheOptions;
import dev.millwright.serving.remote.RemoteModels;
import dev.millwright.serving.rollout.OutcomeSource;
import dev.millwright.serving.rollout.RolloutCheck;
import dev.millwright.serving.rollout.RolloutController;
import dev.millwright.serving.rollout.RolloutPlan;
import dev.millwright.serving.rollout.RolloutState;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Joins what the registry says serves with what the router lets serve: each change is stored first, then followed.
 * Thread-safe.
 */
public final class Deployments {
    /** The alias of the version that serves an endpoint. */
    public static final String CHAMPION = "champion";

    private final Registry registry;
    private final Router router;
    private final RolloutController rollouts;
    private final ClientModels clients;
    private final StoredVersions stored;
    private final RemoteModels remotes;

    /** Without labels, by which rollouts could be judged. */
    public Deployments(Registry registry, Router router, RemoteModels remotes, InstantSource clock) {
        this(registry, router, remotes, OutcomeSource.NONE, clock);
    }

    /**
     * Deployments of a registry.
     *
     * @param remotes opens the models that other servers answer for
     * @param outcomes labels, by which rollouts are judged
     */
    public Deployments(
            Registry registry, Router router, RemoteModels remotes, OutcomeSource outcomes, InstantSource clock) {
        this.registry = registry;
        this.remotes = remotes;
        this.router = router;
        this.rollouts = new RolloutController(router, new RolloutRecord(registry), outcomes, clock);
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
        if (endpoint.rollout().status() == RolloutStatus.EMPTY) {
            return;
        }
        if (endpoint.rollout().status().isRollout()) {
            RolloutState state = RolloutJson.read(endpoint.rollout().plan());
            rollouts.restore(
                    state,
                    state.versions().stream()
                            .map(version -> version(endpoint.model(), version))
                            .toList());
            return;
        }
        int version = endpoint.rollout().versions().getFirst().version();
        router.install(endpoint.name(), Route.of(endpoint.name(), version(endpoint.model(), version)));
        // The alias follows the route in a transaction of its own; a crash between the two is mended here.
        registry.models().setAlias(endpoint.model(), CHAMPION, version);
    }

    /**
     * Rolls a version out on its endpoint; the first on an endpoint serves alone at once. A rollout under way gives way.
     *
     * @throws MillwrightException when the endpoint belongs to another model
     */
    public Deployed deploy(String name, ModelVersion version, RolloutPlan plan) {
        RolloutCheck.require(plan, version.knownSignature());
        List<WeightedVersion> others = plan.strategy().others().stream()
                .filter(other -> other != version.version())
                .map(other -> version(version.model(), other))
                .toList();
        WeightedVersion candidate = weighted(version);
        // What can't be loaded is refused here, before anything changes; and nobody who rolls back waits for it.
        try (ModelLease lease = router.lease(candidate.source())) {
            lease.findTensors().ifPresent(outputs -> RolloutCheck.requireNumbers(plan, outputs));
            for (WeightedVersion other : others) {
                router.lease(other.source()).close();
            }
            return deploy(name, version, plan, candidate, others);
        }
    }

    private synchronized Deployed deploy(
            String name,
            ModelVersion version,
            RolloutPlan plan,
            WeightedVersion candidate,
            List<WeightedVersion> others) {
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
        Optional<RolloutState> running = rollouts.find(name);
        if (running.filter(state -> state.candidate() == version.version()).isPresent()) {
            return new Deployed(
                    name,
                    version.version(),
                    running.get().strategy().label(),
                    "the rollout of this version is under way");
        }
        rollouts.tryRollBack(name, "superseded by version " + version.version());
        rollouts.start(name, plan, candidate, others);
        Rollout rollout = registry.endpoints().load(name).rollout();
        return new Deployed(
                name,
                version.version(),
                rollouts.find(name).map(state -> state.strategy().label()).orElse("serving"),
                rollout.reason());
    }

    /**
     * Makes a version the champion of its model: rolls it out wherever the model serves, in the way that the pipeline of the
     * version which serves now asks for, else at once. The alias follows when the rollout is over. Where no endpoint serves the
     * model, the alias is set at once.
     *
     * @throws MillwrightException {@link PipelineError#REFUSED_VERSION} when a gate or the parity replay refused it
     */
    public void promote(ModelVersion version) {
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
     * Rolls a version out by hand; on a new endpoint it serves alone at once. A version that a client registered is made servable
     * first.
     *
     * @param rollout how, as in a pipeline file; when empty in the way that the pipeline of the version which serves now asks for,
     *     else at once
     * @throws MillwrightException {@link PipelineError#REFUSED_VERSION}, {@link PipelineError#GATE_REFUSED}, or
     *     {@link dev.millwright.registry.RegistryError#NOT_SERVABLE} saying what about its graph is the trouble
     */
    public Deployed deployByHand(String name, String model, int number, Optional<String> rollout) {
        Optional<RolloutPlan> asked = rollout.map(RolloutReader::parse);
        ModelVersion version = registry.registeredModels().loadVersion(model, number);
        ModelVersion servable = prepare(version);
        RolloutPlan plan = asked.orElseGet(
                () -> registry.endpoints().find(name).map(this::plan).orElseGet(RolloutPlan::immediate));
        return deploy(name, servable, plan);
    }

    /**
     * Requires a version that nothing refused.
     *
     * @throws MillwrightException {@link PipelineError#REFUSED_VERSION} when a gate or the parity replay did
     */
    public static void requirePassed(ModelVersion version) {
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

    /** The rollouts under way. */
    public RolloutDesk rollouts() {
        return new RolloutDesk(registry, rollouts);
    }

    /**
     * Takes the endpoint back: out of a rollout under way, else to the version that served alone before.
     *
     * @return the version that serves now
     * @throws MillwrightException when there is no endpoint of that name, or nothing served before
     */
    public int rollBack(String name, String reason) {
        Endpoint endpoint = require(name);
        if (!rollouts.tryRollBack(name, reason)) {
            int previous = history(endpoint)
                    .previous()
                    .orElseThrow(() -> new MillwrightException(
                            PipelineError.NOTHING_TO_RETURN_TO,
                            "endpoint: " + name + " has no earlier version (expected: one to return to)."));
            WeightedVersion earlier = version(endpoint.model(), previous);
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
    public void load(String name) {
        Optional<Endpoint> endpoint = registry.endpoints().find(name);
        if (endpoint.isPresent() && endpoint.get().rollout().status() != RolloutStatus.EMPTY) {
            return;
        }
        String model = endpoint.map(Endpoint::model).orElse(name);
        int version = endpoint.flatMap(known -> history(known).lastAlone())
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
        deployByHand(name, model, version, Optional.empty());
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
        rollouts.tryRollBack(name, "unloaded");
        registry.endpoints().setRoute(registry.endpoints().load(name), RouteChange.UNLOADED, Rollout.empty("unloaded"));
        router.uninstall(name);
    }

    private Endpoint require(String name) {
        return require(registry, name);
    }

    static Endpoint require(Registry registry, String name) {
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
        return rollouts.find(endpoint.name())
                .map(RolloutState::champion)
                .or(() -> history(endpoint).previous());
    }

    private EndpointHistory history(Endpoint endpoint) {
        return new EndpointHistory(registry.endpoints().timeline(endpoint.name()));
    }

    private WeightedVersion version(String model, int version) {
        return weighted(registry.models().load(model, version));
    }

    private WeightedVersion weighted(ModelVersion version) {
        return new WeightedVersion(version.model(), version.version(), 1, stored.source(version));
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
        requirePassed(version);
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
}
