/**
 * The nouns that every room shares: schemas, columnar rows, model signatures, events, errors, ids. No foreign library.
 *
 * <p>Start reading at {@link dev.millwright.core.Schema}, {@link dev.millwright.core.Frame} and
 * {@link dev.millwright.core.ModelSignature}.
 */
@NullMarked
package dev.millwright.core;

import org.jspecify.annotations.NullMarked;
