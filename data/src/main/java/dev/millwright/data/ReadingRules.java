package dev.millwright.data;

import java.time.ZoneId;
import java.util.List;

/**
 * How the rows of a source are judged, wherever they come from.
 *
 * @param zone of timestamps that carry none
 * @param missing words that stand for a missing value
 * @param expectations in the order of the pipeline file
 * @param onViolation of what the contract says of values
 */
public record ReadingRules(
        ZoneId zone,
        List<String> missing,
        Contract contract,
        List<Expected.Unread> expectations,
        OnViolation onViolation) {
    public ReadingRules {
        missing = List.copyOf(missing);
        expectations = List.copyOf(expectations);
    }

    static ReadingRules of(SourceSpec spec) {
        return new ReadingRules(
                spec.zone(),
                spec.missing(),
                spec.contract(),
                spec.expectations().stream().map(Expected::unread).toList(),
                spec.onViolation());
    }
}
