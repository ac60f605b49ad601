package dev.millwright.serving.remote;

import dev.millwright.core.MillwrightException;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.protocol.ModelTensors;
import dev.millwright.serving.protocol.TensorForm;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Opens models that other servers answer for, and looks after these servers. Thread-safe. */
public final class RemoteModels {
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BackendClients clients;
    private final Executor threads;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;

    /**
     * Opens nothing yet.
     *
     * @param threads where servers are waited for: virtual threads
     * @param timer says when servers are looked after; no work is done on it
     * @param nanoTime {@code System::nanoTime}
     * @param random chooses among servers with as much to do; thread-safe
     */
    public RemoteModels(
            BackendClients clients,
            Executor threads,
            ScheduledExecutorService timer,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.clients = clients;
        this.threads = threads;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /**
     * What was found out about a target.
     *
     * @param silent servers that could not be asked, and why
     */
    public record Found(RemoteLink link, Map<URI, String> silent) {}

    /**
     * Asks all servers of a target what its model takes and gives.
     *
     * @throws MillwrightException {@link ServingError#BACKEND_UNAVAILABLE} when none of them says so,
     *     {@link ServingError#MODEL_UNFIT} when they differ, or the model names no tensors
     */
    public Found find(RemoteTarget target) {
        Map<URI, CompletableFuture<Described>> asked = new LinkedHashMap<>();
        for (URI url : target.backends()) {
            BackendClient client = clients.open(target, url, TensorForm.JSON);
            asked.put(url, CompletableFuture.supplyAsync(() -> describe(client), threads));
        }
        Map<URI, String> silent = new LinkedHashMap<>();
        Optional<RemoteDescription> first = Optional.empty();
        for (Map.Entry<URI, CompletableFuture<Described>> each : asked.entrySet()) {
            switch (each.getValue().join()) {
                case Described.Silent(String why) -> silent.put(each.getKey(), why);
                case Described.As(RemoteDescription described) -> {
                    first.ifPresent(other -> requireSame(other.tensors(), each.getKey(), described.tensors()));
                    requireTensors(each.getKey(), described.tensors());
                    first = first.or(() -> Optional.of(described));
                }
            }
        }
        RemoteDescription described = first.orElseThrow(() -> noneAnswers(target.model(), silent));
        return new Found(new RemoteLink(target, described.tensors(), described.form()), silent);
    }

    /** What a server said of a model, or why it said nothing. */
    private sealed interface Described {
        record As(RemoteDescription description) implements Described {}

        record Silent(String why) implements Described {}
    }

    private static Described describe(BackendClient client) {
        try {
            return new Described.As(client.describe(PATIENCE));
        } catch (BackendException failed) {
            return new Described.Silent(failed.getMessage());
        }
    }

    private static void requireTensors(URI url, ModelTensors tensors) {
        if (tensors.inputs().isEmpty() || tensors.outputs().isEmpty()) {
            throw new MillwrightException(
                    ServingError.MODEL_UNFIT,
                    "backend " + url + ": says of the model neither which tensors it takes nor which it gives"
                            + " (expected: inputs and outputs). Name them in the model's settings there.");
        }
    }

    private static void requireSame(ModelTensors expected, URI url, ModelTensors found) {
        expected.difference(found).ifPresent(difference -> {
            throw new MillwrightException(
                    ServingError.MODEL_UNFIT,
                    "backend " + url + ": " + difference + ". Connect it as a version of its own.");
        });
    }

    private static MillwrightException noneAnswers(String model, Map<URI, String> silent) {
        List<String> reasons = new ArrayList<>();
        silent.forEach((url, why) -> reasons.add("backend " + url + ": " + why));
        return new MillwrightException(
                ServingError.BACKEND_UNAVAILABLE,
                String.join(System.lineSeparator(), reasons) + " (expected: one server that tells about " + model
                        + "). See that it runs, and has the model.");
    }

    /**
     * Opens a model that was connected. At least one of its servers must answer, and those that do must still have the model that was
     * connected.
     *
     * @param name for messages
     * @throws MillwrightException as {@link #find}
     */
    public RemoteModel open(String name, RemoteLink link) {
        Found now = find(link.target());
        List<Backend> backends = new ArrayList<>();
        for (URI url : link.target().backends()) {
            Backend backend = new Backend(url, clients.open(link.target(), url, link.form()));
            backend.says(!now.silent().containsKey(url), nanoTime.getAsLong());
            backends.add(backend);
        }
        link.tensors().difference(now.link().tensors()).ifPresent(difference -> {
            throw new MillwrightException(
                    ServingError.MODEL_UNFIT,
                    name + ": its servers have another model now: " + difference + ". Connect it as a new version.");
        });
        RemoteModel model = new RemoteModel(name, link, backends, nanoTime, random);
        lookAfter(model);
        return model;
    }

    /** Each server by itself, so that one that hangs keeps nobody from looking after the others. */
    private void lookAfter(RemoteModel model) {
        List<ScheduledFuture<?>> checks = new ArrayList<>();
        for (Backend backend : model.pool().backends()) {
            checks.add(timer.scheduleWithFixedDelay(
                    () -> threads.execute(() -> model.check(backend)),
                    BETWEEN_CHECKS.toMillis(),
                    BETWEEN_CHECKS.toMillis(),
                    TimeUnit.MILLISECONDS));
        }
        model.onClose(() -> checks.forEach(check -> check.cancel(false)));
    }
}
