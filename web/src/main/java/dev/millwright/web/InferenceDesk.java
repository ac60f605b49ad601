package dev.millwright.web;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.serving.CallTarget;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.ModelDescription;
import dev.millwright.serving.Patience;
import dev.millwright.serving.RequestCall;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.TensorResult;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.InferResponse;
import dev.millwright.serving.protocol.NumberForm;
import dev.millwright.serving.protocol.SentRequest;
import dev.millwright.serving.routing.ClientHeaders;
import io.netty.channel.EventLoop;
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
     * @param arrival until when an answer is of use
     * @param patience whether this thread may wait
     * @param headers that came with the request
     */
    record Asked(
            String model,
            Optional<String> requestedVersion,
            Arrival arrival,
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

    /** Whether a request that may wait would be answered soon enough. */
    boolean admits(String model) {
        return !router.isFull(model) && threads.admits();
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
        return router.describe(asked.target(Optional.empty(), asked.arrival().deadline()));
    }

    /**
     * Goes on only with a request for what serves.
     *
     * @throws MillwrightException {@link WebError#NO_SUCH_THING}
     */
    void requireServed(Asked asked) {
        Route route = route(asked.model());
        if (asked.requestedVersion().isPresent()) {
            meant(route, asked.requestedVersion());
        }
    }

    /**
     * What a request says beside its tensors.
     *
     * @throws InvalidInputException when no version that may answer could read it
     */
    InferRequest head(Asked asked, SentRequest sent) {
        Route route = route(asked.model());
        if (asked.requestedVersion().isPresent()) {
            return sent.head(numbers(meant(route, asked.requestedVersion()).getFirst()));
        }
        NumberForm numbers = numbers(route.champion());
        try {
            return sent.head(numbers);
        } catch (InvalidInputException unreadable) {
            return otherForm(route, numbers)
                    .flatMap(other -> findHead(sent, other))
                    .orElseThrow(() -> unreadable);
        }
    }

    /** In which form numbers are to be read: as features, or as they are sent. */
    private static NumberForm numbers(WeightedVersion version) {
        return version.source().features().isPresent() ? NumberForm.FLOATS : NumberForm.EXACT;
    }

    /** The form in which another version of the route reads numbers, if it does otherwise. */
    private static Optional<NumberForm> otherForm(Route route, NumberForm known) {
        return route.versions().stream()
                .map(InferenceDesk::numbers)
                .filter(form -> form != known)
                .findFirst();
    }

    private static Optional<InferRequest> findHead(SentRequest sent, NumberForm numbers) {
        try {
            return Optional.of(sent.head(numbers));
        } catch (InvalidInputException unreadable) {
            return Optional.empty();
        }
    }

    /** The answer to a request with that {@linkplain #head head}; there already where it may wait. */
    CompletableFuture<InferResponse> infer(Asked asked, InferRequest head, SentRequest sent) {
        Deadline deadline = head.timeoutMicros().isEmpty()
                ? asked.arrival().deadline()
                : asked.arrival().within(head.timeoutMicros().getAsLong());
        CallTarget target = asked.target(head.id(), deadline);
        return router.ask(new RequestCall(target, head, sent)).thenApply(result -> response(target, result));
    }

    private static InferResponse response(CallTarget target, TensorResult result) {
        return new InferResponse(
                target.endpoint(),
                Integer.toString(result.modelVersion()),
                target.clientId(),
                Map.of(FeatureTensors.PREDICTION_ID, result.predictionId()),
                result.outputs());
    }
}
