package dev.millwright.serving.protocol;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a request, as far as somebody will read it: a small request may have millions of mistakes. For one thread. */
public final class RequestProblems {
    private static final int MOST_SHOWN = 20;

    private final List<Problem> shown = new ArrayList<>();
    private int more;

    /** {@code member: value (expected: …)}. */
    public void add(String message) {
        if (shown.size() < MOST_SHOWN) {
            shown.add(Problem.of(message));
        } else {
            more++;
        }
    }

    /** Whether nothing is wrong. */
    public boolean isEmpty() {
        return shown.isEmpty();
    }

    /**
     * Goes on only with a request that nothing is wrong with.
     *
     * @throws InvalidInputException with the first problems, and how many there are more
     */
    public void requireNone() {
        if (shown.isEmpty()) {
            return;
        }
        if (more > 0) {
            shown.add(Problem.of("… and " + more + " more"));
        }
        throw new InvalidInputException(shown);
    }
}
