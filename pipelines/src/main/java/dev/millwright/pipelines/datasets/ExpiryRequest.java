package dev.millwright.pipelines.datasets;

import dev.millwright.core.InvalidInputException;
import java.time.Duration;
import java.util.Optional;

/**
 * Which versions of a dataset may go.
 *
 * @param version this one alone
 * @param olderThan only those that were recorded longer ago
 * @param keep so many of the newest stay
 */
public record ExpiryRequest(
        String dataset,
        Optional<Integer> version,
        Optional<Duration> olderThan,
        Optional<Integer> keep,
        Needed needed,
        Mode mode) {
    /** What becomes of versions that a model, a tag or an endpoint needs. */
    public enum Needed {
        KEEP,
        EXPIRE
    }

    /** Whether anything happens. */
    public enum Mode {
        CARRY_OUT,
        ONLY_TELL
    }

    public ExpiryRequest {
        if (version.isEmpty() && olderThan.isEmpty() && keep.isEmpty()) {
            throw new InvalidInputException("expire: " + dataset + " (expected: a version, as in " + dataset
                    + "@v3, or which ones: --older-than 30d, --keep 5).");
        }
        if (version.isPresent() && (olderThan.isPresent() || keep.isPresent())) {
            throw new InvalidInputException("expire: " + dataset + "@v" + version.get()
                    + " (expected: either one version, or --older-than and --keep).");
        }
        if (keep.filter(count -> count < 1).isPresent()) {
            throw new InvalidInputException(
                    "--keep: " + keep.get() + " (expected: 1 or more; the newest always stays).");
        }
        if (olderThan.filter(Duration::isNegative).isPresent()) {
            throw new InvalidInputException(
                    "--older-than: " + olderThan.get() + " (expected: a time that has passed).");
        }
    }
}
