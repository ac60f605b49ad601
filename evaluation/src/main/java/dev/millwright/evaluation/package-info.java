/** Metrics with confidence intervals, comparisons, reports and model cards. */
@NullMarked
package dev.millwright.evaluation;

import org.jspecify.annotations.NullMarked;
