/**
 * Which features are worth having: what they tell of the label, which of them say the same, and which a model needs.
 *
 * <p>Start reading at {@link dev.millwright.evaluation.selection.ShuffledLoss} and
 * {@link dev.millwright.evaluation.selection.MutualInformation}.
 */
@NullMarked
package dev.millwright.evaluation.selection;

import org.jspecify.annotations.NullMarked;
