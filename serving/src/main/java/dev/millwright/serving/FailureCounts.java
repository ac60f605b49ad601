package dev.millwright.serving;

import dev.millwright.serving.VersionStatistics.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Counts the requests without an answer, and finds out whose doing that was, so that no caller can bring a version into disrepute. What
 * one version refuses as invalid is shown to the one that most of its neighbours' requests end at: what that takes was no mistake of the
 * caller's. Whoever gave less time than any version needs can't hold it against one. Thread-safe.
 */
final class FailureCounts {
    /** So many runs of the quickest version are time enough, in which a request may also wait for its turn. */
    private static final int RUNS = 20;

    private static final long LEAST_NANOS = Duration.ofMillis(10).toNanos();
    private static final long MOST_NANOS = Duration.ofSeconds(1).toNanos();

    private final Executor background;
    private final int most;
    private final LongSupplier nanoTime;
    private final AtomicInteger pending = new AtomicInteger();

    /**
     * None yet.
     *
     * @param most requests that may wait to be shown to another version; those beyond count as the callers' mistakes
     */
    FailureCounts(Executor background, int most, LongSupplier nanoTime) {
        this.background = background;
        this.most = most;
        this.nanoTime = nanoTime;
    }

    /** Counts a request that ended so after {@code nanos}. */
    Outcome count(CallTarget target, InstalledRoute route, Lane lane, Throwable failure, long nanos) {
        Outcome outcome = Outcome.of(failure);
        if (outcome == Outcome.LATE && given(target, nanos) >= enoughNanos(route)) {
            outcome = Outcome.OVERLOADED;
        }
        lane.statistics().recordFailure(outcome, nanos);
        return outcome;
    }

    /** The time that the caller gave, of which so much has passed. */
    private static long given(CallTarget target, long nanos) {
        long left = target.deadline().left();
        return left == Long.MAX_VALUE ? left : left + nanos;
    }

    /** The same for all versions, so that one is not forgiven what another is blamed for. */
    private static long enoughNanos(InstalledRoute route) {
        long quickest = MOST_NANOS;
        for (Lane lane : route.all()) {
            quickest = Math.min(quickest, lane.slot().recentNanos());
        }
        return Math.clamp(RUNS * quickest, LEAST_NANOS, MOST_NANOS);
    }

    /** Shows a request that a version refused to the last of its route, and counts it against the version if that one takes it. */
    void compare(CallTarget target, InstalledRoute route, Lane lane, Question question, int hops) {
        Lane other = route.lanes().getLast();
        if (other.version().version() == lane.version().version()) {
            return;
        }
        if (pending.incrementAndGet() > most) {
            pending.decrementAndGet();
            return;
        }
        Runnable comparing = Hops.carried(hops, () -> {
            try {
                if (takes(target.unhurried(), other, question)) {
                    lane.statistics().recordRefusedAlone();
                }
            } finally {
                pending.decrementAndGet();
            }
        });
        try {
            background.execute(comparing);
        } catch (RejectedExecutionException closing) {
            // Nobody decides on a rollout any more.
            pending.decrementAndGet();
        }
    }

    private boolean takes(CallTarget target, Lane lane, Question question) {
        try {
            Optional<LoadedInstance> held =
                    lane.slot().hold(nanoTime.getAsLong(), target.deadline(), target.patience());
            if (held.isEmpty()) {
                return false;
            }
            try {
                Answers.join(question.ask(target, lane, held.get()));
                return true;
            } finally {
                held.get().release();
            }
        } catch (RuntimeException refused) {
            // Both refuse it, or the other can't be asked now: that says nothing against the first.
            return false;
        }
    }
}
