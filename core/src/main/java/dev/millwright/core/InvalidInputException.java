package dev.millwright.core;

import java.util.List;
import java.util.stream.Collectors;

/** Everything that is wrong with an input, reported together. */
public final class InvalidInputException extends MillwrightException {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public InvalidInputException(List<Problem> problems) {
        super(
                CoreError.INVALID_INPUT,
                problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("problems: empty (expected: at least one)");
        }
        this.problems = List.copyOf(problems);
    }

    public InvalidInputException(String message) {
        this(List.of(Problem.of(message)));
    }

    public List<Problem> problems() {
        return problems;
    }
}
