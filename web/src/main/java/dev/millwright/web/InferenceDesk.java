package dev.millwright.web;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.serving.CallTarget;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.ModelDescription;
import dev.millwright.serving.Patience;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.TensorCall;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.InferResponse;
import dev.millwright.serving.protocol.NumberForm;
import dev.millwright.serving.protocol.RequestProblems;
import dev.millwright.serving.protocol.RequestedOutput;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.routing.ClientHeaders;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What the Open Inference Protocol asks of models, whichever wire it comes by. Thread-safe. */
final class InferenceDesk {
    /** For a row: longer than most tables' models take, and short enough for a thread that serves some hundred connections. */
    private static final long QUICK_NANOS = 200_000;

    /** In bytes: read in some hundredths of a millisecond. */
    private static final int SHORT_REQUEST = 16 << 10;

    private final Router router;
    private final LoopGate loops;
    private final ThreadGate threads;

    /** Requests that may wait do so on {@code threads}. */
    InferenceDesk(Router router, Executor threads) {
        this.router = router;
        this.loops = new LoopGate(router.longestWait().toNanos(), System::nanoTime);
        this.threads = new ThreadGate(threads, router.longestWait().toNanos(), System::nanoTime);
    }

    /** Where requests that have been {@linkplain #admit let in} may wait. */
    ThreadGate threads() {
        return threads;
    }

    /**
     * A model that is asked.
     *
     * @param requestedVersion empty when the traffic split is to decide
     * @param deadline until when an answer is of use
     * @param patience whether this thread may wait
     * @param headers that came with the request
     */
    record Asked(
            String model,
            Optional<String> requestedVersion,
            Deadline deadline,
            Patience patience,
            ClientHeaders headers) {
        CallTarget target(Optional<String> clientId, Deadline until) {
            return new CallTarget(model, requestedVersion, clientId, until, patience, headers);
        }
    }

    /**
     * How patient a request of that many bytes may be: a short one to a model that will probably answer sooner than it takes to change
     * threads twice stays on the event loop, with its round. Empty when there is no time for it. Called on the loop's thread.
     */
    Optional<Patience> admit(EventLoop loop, String model, int bytes) {
        if (!loops.admits(loop) || router.isFull(model)) {
            return Optional.empty();
        }
        long nanos = bytes <= SHORT_REQUEST ? router.rowNanos(model) : Long.MAX_VALUE;
        if (nanos < QUICK_NANOS) {
            return Optional.of(loops.enter(nanos));
        }
        return threads.admits() ? Optional.of(Patience.WAITS) : Optional.empty();
    }

    List<Route> routes() {
        return router.list();
    }

    /** The route of a model; {@link WebError#NO_SUCH_THING} when it is not served. */
    Route route(String model) {
        return router.find(model)
                .orElseThrow(() -> new MillwrightException(
                        WebError.NO_SUCH_THING,
                        "model: " + model + " is not served."
                                + Words.suggestion(
                                        model,
                                        router.list().stream()
                                                .map(Route::endpoint)
                                                .toList())));
    }

    /** The versions of a route, as the protocol names them. */
    static List<String> versions(Route route) {
        return route.versions().stream()
                .map(each -> Integer.toString(each.version()))
                .toList();
    }

    /** The versions that are meant: the one, or all. */
    static List<WeightedVersion> meant(Route route, Optional<String> wanted) {
        List<WeightedVersion> meant = route.versions().stream()
                .filter(each ->
                        wanted.isEmpty() || Integer.toString(each.version()).equals(wanted.get()))
                .toList();
        if (meant.isEmpty()) {
            throw new MillwrightException(
                    WebError.NO_SUCH_THING,
                    "version: " + wanted.orElse("") + " does not serve on " + route.endpoint() + " (expected: one of "
                            + String.join(", ", versions(route)) + ")");
        }
        return meant;
    }

    /** Gets the versions that are meant into memory. */
    void load(Asked asked) {
        for (WeightedVersion each : meant(route(asked.model()), asked.requestedVersion())) {
            router.lease(each.source()).close();
        }
    }

    /** What the model that is asked takes and gives; loads it when nobody knows that yet. */
    ModelDescription describe(Asked asked) {
        Route route = route(asked.model());
        meant(route, asked.requestedVersion());
        return router.describe(asked.target(Optional.empty(), asked.deadline()));
    }

    /** In which form numbers in a request are to be read. */
    static NumberForm numbers(ModelDescription description) {
        return description.features().isPresent() ? NumberForm.FLOATS : NumberForm.EXACT;
    }

    /** The answer to a request; there already where it may wait. */
    CompletableFuture<InferResponse> infer(Asked asked, ModelDescription description, InferRequest request) {
        Deadline deadline = request.timeoutMicros().isEmpty()
                ? asked.deadline()
                : asked.deadline()
                        .or(Deadline.in(Duration.ofNanos(Math.multiplyExact(
                                Math.min(request.timeoutMicros().getAsLong(), 1L << 50), 1_000L))));
        CallTarget target = asked.target(request.id(), deadline);
        return description.features().isPresent()
                ? inferRows(target, description.features().get(), request)
                : inferTensors(target, description, request);
    }

    private CompletableFuture<InferResponse> inferRows(
            CallTarget target, FeatureTensors tensors, InferRequest request) {
        return router.ask(new InferenceCall(target, tensors.rows(request)))
                .thenApply(result -> response(
                        target,
                        result.modelVersion(),
                        result.predictionId(),
                        tensors.outputs(request, result.predictions(), result::predictionId)));
    }

    private CompletableFuture<InferResponse> inferTensors(
            CallTarget target, ModelDescription description, InferRequest request) {
        requireOutputs(description.outputs(), request.outputs());
        return router.ask(new TensorCall(target, request.inputs()))
                .thenApply(result -> response(
                        target,
                        result.modelVersion(),
                        result.predictionId(),
                        result.outputs().stream()
                                .filter(output -> request.wants(output.name()))
                                .toList()));
    }

    private static InferResponse response(CallTarget target, int version, String predictionId, List<Tensor> outputs) {
        return new InferResponse(
                target.endpoint(),
                Integer.toString(version),
                target.clientId(),
                Map.of(FeatureTensors.PREDICTION_ID, predictionId),
                outputs);
    }

    private static void requireOutputs(List<TensorMetadata> known, List<RequestedOutput> requested) {
        List<String> names = known.stream().map(TensorMetadata::name).toList();
        RequestProblems problems = new RequestProblems();
        for (int i = 0; i < requested.size(); i++) {
            String name = requested.get(i).name();
            if (!names.contains(name)) {
                problems.add("outputs[" + i + "].name: " + Words.shortened(name)
                        + " (expected: an output of the model)." + Words.suggestion(name, names));
            }
        }
        problems.requireNone();
    }
}
