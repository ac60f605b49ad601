package dev.millwright.pipelines;

import dev.millwright.data.Expected;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the tables hold that were read so far, as fingerprints. The one of a table whose expectations refer to others has theirs in
 * it, for they decide which of its rows are kept.
 */
final class ReadTables {
    private static final String UNKNOWN = "";

    private final Map<String, String> fingerprints = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    void add(String table, String fingerprint) {
        fingerprints.put(table, fingerprint);
    }

    /**
     * The fingerprint of a source with all that decides what is kept of it; empty when it refers to one that isn't known.
     *
     * @param own of what the source holds and how it is read
     */
    Optional<String> with(String table, String own, List<Expected.Unread> expectations) {
        Map<String, String> others = new TreeMap<>();
        expectations.stream()
                .flatMap(expectation -> expectation.tables().stream())
                .filter(other -> !other.equalsIgnoreCase(table))
                .forEach(other -> others.put(other, fingerprints.getOrDefault(other, UNKNOWN)));
        if (others.containsValue(UNKNOWN)) {
            return Optional.empty();
        }
        return Optional.of(others.isEmpty() ? own : StepKeys.of("referring-1", own, others));
    }
}
