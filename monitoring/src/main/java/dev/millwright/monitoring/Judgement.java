package dev.millwright.monitoring;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one look at an endpoint found.
 *
 * @param version whose predictions were judged
 * @param psi population stability index by column; empty while the window has too few rows
 * @param quality where it is watched and enough labels are known
 */
public record Judgement(Instant time, int version, Map<String, Double> psi, Optional<QualityReport> quality) {
    public Judgement {
        psi = Collections.unmodifiableMap(new TreeMap<>(psi));
    }
}
