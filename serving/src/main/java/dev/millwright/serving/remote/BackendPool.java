package dev.millwright.serving.remote;

import dev.millwright.serving.BackendStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Which server is asked next: of those that work the one with the fewest calls under way. A server is taken out of the turn
 *
 * <ul>
 *   <li>as an outlier, when it fails five calls in a row, or far more often than the others do; never the last one that works;
 *   <li>by its circuit breaker, when half of at least twenty calls within ten seconds failed; the last one, too: then there is no answer
 *       until a trial shows that it works again.
 * </ul>
 *
 * One that says that it is not ready is asked only when no other one is left. Thread-safe.
 */
final class BackendPool {
    private static final int FAILURES_IN_A_ROW = 5;
    private static final int FEWEST_CALLS = 20;
    private static final double BREAKING_RATE = 0.5;
    private static final double FAR_ABOVE_PEERS = 0.2;

    private final List<Backend> backends;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();

    BackendPool(List<Backend> backends, LongSupplier nanoTime, RandomGenerator random) {
        this.backends = List.copyOf(backends);
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** How a call ended, as far as it says something about the server. */
    enum Ending {
        ANSWERED,
        FAILED,
        /** Nothing that could be held against the server. */
        PUT_OFF
    }

    /** A server that is being asked, to be told how that {@linkplain #end ended}. */
    record Asked(Backend backend, Role role, long start) {
        enum Role {
            ORDINARY,
            TRIAL
        }
    }

    /** The server to ask; empty when all are broken. One that was tried before comes only when no other one is left. */
    Optional<Asked> pick(Set<Backend> tried) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            return any(backend -> backend.isDueForTrial(now) && !tried.contains(backend))
                    .or(() -> idlest(backend -> backend.isReady() && !tried.contains(backend)))
                    // Rather one that failed before, or says that it isn't ready, than one that just failed this very
                    // request.
                    .or(() -> tried.isEmpty()
                            ? Optional.empty()
                            : any(backend -> backend.mayBeTried() && !tried.contains(backend)))
                    .or(() -> idlest(backend -> !tried.contains(backend)))
                    .or(() -> idlest(backend -> true))
                    .map(backend -> begin(backend, now));
        } finally {
            lock.unlock();
        }
    }

    private static Asked begin(Backend backend, long now) {
        Asked.Role role = backend.isAdmitted() ? Asked.Role.ORDINARY : Asked.Role.TRIAL;
        backend.begin();
        return new Asked(backend, role, now);
    }

    private Optional<Backend> any(Predicate<Backend> which) {
        return backends.stream().filter(which).findFirst();
    }

    private Optional<Backend> idlest(Predicate<Backend> which) {
        List<Backend> found = new ArrayList<>();
        for (Backend backend : backends) {
            if (backend.isAdmitted() && which.test(backend)) {
                int fewest =
                        found.isEmpty() ? Integer.MAX_VALUE : found.getFirst().outstanding();
                if (backend.outstanding() < fewest) {
                    found.clear();
                }
                if (backend.outstanding() <= fewest) {
                    found.add(backend);
                }
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(random.nextInt(found.size())));
    }

    /** To be called once for each server that was picked. */
    void end(Asked asked, Ending ending) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            Backend backend = asked.backend();
            backend.end(ending, now - asked.start());
            if (asked.role() == Asked.Role.TRIAL) {
                switch (ending) {
                    case ANSWERED -> backend.admit(now);
                    case FAILED -> backend.eject(now);
                    case PUT_OFF -> backend.endTrial();
                }
            } else if (backend.isAdmitted()) {
                count(backend, ending, now);
            }
        } finally {
            lock.unlock();
        }
    }

    private void count(Backend backend, Ending ending, long now) {
        switch (ending) {
            case ANSWERED -> {
                backend.consecutiveFailures = 0;
                backend.window.succeeded(now);
            }
            case FAILED -> {
                backend.consecutiveFailures++;
                backend.window.failed(now);
                if (isBroken(backend, now) || (isOutlier(backend, now) && othersWork(backend))) {
                    backend.eject(now);
                }
            }
            case PUT_OFF -> {}
        }
    }

    private static boolean isBroken(Backend backend, long now) {
        OutcomeWindow.Counts counts = backend.window.counts(now);
        return counts.calls() >= FEWEST_CALLS && counts.rate() >= BREAKING_RATE;
    }

    private boolean isOutlier(Backend backend, long now) {
        if (backend.consecutiveFailures >= FAILURES_IN_A_ROW) {
            return true;
        }
        OutcomeWindow.Counts counts = backend.window.counts(now);
        OutcomeWindow.Counts peers = backends.stream()
                .filter(other -> other != backend && other.isAdmitted())
                .map(other -> other.window.counts(now))
                .reduce(new OutcomeWindow.Counts(0, 0), OutcomeWindow.Counts::plus);
        return counts.calls() >= FEWEST_CALLS
                && peers.calls() >= FEWEST_CALLS
                && counts.rate() - peers.rate() > FAR_ABOVE_PEERS;
    }

    private boolean othersWork(Backend backend) {
        return any(other -> other != backend && other.isAdmitted() && other.isReady())
                .isPresent();
    }

    /** A call was made again elsewhere. */
    void retried(Backend backend) {
        lock.lock();
        try {
            backend.retried++;
        } finally {
            lock.unlock();
        }
    }

    /** What a server says of itself. */
    void says(Backend backend, boolean ready) {
        lock.lock();
        try {
            backend.says(ready, nanoTime.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    List<Backend> backends() {
        return backends;
    }

    /** How each stands, by address. */
    List<BackendStatus> status() {
        lock.lock();
        try {
            return backends.stream()
                    .map(Backend::status)
                    .sorted(Comparator.comparing(BackendStatus::url))
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}
