/**
 * Metrics with confidence intervals, comparisons, reports and model cards.
 *
 * <p>Start reading at {@link dev.millwright.evaluation.Evaluator}, {@link dev.millwright.evaluation.MetricSpec} and
 * {@link dev.millwright.evaluation.EvaluationReport}.
 */
@NullMarked
package dev.millwright.evaluation;

import org.jspecify.annotations.NullMarked;
