package dev.millwright.serving.rollout;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.WeightedVersion;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Rolls versions out, stage by stage, and takes them back when a rule of the plan says so. Does nothing by itself: call
 * {@link #tick} about ten times a stage. Each decision is stored by the listener before the route is swapped, so after a
 * crash the stored state is never behind the traffic by more than one step that is safe to do again. Labels are read
 * without the lock under which is decided, so that nobody who takes a rollout back waits for them. Thread-safe.
 */
public final class RolloutController {
    private final Router router;
    private final RolloutListener listener;
    private final OutcomeSource outcomes;
    private final InstantSource clock;
    private final PreviousVersions previous;
    private final Map<String, ActiveRollout> rollouts = new TreeMap<>();
    /** Held while something is decided, never while something is loaded or read. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Held during a tick: labels are read by one at a time. */
    private final ReentrantLock ticking = new ReentrantLock();

    /**
     * A controller without rollouts.
     *
     * @param outcomes where labels come from
     */
    public RolloutController(Router router, RolloutListener listener, OutcomeSource outcomes, InstantSource clock) {
        this.router = router;
        this.listener = listener;
        this.outcomes = outcomes;
        this.clock = clock;
        this.previous = new PreviousVersions(router);
    }

    /**
     * Begins to roll a version out. On an endpoint where nothing serves yet it serves alone at once.
     *
     * @param candidate its weight doesn't matter; the router owns its runtime from here on
     * @param others the further versions that the strategy names
     * @throws MillwrightException {@link ServingError#ROLLOUT_RUNNING} when the endpoint has a rollout under way: roll it
     *     back or wait; the runtime is then still the caller's
     */
    public void start(String endpoint, RolloutPlan plan, WeightedVersion candidate, List<WeightedVersion> others) {
        locked(() -> {
            requireIdle(endpoint);
            Instant now = clock.instant();
            Optional<WeightedVersion> champion = router.find(endpoint).map(Route::champion);
            boolean alone = champion.isEmpty() || champion.get().version() == candidate.version();
            if (alone || plan.isImmediate()) {
                String reason = alone ? "nothing else served on the endpoint" : "all traffic at once, as the plan says";
                serveAlone(endpoint, candidate, champion, now, reason, RolloutFigures.NONE);
                return;
            }
            RolloutState state = RolloutState.first(
                    endpoint, candidate.model(), champion.get().version(), candidate.version(), plan, now);
            List<WeightedVersion> versions = new ArrayList<>(others);
            versions.add(candidate);
            versions.add(champion.get());
            listener.decided(new RolloutDecision.Start(state, state.beginning()));
            follow(state, versions);
        });
    }

    /**
     * Goes on with a rollout that was under way when the process ended; tells the listener nothing.
     *
     * @param versions those that take part
     */
    public void restore(RolloutState state, List<WeightedVersion> versions) {
        locked(() -> {
            requireIdle(state.endpoint());
            follow(state, versions);
        });
    }

    private void requireIdle(String endpoint) {
        ActiveRollout running = rollouts.get(endpoint);
        if (running != null) {
            throw new MillwrightException(
                    ServingError.ROLLOUT_RUNNING,
                    "rollout: of version " + running.state().candidate() + " is under way on " + endpoint
                            + " (expected: none). Wait until it ends, or roll it back.");
        }
    }

    private void serveAlone(
            String endpoint,
            WeightedVersion version,
            Optional<WeightedVersion> champion,
            Instant now,
            String reason,
            RolloutFigures figures) {
        listener.decided(
                new RolloutDecision.Finish(endpoint, version.model(), version.version(), now, reason, figures));
        champion.filter(replaced -> replaced.version() != version.version())
                .ifPresent(replaced -> previous.keep(endpoint, replaced, now));
        router.install(endpoint, Route.of(endpoint, version));
    }

    private void follow(RolloutState state, List<WeightedVersion> versions) {
        rollouts.put(state.endpoint(), new ActiveRollout(state, versions, router, clock.instant()));
    }

    /** The rollouts under way, by endpoint. */
    public List<RolloutState> active() {
        return underLock(
                () -> rollouts.values().stream().map(ActiveRollout::state).toList());
    }

    public Optional<RolloutState> find(String endpoint) {
        return underLock(() -> Optional.ofNullable(rollouts.get(endpoint)).map(ActiveRollout::state));
    }

    /**
     * The rollout under way with what is known about it, as {@code reading} makes something of both.
     *
     * @throws MillwrightException {@link ServingError#ROLLOUT_NOT_FOUND} when there is none
     */
    public <T> T load(String endpoint, BiFunction<RolloutState, RolloutFigures, T> reading) {
        return underLock(() -> {
            ActiveRollout rollout = require(endpoint);
            return reading.apply(rollout.state(), rollout.figures(clock.instant()));
        });
    }

    /** The same; empty when there is none. */
    public <T> Optional<T> find(String endpoint, BiFunction<RolloutState, RolloutFigures, T> reading) {
        return underLock(
                () -> rollouts.containsKey(endpoint) ? Optional.of(load(endpoint, reading)) : Optional.empty());
    }

    /** Judges every rollout. One whose listener fails stays as it is, the others go on; then the first failure is thrown. */
    public void tick(Instant now) {
        ticking.lock();
        try {
            List<RuntimeException> failures = new ArrayList<>();
            for (ActiveRollout rollout : running()) {
                // Who can't read labels can still count errors.
                attempt(() -> rollout.look(outcomes), failures);
                attempt(() -> judge(rollout, now), failures);
            }
            throwFirst(failures);
        } finally {
            ticking.unlock();
        }
    }

    /**
     * Loads the models of the rollouts under way, where they are not, and keeps them in memory, and for an hour those that were replaced;
     * call it often, where it may take a while.
     *
     * @throws MillwrightException {@link ServingError#MODEL_UNFIT}, after the others were loaded
     */
    public void keepReady() {
        previous.letGo(clock.instant());
        List<RuntimeException> failures = new ArrayList<>();
        for (ActiveRollout rollout : running()) {
            attempt(() -> rollout.keepReady(router), failures);
        }
        throwFirst(failures);
    }

    private static void attempt(Runnable work, List<RuntimeException> failures) {
        try {
            work.run();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    private static void throwFirst(List<RuntimeException> failures) {
        if (!failures.isEmpty()) {
            RuntimeException first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    private List<ActiveRollout> running() {
        return underLock(() -> List.copyOf(rollouts.values()));
    }

    private void judge(ActiveRollout rollout, Instant now) {
        locked(() -> {
            // It may have ended while its labels were read.
            if (rollouts.get(rollout.state().endpoint()) != rollout) {
                return;
            }
            Optional<String> breach = rollout.findBreach(now);
            if (breach.isPresent()) {
                takeBack(rollout, now, breach.get());
                return;
            }
            RolloutState state = rollout.state();
            if (state.isPaused()) {
                return;
            }
            switch (state.strategy().next(state, rollout.evidence(now), now)) {
                case Step.Stay _ -> {}
                case Step.Advance(RolloutState next, String reason) -> advance(rollout, next, reason);
                case Step.Finish(int version, String reason) -> finish(rollout, version, now, reason);
                case Step.TurnBack(String reason) -> takeBack(rollout, now, reason);
            }
        });
    }

    private void advance(ActiveRollout rollout, RolloutState next, String reason) {
        Instant now = next.stageStarted();
        listener.decided(new RolloutDecision.Advance(next, reason, rollout.figures(now)));
        rollout.advance(next, router);
    }

    private void finish(ActiveRollout rollout, int version, Instant now, String reason) {
        RolloutState state = rollout.state();
        serveAlone(
                state.endpoint(),
                rollout.version(version),
                Optional.of(rollout.version(state.champion())),
                now,
                reason,
                rollout.figures(now));
        end(rollout);
    }

    private void takeBack(ActiveRollout rollout, Instant now, String reason) {
        RolloutState state = rollout.state();
        listener.decided(new RolloutDecision.RollBack(
                state.endpoint(),
                state.model(),
                state.candidate(),
                state.champion(),
                now,
                reason,
                rollout.figures(now)));
        router.install(state.endpoint(), Route.of(state.endpoint(), rollout.version(state.champion())));
        end(rollout);
    }

    private void end(ActiveRollout rollout) {
        rollouts.remove(rollout.state().endpoint());
        rollout.close();
    }

    /** Stops the rollout under way where it is; rules still take it back. Nothing changes when it is paused already. */
    public void pause(String endpoint, String reason) {
        with(endpoint, rollout -> {
            Instant now = clock.instant();
            if (!rollout.state().isPaused()) {
                RolloutState paused = rollout.state().paused(now);
                listener.decided(new RolloutDecision.Pause(paused, now, reason, rollout.figures(now)));
                rollout.note(paused);
            }
        });
    }

    /** Goes on with a paused one; the time of the pause doesn't count. */
    public void resume(String endpoint, String reason) {
        with(endpoint, rollout -> {
            Instant now = clock.instant();
            if (rollout.state().isPaused()) {
                RolloutState resumed = rollout.state().resumed(now);
                listener.decided(new RolloutDecision.Resume(resumed, now, reason, rollout.figures(now)));
                rollout.note(resumed);
            }
        });
    }

    /** Ends the rollout under way with its candidate for all requests. */
    public void promote(String endpoint, String reason) {
        with(endpoint, rollout -> finish(rollout, rollout.state().candidate(), clock.instant(), reason));
    }

    /**
     * Takes the rollout under way back by hand.
     *
     * @throws MillwrightException {@link ServingError#ROLLOUT_NOT_FOUND} when there is none
     */
    public void stop(String endpoint, String reason) {
        with(endpoint, rollout -> takeBack(rollout, clock.instant(), reason));
    }

    /** The same, if there is one; false when there is none. */
    public boolean tryRollBack(String endpoint, String reason) {
        return underLock(() -> {
            ActiveRollout rollout = rollouts.get(endpoint);
            if (rollout != null) {
                takeBack(rollout, clock.instant(), reason);
            }
            return rollout != null;
        });
    }

    private void with(String endpoint, Consumer<ActiveRollout> work) {
        locked(() -> work.accept(require(endpoint)));
    }

    private ActiveRollout require(String endpoint) {
        ActiveRollout rollout = rollouts.get(endpoint);
        if (rollout == null) {
            throw new MillwrightException(
                    ServingError.ROLLOUT_NOT_FOUND,
                    "rollout: none under way on " + endpoint + " (expected: one)."
                            + Words.suggestion(endpoint, rollouts.keySet()));
        }
        return rollout;
    }

    /**
     * Lets an earlier version serve alone again, at once, also after its successor's rollout has ended; a rollout under
     * way is over.
     *
     * @param earlier its runtime is the router's from here on
     */
    public void rollBack(String endpoint, WeightedVersion earlier, String reason) {
        locked(() -> {
            WeightedVersion serving = router.find(endpoint)
                    .map(Route::champion)
                    .orElseThrow(() -> new MillwrightException(
                            ServingError.ENDPOINT_NOT_FOUND, "endpoint: " + endpoint + " (expected: one that serves)"));
            ActiveRollout rollout = rollouts.get(endpoint);
            int from = rollout == null ? serving.version() : rollout.state().candidate();
            Instant now = clock.instant();
            RolloutFigures figures = rollout == null ? RolloutFigures.NONE : rollout.figures(now);
            listener.decided(new RolloutDecision.RollBack(
                    endpoint, earlier.model(), from, earlier.version(), now, reason, figures));
            router.install(endpoint, Route.of(endpoint, earlier));
            previous.forget(endpoint);
            if (rollout != null) {
                end(rollout);
            }
        });
    }

    /** Forgets every rollout, and leaves the routes as they are. */
    public void empty() {
        locked(() -> {
            rollouts.values().forEach(ActiveRollout::close);
            rollouts.clear();
            previous.clear();
        });
    }

    private <T> T underLock(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
