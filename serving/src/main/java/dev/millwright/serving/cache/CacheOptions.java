package dev.millwright.serving.cache;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long answers are kept, and how many: of each version of an endpoint, whichever bound is met first.
 *
 * @param size answers
 * @param age after which an answer is given no more
 * @param memory that inputs and answers may take together, in bytes, as far as that can be told
 */
public record CacheOptions(long size, Duration age, long memory) {
    /** What inputs and answers may take where nothing is said: 64 MB. */
    public static final long DEFAULT_MEMORY = 64_000_000;

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long LEAST_MEMORY = 100_000;
    private static final long MOST = 100_000_000;

    /** Throws {@link InvalidInputException} with problems about {@code size}, {@code age} and {@code memory}. */
    public CacheOptions {
        List<Problem> problems = new ArrayList<>();
        if (size < 1 || size > MOST) {
            problems.add(Problem.about("size", "size: " + size + " (expected: from 1 to " + MOST + " answers)"));
        }
        if (!age.isPositive() || age.compareTo(LONGEST) > 0) {
            problems.add(Problem.about("age", "age: " + age + " (expected: longer than nothing, at most a year)"));
        }
        if (memory < LEAST_MEMORY) {
            problems.add(
                    Problem.about("memory", "memory: " + memory + " bytes (expected: at least " + LEAST_MEMORY + ")"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }
}
