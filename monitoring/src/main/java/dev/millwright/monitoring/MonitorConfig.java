package dev.millwright.monitoring;

import java.time.Duration;
import java.util.Optional;

/**
 * What is watched on an endpoint.
 *
 * @param version whose predictions are judged; watch anew when another takes over
 * @param reference of that version's training rows
 * @param drift empty when drift isn't watched
 * @param quality empty when quality isn't watched
 * @param qualityWindow stretch of predictions whose labels are judged: labels come late, so it may be longer
 * @param onBreach passed on with the alert
 * @param evaluateEvery how often the windows are judged
 * @param openAfter judgements in a row that must find a breach before an alert opens
 * @param closeAfter judgements in a row that must find none before it closes
 * @param coolDown after an alert has closed, during which the same doesn't open again
 */
public record MonitorConfig(
        String endpoint,
        String model,
        int version,
        MonitorWindow window,
        ReferenceProfile reference,
        Optional<DriftOptions> drift,
        Optional<QualityMonitor> quality,
        Duration qualityWindow,
        OnBreach onBreach,
        Duration evaluateEvery,
        int openAfter,
        int closeAfter,
        Duration coolDown) {
    /** What a breach leads to; the assembly does it. */
    public enum OnBreach {
        ALERT,
        RETRAIN
    }

    public MonitorConfig {
        if (evaluateEvery.isNegative() || evaluateEvery.isZero()) {
            throw new IllegalArgumentException("evaluateEvery: " + evaluateEvery + " (expected: longer than nothing)");
        }
        if (openAfter < 1 || closeAfter < 1) {
            throw new IllegalArgumentException(
                    "openAfter, closeAfter: " + openAfter + ", " + closeAfter + " (expected: at least 1)");
        }
    }

    /** A configuration with the usual patience: judged 24 times a window, opened at once, closed after two good ones. */
    public static MonitorConfig of(
            String endpoint,
            String model,
            int version,
            Duration window,
            ReferenceProfile reference,
            Optional<DriftOptions> drift,
            Optional<QualityMonitor> quality,
            OnBreach onBreach) {
        return new MonitorConfig(
                endpoint,
                model,
                version,
                new MonitorWindow.Lasting(window),
                reference,
                drift,
                quality,
                window.multipliedBy(7),
                onBreach,
                window.dividedBy(24),
                1,
                2,
                window);
    }
}
