package dev.millwright.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an expectation fared on one version.
 *
 * @param name the expectation's text
 * @param outcome of the check
 * @param count rows that break it; of {@code missing} the rows without a value, of {@code rows} the rows, of
 *     {@code unique} the rows that repeat another; 0 of measures that count no rows
 * @param examples a few offending values with their lines
 * @param severity what happens where it does not hold: {@code FAIL} refuses the data, so that no version has it broken
 * @param measurement what was found, as a number
 */
public record ExpectationResult(
        String name,
        Outcome outcome,
        long count,
        List<String> examples,
        OnViolation severity,
        Measurement measurement) {

    /** Whether an expectation holds. */
    public enum Outcome {
        PASSED,
        BROKEN
    }

    /** Reports of versions that were made before severities and measurements were kept have neither. */
    public ExpectationResult(
            String name,
            Outcome outcome,
            long count,
            List<String> examples,
            @Nullable OnViolation severity,
            @Nullable Measurement measurement) {
        this.name = name;
        this.outcome = outcome;
        this.count = count;
        this.examples = List.copyOf(examples);
        this.severity = severity == null ? OnViolation.QUARANTINE : severity;
        this.measurement = measurement == null ? Measurement.ofRows(name, count) : measurement;
    }

    public boolean passed() {
        return outcome == Outcome.PASSED;
    }

    /** Whether nothing may be stored for it. */
    public boolean refuses() {
        return !passed() && severity == OnViolation.FAIL;
    }

    /** {@code 'rows >= 1000' does not hold: 7 rows}; of one that holds, what was found. */
    public String sentence() {
        return "'" + name + "' " + (passed() ? "holds" : "does not hold") + ": " + measurement.shown()
                + (examples.isEmpty() ? "" : ", e.g. " + String.join(", ", examples));
    }
}
