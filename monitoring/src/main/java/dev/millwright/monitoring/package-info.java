/**
 * What was predicted and how it turned out: prediction log, feedback, drift, quality, alerts.
 *
 * <p>Start reading at {@link dev.millwright.monitoring.PredictionLog}, {@link dev.millwright.monitoring.DriftDetector}
 * and {@link dev.millwright.monitoring.MonitorEngine}.
 */
@NullMarked
package dev.millwright.monitoring;

import org.jspecify.annotations.NullMarked;
