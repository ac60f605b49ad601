/**
 * Sources, schema enforcement, expectations, versioned datasets, profiles, training-set files; the DuckDB engine.
 *
 * <p>Data goes one way: a {@link dev.millwright.data.SourceSpec} names files; {@link dev.millwright.data.Inspector} looks
 * at them; {@link dev.millwright.data.Lake} reads, checks and stores them as dataset versions;
 * {@link dev.millwright.data.TrainingSetWriter} and {@link dev.millwright.data.TrainingSet} turn a view over versions into
 * split, typed arrays.
 *
 * <p>Start reading at {@link dev.millwright.data.Lake}, {@link dev.millwright.data.SourceSpec} and
 * {@link dev.millwright.data.TrainingSet}.
 */
@NullMarked
package dev.millwright.data;

import org.jspecify.annotations.NullMarked;
