package dev.millwright.serving;

import dev.millwright.core.Ids;
import dev.millwright.core.MillwrightException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The hot path: what is done for each request. A version is chosen and held, asked and let go; what comes of it is counted and told, and
 * a copy goes to the shadow. Thread-safe.
 */
final class HotPath {
    private final RouteTable routes;
    private final Placement placement;
    private final PredictionSink sink;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Executor background;
    private final Ids ids;
    private final int mostShadows;
    private final FailureCounts failures;
    private final AtomicInteger pendingShadows = new AtomicInteger();
    private final LongAdder droppedShadows = new LongAdder();

    /**
     * The path to the routes of a table.
     *
     * @param sink told of every answered request
     * @param clock of prediction times and ids
     * @param nanoTime of latencies
     * @param background runs shadows; must not reject
     */
    HotPath(
            RouterOptions options,
            RouteTable routes,
            PredictionSink sink,
            InstantSource clock,
            LongSupplier nanoTime,
            Executor background) {
        this.routes = routes;
        this.placement = new Placement(options.seed());
        this.sink = sink;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.background = background;
        this.ids = new Ids(clock);
        this.mostShadows = options.pendingShadows();
        this.failures = new FailureCounts(background, options.pendingShadows(), nanoTime);
    }

    /**
     * Asks the version that is chosen, then the shadow, and tells the sink.
     *
     * @throws MillwrightException as {@link Router#infer(InferenceCall)}
     * @throws WouldWaitException where the target may not wait, and there is no other way
     */
    CompletableFuture<PredictionEvent> serve(CallTarget target, Question question) {
        long start = nanoTime.getAsLong();
        int hops = Hops.current();
        while (true) {
            InstalledRoute route = routes.load(target);
            Lane lane = route.choose(target, placement, question);
            Optional<LoadedInstance> held = hold(target, route, lane, start);
            // When there is none, a newer route is in the map by now.
            if (held.isPresent()) {
                Telling telling =
                        new Telling(PredictionEvent.Role.SERVED, ids.uuid().toString(), clock.instant(), start, hops);
                return ask(target, route, lane, held.get(), question, telling).thenApply(event -> {
                    sink.accept(event);
                    route.shadow()
                            .filter(shadow ->
                                    shadow.version().version() != lane.version().version() && isMirrored(route))
                            .ifPresent(shadow -> mirror(target.unhurried(), route, shadow, question, event, hops));
                    return event;
                });
            }
        }
    }

    private Optional<LoadedInstance> hold(CallTarget target, InstalledRoute route, Lane lane, long start) {
        try {
            return lane.slot().hold(start, target.deadline(), target.patience());
        } catch (MillwrightException failed) {
            failures.count(target, route, lane, failed, nanoTime.getAsLong() - start);
            throw failed;
        }
    }

    /**
     * What is told of a prediction beside itself.
     *
     * @param start of the request, by the clock of latencies
     * @param hops servers that passed it on
     */
    private record Telling(PredictionEvent.Role role, String id, Instant time, long start, int hops) {}

    /** Asks a model that is held, counts what comes of it, and lets go of the model. */
    private CompletableFuture<PredictionEvent> ask(
            CallTarget target,
            InstalledRoute route,
            Lane lane,
            LoadedInstance held,
            Question question,
            Telling telling) {
        CompletableFuture<PredictionEvent.Exchange> asked;
        try {
            asked = question.ask(target, lane, held);
        } catch (WouldWaitException again) {
            held.release();
            throw again;
        } catch (RuntimeException | Error e) {
            asked = CompletableFuture.failedFuture(e);
        }
        return asked.handle((exchange, failure) -> {
            held.release();
            long nanos = nanoTime.getAsLong() - telling.start();
            if (failure != null) {
                VersionStatistics.Outcome outcome = failures.count(target, route, lane, Answers.cause(failure), nanos);
                if (outcome == VersionStatistics.Outcome.INVALID) {
                    refused(target, route, lane, question, telling);
                }
                throw Answers.unchecked(failure);
            }
            return answered(target, lane, exchange, telling, nanos);
        });
    }

    /** Whether others take what a version refuses; what a shadow is shown was answered already. */
    private void refused(CallTarget target, InstalledRoute route, Lane lane, Question question, Telling telling) {
        switch (telling.role()) {
            case SERVED -> failures.compare(target, route, lane, question, telling.hops());
            case SHADOW -> lane.statistics().recordRefusedAlone();
        }
    }

    private static PredictionEvent answered(
            CallTarget target, Lane lane, PredictionEvent.Exchange exchange, Telling telling, long nanos) {
        if (exchange instanceof PredictionEvent.Rows rows) {
            lane.statistics().recordSuccess(rows.predictions(), nanos);
        } else {
            lane.statistics().recordSuccess(nanos);
        }
        lane.statistics().markAnswered(telling.time());
        return new PredictionEvent(
                telling.id(),
                telling.time(),
                target.endpoint(),
                lane.version().model(),
                lane.version().version(),
                telling.role(),
                target.clientId(),
                exchange,
                nanos);
    }

    private boolean isMirrored(InstalledRoute route) {
        double share = route.route().assignment().mirrored();
        return share >= 1 || placement.draw() < share;
    }

    /** Sends a copy to the shadow after the answer; never in its way. */
    private void mirror(
            CallTarget target, InstalledRoute route, Lane shadow, Question question, PredictionEvent served, int hops) {
        if (pendingShadows.incrementAndGet() > mostShadows) {
            pendingShadows.decrementAndGet();
            droppedShadows.increment();
            return;
        }
        background.execute(Hops.carried(hops, () -> {
            try {
                long start = nanoTime.getAsLong();
                Optional<LoadedInstance> held = hold(target, route, shadow, start);
                if (held.isEmpty()) {
                    droppedShadows.increment();
                    return;
                }
                Telling telling =
                        new Telling(PredictionEvent.Role.SHADOW, served.predictionId(), served.time(), start, hops);
                PredictionEvent mirrored = Answers.join(ask(target, route, shadow, held.get(), question, telling));
                shadow.statistics().comparison().record(served.exchange(), mirrored.exchange());
                sink.accept(mirrored);
            } catch (RuntimeException e) {
                // Counted in the shadow's statistics; there is nobody to answer.
            } finally {
                pendingShadows.decrementAndGet();
            }
        }));
    }

    /** Copies that went to no shadow: too many waited, or it was gone. */
    long droppedShadows() {
        return droppedShadows.sum();
    }
}
