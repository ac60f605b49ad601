/**
 * Feature SQL: checked plan, DuckDB printer, row evaluator, column lineage.
 *
 * <p>Start reading at {@link dev.millwright.plan.FeaturePlanner}, {@link dev.millwright.plan.FeaturePlan} and
 * {@link dev.millwright.plan.OnlineView}.
 */
@NullMarked
package dev.millwright.plan;

import org.jspecify.annotations.NullMarked;
