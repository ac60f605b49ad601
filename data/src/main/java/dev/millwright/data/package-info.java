/** Sources, schema enforcement, expectations, versioned datasets, profiles; the DuckDB engine. */
@NullMarked
package dev.millwright.data;

import org.jspecify.annotations.NullMarked;
