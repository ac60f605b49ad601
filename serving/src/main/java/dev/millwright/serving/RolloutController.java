package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Rolls versions out stage by stage and takes them back when a rule of the plan says so. Does nothing by itself: call
 * {@link #tick} about ten times a stage. Each decision is stored by the listener before the route is swapped, so after a
 * crash the stored state is never behind the traffic by more than one step that is safe to do again. Thread-safe.
 */
public final class RolloutController {
    private final Router router;
    private final RolloutListener listener;
    private final InstantSource clock;
    private final Map<String, Rollout> rollouts = new TreeMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    private record Rollout(
            RolloutState state, WeightedVersion champion, WeightedVersion candidate, RolloutWindow window) {}

    public RolloutController(Router router, RolloutListener listener, InstantSource clock) {
        this.router = router;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Begins to roll a version out. On an endpoint where nothing serves yet it serves alone at once.
     *
     * @param candidate its weight doesn't matter; the router owns its runtime from here on
     * @throws MillwrightException {@link ServingError#ROLLOUT_RUNNING} when the endpoint has a rollout under way: roll it
     *     back or wait; the runtime is then still the caller's
     */
    public void start(String endpoint, RolloutPlan plan, WeightedVersion candidate) {
        lock.lock();
        try {
            requireIdle(endpoint);
            Instant now = clock.instant();
            Optional<WeightedVersion> champion = router.find(endpoint).map(RolloutController::heaviest);
            if (champion.isEmpty() || champion.get().version() == candidate.version()) {
                serveAlone(endpoint, candidate, now, "nothing else served on the endpoint");
                return;
            }
            if (plan.isImmediate()) {
                serveAlone(endpoint, candidate, now, "all traffic at once, as the plan says");
                return;
            }
            RolloutState state = new RolloutState(
                    endpoint, candidate.model(), champion.get().version(), candidate.version(), plan, 0, now);
            listener.decided(new RolloutDecision.Start(
                    state, "version " + candidate.version() + " gets " + percent(state.share()) + " of the traffic"));
            follow(state, champion.get(), candidate);
        } finally {
            lock.unlock();
        }
    }

    /** Goes on with a rollout that was under way when the process ended; tells the listener nothing. */
    public void restore(RolloutState state, WeightedVersion champion, WeightedVersion candidate) {
        lock.lock();
        try {
            requireIdle(state.endpoint());
            follow(state, champion, candidate);
        } finally {
            lock.unlock();
        }
    }

    private void requireIdle(String endpoint) {
        Rollout running = rollouts.get(endpoint);
        if (running != null) {
            throw new MillwrightException(
                    ServingError.ROLLOUT_RUNNING,
                    "rollout: of version " + running.state().candidate() + " is under way on " + endpoint
                            + " (expected: none). Wait until it ends, or roll it back.");
        }
    }

    private static WeightedVersion heaviest(Route route) {
        return route.versions().stream()
                .max(Comparator.comparingDouble(WeightedVersion::weight))
                .orElseThrow();
    }

    private void serveAlone(String endpoint, WeightedVersion version, Instant now, String reason) {
        listener.decided(new RolloutDecision.Finish(endpoint, version.model(), version.version(), now, reason));
        router.install(endpoint, new Route(endpoint, List.of(version.withWeight(1)), Optional.empty()));
    }

    private void follow(RolloutState state, WeightedVersion champion, WeightedVersion candidate) {
        split(state, champion, candidate);
        RolloutWindow window = new RolloutWindow(
                state.plan().every(),
                router.findStatistics(state.endpoint(), champion.version()).orElseThrow(),
                router.findStatistics(state.endpoint(), candidate.version()).orElseThrow());
        window.observe(clock.instant());
        rollouts.put(state.endpoint(), new Rollout(state, champion, candidate, window));
    }

    /** The candidate first: see {@link Route}. */
    private void split(RolloutState state, WeightedVersion champion, WeightedVersion candidate) {
        List<WeightedVersion> versions =
                List.of(candidate.withWeight(state.share()), champion.withWeight(1 - state.share()));
        router.install(state.endpoint(), new Route(state.endpoint(), versions, Optional.empty()));
    }

    /** The rollouts under way, by endpoint. */
    public List<RolloutState> active() {
        lock.lock();
        try {
            return rollouts.values().stream().map(Rollout::state).toList();
        } finally {
            lock.unlock();
        }
    }

    public Optional<RolloutState> find(String endpoint) {
        return active().stream()
                .filter(state -> state.endpoint().equals(endpoint))
                .findFirst();
    }

    /** Judges every rollout. One whose listener fails stays as it is, the others go on; then the first failure is thrown. */
    public void tick(Instant now) {
        lock.lock();
        try {
            List<RuntimeException> failures = new ArrayList<>();
            for (Rollout rollout : List.copyOf(rollouts.values())) {
                try {
                    judge(rollout, now);
                } catch (RuntimeException e) {
                    failures.add(e);
                }
            }
            if (!failures.isEmpty()) {
                RuntimeException first = failures.removeFirst();
                failures.forEach(first::addSuppressed);
                throw first;
            }
        } finally {
            lock.unlock();
        }
    }

    private void judge(Rollout rollout, Instant now) {
        RolloutState state = rollout.state();
        rollout.window().observe(now);
        Optional<String> breach = rollout.window().findBreach(state.plan());
        if (breach.isPresent()) {
            takeBack(rollout, now, breach.get());
            return;
        }
        Duration lasted = Duration.between(state.stageStarted(), now);
        long requests = rollout.window().candidateRequestsInStage();
        boolean evident = requests >= state.plan().minimumRequests();
        if (lasted.compareTo(evident ? state.plan().every() : state.plan().patience()) < 0) {
            return;
        }
        String reason = evident
                ? requests + " requests at " + percent(state.share()) + " without a reason to turn back"
                : "only " + requests + " requests at " + percent(state.share()) + " in " + lasted;
        if (state.isLastStage()) {
            serveAlone(state.endpoint(), rollout.candidate(), now, reason);
            rollouts.remove(state.endpoint());
        } else {
            advance(rollout, state.next(now), reason);
        }
    }

    private void advance(Rollout rollout, RolloutState next, String reason) {
        listener.decided(new RolloutDecision.Advance(next, reason));
        split(next, rollout.champion(), rollout.candidate());
        rollout.window().startStage();
        rollout.window().observe(next.stageStarted());
        rollouts.put(next.endpoint(), new Rollout(next, rollout.champion(), rollout.candidate(), rollout.window()));
    }

    private void takeBack(Rollout rollout, Instant now, String reason) {
        RolloutState state = rollout.state();
        listener.decided(new RolloutDecision.RollBack(
                state.endpoint(), state.model(), state.candidate(), state.champion(), now, reason));
        router.install(
                state.endpoint(),
                new Route(state.endpoint(), List.of(rollout.champion().withWeight(1)), Optional.empty()));
        rollouts.remove(state.endpoint());
    }

    /**
     * Takes the rollout under way back by hand.
     *
     * @throws MillwrightException {@link ServingError#ROLLOUT_NOT_FOUND} when there is none: name a version to return to
     */
    public void rollBack(String endpoint, String reason) {
        lock.lock();
        try {
            Rollout rollout = rollouts.get(endpoint);
            if (rollout == null) {
                throw new MillwrightException(
                        ServingError.ROLLOUT_NOT_FOUND,
                        "rollout: none under way on " + endpoint
                                + " (expected: one). Name the version that shall serve again."
                                + Words.suggestion(endpoint, rollouts.keySet()));
            }
            takeBack(rollout, clock.instant(), reason);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets an earlier version serve alone again, at once, also after its successor's rollout has ended; a rollout under
     * way is over.
     *
     * @param previous its runtime is the router's from here on
     */
    public void rollBack(String endpoint, WeightedVersion previous, String reason) {
        lock.lock();
        try {
            WeightedVersion serving = router.find(endpoint)
                    .map(RolloutController::heaviest)
                    .orElseThrow(() -> new MillwrightException(
                            ServingError.ENDPOINT_NOT_FOUND, "endpoint: " + endpoint + " (expected: one that serves)"));
            Rollout rollout = rollouts.get(endpoint);
            int from = rollout == null ? serving.version() : rollout.state().candidate();
            listener.decided(new RolloutDecision.RollBack(
                    endpoint, previous.model(), from, previous.version(), clock.instant(), reason));
            router.install(endpoint, new Route(endpoint, List.of(previous.withWeight(1)), Optional.empty()));
            rollouts.remove(endpoint);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets every rollout, and leaves the routes as they are. */
    public void empty() {
        lock.lock();
        try {
            rollouts.clear();
        } finally {
            lock.unlock();
        }
    }

    private static String percent(double share) {
        double percent = Math.round(share * 1e4) / 1e2;
        return (percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent)) + " %";
    }
}
