/** Feature SQL: checked plan, DuckDB printer, row evaluator, column lineage. */
@NullMarked
package dev.millwright.plan;

import org.jspecify.annotations.NullMarked;
