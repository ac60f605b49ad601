/**
 * Model runtimes, batching, routing: everything between a decoded request and a prediction. Knows no HTTP, no
 * database and no disk.
 *
 * <p>Start reading at {@link dev.millwright.serving.Router}, {@link dev.millwright.serving.OnnxModelRuntime} and
 * {@link dev.millwright.serving.rollout.RolloutController}.
 */
@NullMarked
package dev.millwright.serving;

import org.jspecify.annotations.NullMarked;
