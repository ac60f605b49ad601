package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.serving.cache.CacheOptions;
import dev.millwright.serving.protocol.Tensor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What serves, and the way to it: from a decoded request to a prediction. Routes are immutable and swapped atomically; a request finishes
 * on the version on which it started, and a model is freed only after the last request that uses it. Models are loaded by the first
 * request that needs them. Thread-safe.
 */
public final class Router implements AutoCloseable {
    private final RouterOptions options;
    private final PredictionSink sink;
    private final LongSupplier nanoTime;
    private final ModelPool models;
    private final RouteTable routes;
    private final HotPath hotPath;

    /**
     * A router without routes.
     *
     * @param sink told of every answered request
     * @param clock of prediction times and ids
     * @param nanoTime of latencies: {@code System::nanoTime}
     * @param background runs shadows and frees old models; must not reject
     * @param threads where models run that take long, and where they are loaded
     */
    public Router(
            RouterOptions options,
            PredictionSink sink,
            InstantSource clock,
            LongSupplier nanoTime,
            Executor background,
            ModelThreads threads) {
        this.options = options;
        this.sink = sink;
        this.nanoTime = nanoTime;
        this.models = new ModelPool(options, new NativeHeap(), background, threads);
        this.routes = new RouteTable(models, new ResultCaches(nanoTime, new SecureRandom().nextLong()));
        this.hotPath = new HotPath(options, routes, sink, clock, nanoTime, background);
    }

    /** A router whose models are all loaded and run {@linkplain ModelThreads#OF_CALLERS on the threads of those who ask}. */
    public Router(
            RouterOptions options,
            PredictionSink sink,
            InstantSource clock,
            LongSupplier nanoTime,
            Executor background) {
        this(options, sink, clock, nanoTime, background, ModelThreads.OF_CALLERS);
    }

    /** Makes the route answer all requests that come from now on. */
    public void install(String endpoint, Route route) {
        routes.install(endpoint, route);
    }

    /** Stops answering for the endpoint; requests in flight finish. False when there is no such endpoint. */
    public boolean uninstall(String endpoint) {
        return routes.uninstall(endpoint);
    }

    /**
     * Keeps answers of an endpoint from now on, each version's by itself, or no more; what was kept is forgotten. Only for models that
     * say the same to the same input each time.
     */
    public void setCache(String endpoint, Optional<CacheOptions> options) {
        routes.setCache(endpoint, options);
    }

    /** How answers of an endpoint are kept, if they are. */
    public Optional<CacheOptions> findCache(String endpoint) {
        return routes.findCache(endpoint);
    }

    /** The route of an endpoint, if it serves. */
    public Optional<Route> find(String endpoint) {
        return routes.find(endpoint).map(InstalledRoute::route);
    }

    /** What serves, by endpoint. */
    public List<Route> list() {
        return routes.list();
    }

    /** The counts of a version that serves or served on the endpoint since the start. */
    public Optional<VersionStatistics> findStatistics(String endpoint, int version) {
        return routes.findStatistics(endpoint, version);
    }

    /** What goes on in the model of a version that serves on the endpoint; another endpoint's requests to it are counted with it. */
    public Optional<ExecutionStatistics> findExecutions(String endpoint, int version) {
        return routes.findLane(endpoint, version).map(lane -> lane.slot().executions());
    }

    /** The servers that answer for a version that serves on the endpoint; none for one that runs in this process, or was not asked yet. */
    public List<BackendStatus> backends(String endpoint, int version) {
        return routes.findLane(endpoint, version)
                .flatMap(lane -> lane.slot().findInstance())
                .map(instance -> instance.model().backends())
                .orElse(List.of());
    }

    /** Whether the model of a version that serves on the endpoint is in memory. */
    public boolean isLoaded(String endpoint, int version) {
        return routes.findLane(endpoint, version)
                .flatMap(lane -> lane.slot().findInstance())
                .isPresent();
    }

    /** Whether no request waits for a model of the endpoint. */
    public boolean isIdle(String endpoint) {
        return routes.find(endpoint).stream()
                .flatMap(route -> route.all().stream())
                .allMatch(lane -> lane.slot().depth() == 0);
    }

    /**
     * How long one row keeps the slowest model of an endpoint busy, in nanoseconds, judged by recent runs; {@link Long#MAX_VALUE} when
     * that is not known, when a model is not in memory, or when it asks others. 0 where nothing serves.
     */
    public long rowNanos(String endpoint) {
        Optional<InstalledRoute> route = routes.find(endpoint);
        long most = 0;
        if (route.isPresent()) {
            for (Lane lane : route.get().lanes()) {
                most = Math.max(most, lane.slot().rowNanos());
            }
        }
        return most;
    }

    /** Whether so many requests wait before each model of an endpoint that one more would be refused. */
    public boolean isFull(String endpoint) {
        Optional<InstalledRoute> route = routes.find(endpoint);
        if (route.isEmpty()) {
            return false;
        }
        for (Lane lane : route.get().lanes()) {
            if (!lane.slot().isFull()) {
                return false;
            }
        }
        return true;
    }

    /** How long a request may have to wait. */
    public Duration longestWait() {
        return options.longestWait();
    }

