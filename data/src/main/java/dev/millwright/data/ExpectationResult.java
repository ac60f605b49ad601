package dev.millwright.data;

import java.util.List;

/**
 * How an expectation fared on one version.
 *
 * @param name the expectation's text
 * @param outcome of the check
 * @param count rows that break it; of {@code missing} the rows without a value, of {@code rows} the rows, of
 *     {@code unique} the rows that repeat another
 * @param examples a few offending values with their lines
 */
public record ExpectationResult(String name, Outcome outcome, long count, List<String> examples) {

    /** Whether an expectation holds. */
    public enum Outcome {
        PASSED,
        BROKEN
    }

    public ExpectationResult {
        examples = List.copyOf(examples);
    }

    public boolean passed() {
        return outcome == Outcome.PASSED;
    }
}
