/**
 * How versions take over an endpoint: strategies, what is judged, what is decided. Knows no storage: decisions are told to a
 * listener, labels come from a source.
 *
 * <p>Start reading at {@link dev.millwright.serving.rollout.RolloutController}, {@link dev.millwright.serving.rollout.Strategy} and
 * {@link dev.millwright.serving.rollout.ConfidenceSequence}.
 */
@NullMarked
package dev.millwright.serving.rollout;

import org.jspecify.annotations.NullMarked;
