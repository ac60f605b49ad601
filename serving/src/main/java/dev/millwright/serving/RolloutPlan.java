package dev.millwright.serving;

import java.time.Duration;
import java.util.List;

/**
 * How a version takes over an endpoint.
 *
 * @param canary the candidate's share of the traffic, stage by stage, growing, 1 at last; the last stage is watched like
 *     the others, with the champion kept ready
 * @param every how long a stage lasts at least, and the window of time that is judged
 * @param rollBackIf reasons to turn back
 * @param minimumRequests that the candidate must have answered in a stage before it advances, and in the window before a
 *     rule is applied; an error rate that is beyond doubt is acted on sooner
 * @param patience after which a stage ends even without that many requests, so that an endpoint that nobody calls
 *     doesn't roll out for ever; at least {@code every}
 */
public record RolloutPlan(
        List<Double> canary, Duration every, List<RollBackRule> rollBackIf, long minimumRequests, Duration patience) {
    /** Requests before a stage is judged, unless said. */
    public static final long MINIMUM_REQUESTS = 100;

    public RolloutPlan {
        canary = List.copyOf(canary);
        rollBackIf = List.copyOf(rollBackIf);
        double last = 0;
        for (double share : canary) {
            if (!(share > last && share <= 1)) {
                throw new IllegalArgumentException(
                        "canary: " + canary + " (expected: growing shares above 0% and up to 100%)");
            }
            last = share;
        }
        if (last != 1) {
            throw new IllegalArgumentException("canary: " + canary + " (expected: 100% at last)");
        }
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("every: " + every + " (expected: longer than nothing)");
        }
        if (minimumRequests < 1) {
            throw new IllegalArgumentException("minimumRequests: " + minimumRequests + " (expected: at least 1)");
        }
        if (patience.compareTo(every) < 0) {
            throw new IllegalArgumentException("patience: " + patience + " (expected: at least every: " + every + ")");
        }
    }

    /** A plan with the usual minimum of requests, and ten times {@code every} as patience. */
    public static RolloutPlan of(List<Double> canary, Duration every, List<RollBackRule> rollBackIf) {
        return new RolloutPlan(canary, every, rollBackIf, MINIMUM_REQUESTS, every.multipliedBy(10));
    }

    /** Whether the candidate takes over at once: there is nothing to wait for, and nothing that could turn it back. */
    boolean isImmediate() {
        return canary.size() == 1 && rollBackIf.isEmpty();
    }

    /** All traffic at once, nothing watched. */
    public static RolloutPlan immediate() {
        return of(List.of(1.0), Duration.ofSeconds(1), List.of());
    }
}
