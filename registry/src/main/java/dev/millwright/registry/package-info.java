/**
 * The state of a home: experiments, runs, metrics, artifacts, model versions, lineage, durable steps, what serves, and
 * the hash-chained event record, behind narrow repositories over SQLite or PostgreSQL.
 *
 * <p>Start reading at {@link dev.millwright.registry.Registry}, {@link dev.millwright.registry.Writer} and
 * {@link dev.millwright.registry.Events}.
 */
@NullMarked
package dev.millwright.registry;

import org.jspecify.annotations.NullMarked;