    /**
     * Loads a model that is to serve, and keeps it until the lease is closed: by then a route should refer to it.
     *
     * @throws MillwrightException {@link ServingError#MODEL_UNFIT} when it can't be loaded
     */
    public ModelLease lease(ModelSource source) {
        while (true) {
            ModelSlot slot = models.refer(source);
            try {
                Optional<LoadedInstance> held = slot.hold(nanoTime.getAsLong(), Deadline.NONE, Patience.WAITS);
                if (held.isPresent()) {
                    return new ModelLease(models, slot, held.get());
                }
                models.leave(slot);
            } catch (RuntimeException | Error failed) {
                models.leave(slot);
                throw failed;
            }
        }
    }

    /** The same of a model that is in memory already; empty when it is not. */
    public Optional<ModelLease> findLease(ModelSource source) {
        ModelSlot slot = models.refer(source);
        Optional<ModelLease> lease = slot.findInstance()
                .filter(loaded -> loaded.tryHold(nanoTime.getAsLong()))
                .map(held -> new ModelLease(models, slot, held));
        if (lease.isEmpty()) {
            models.leave(slot);
        }
        return lease;
    }

    /**
     * Frees models that are beyond the memory for models because all were in use when the last one was loaded. For a timer; seldom has
     * anything to do.
     */
    public void trimModels() {
        models.trim();
    }

    /** Lends models of this router to those that ask several of them. */
    public MemberModels members() {
        return new MemberModels(models);
    }

    /**
     * What the version takes and gives that is asked for, else the one that answers most; loads its model when that is not known without.
     *
     * @throws MillwrightException as {@link #infer(InferenceCall)}
     */
    public ModelDescription describe(CallTarget target) {
        while (true) {
            InstalledRoute route = routes.load(target);
            Lane lane = target.requestedVersion().isEmpty()
                    ? route.champion()
                    : route.requested(target.requestedVersion().get());
            Optional<ModelSlot.Tensors> tensors = lane.slot().describe(target.deadline(), target.patience());
            if (tensors.isPresent()) {
                return new ModelDescription(
                        lane.version(), tensors.get().inputs(), tensors.get().outputs());
            }
        }
    }

    /** {@link #infer(InferenceCall)} for rows without keys. */
    public InferenceResult infer(
            String endpoint, Optional<String> requestedVersion, Optional<String> clientId, Frame rows) {
        return infer(new InferenceCall(endpoint, requestedVersion, clientId, rows));
    }

    /**
     * Predicts, waiting its turn in a batch. Blocks its thread for about as long as the model runs, and while it is loaded.
     *
     * @throws MillwrightException {@link ServingError#ENDPOINT_NOT_FOUND}, {@link ServingError#VERSION_NOT_FOUND},
     *     {@link ServingError#OVERLOADED}: send it again later; {@link ServingError#DEADLINE_PASSED},
     *     {@link ServingError#OTHER_INPUT} when the model takes no feature rows, {@link ServingError#MODEL_UNFIT} when it can't be
     *     loaded, {@link ServingError#INFERENCE_FAILED}
     * @throws InvalidInputException when the rows don't fit the version's signature
     */
    public InferenceResult infer(InferenceCall call) {
        return Answers.join(ask(call));
    }

    /**
     * The same for a caller whose patience may be a {@link Round}: then the answer comes when that is over, on its thread, and so do
     * failures that are not known before.
     *
     * @throws WouldWaitException where the round would have to wait
     */
    public CompletableFuture<InferenceResult> ask(InferenceCall call) {
        return hotPath.serve(call.target(), new Question.OfRows(call.rows())).thenApply(event -> {
            Predictions predictions = ((PredictionEvent.Rows) event.exchange()).predictions();
            return new InferenceResult(
                    event.predictionId(), event.endpoint(), event.version(), predictions, event.nanos());
        });
    }

    /**
     * {@link #infer(InferenceCall)} for a model that takes tensors as they are.
     *
     * @throws InvalidInputException when the tensors are not those that the model takes
     */
    public TensorResult infer(TensorCall call) {
        return Answers.join(ask(call));
    }

    /** {@link #ask(InferenceCall)} for a model that takes tensors as they are. */
    public CompletableFuture<TensorResult> ask(TensorCall call) {
        return hotPath.serve(call.target(), new Question.OfTensors(call.inputs()))
                .thenApply(event -> {
                    List<Tensor> outputs = ((PredictionEvent.Tensors) event.exchange()).outputs();
                    return new TensorResult(
                            event.predictionId(), event.endpoint(), event.version(), outputs, event.nanos());
                });
    }

    /** {@link #ask(InferenceCall)} for a request whose tensors each version reads as it takes them. */
    public CompletableFuture<TensorResult> ask(RequestCall call) {
        return hotPath.serve(call.target(), new Question.OfRequest(call.sent())).thenApply(call::answer);
    }

    /** Everything that {@code /metrics} shows. */
    public MetricsSnapshot metrics() {
        return new MetricsSnapshot(
                routes.metrics(),
                sink.dropped(),
                hotPath.droppedShadows(),
                new MetricsSnapshot.PoolMetrics(models.loaded(), models.used(), models.loads(), models.evictions()));
    }

    /** Stops answering; models are freed in the background after their last request. */
    @Override
    public void close() {
        routes.list().forEach(route -> uninstall(route.endpoint()));
    }
}
