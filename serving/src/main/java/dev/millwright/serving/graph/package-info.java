/**
 * Inference graphs: several models that answer as one. Nodes nest; each asks its members with whole batches of rows, never row by
 * row. Start reading at {@link dev.millwright.serving.graph.RowNode} and {@link dev.millwright.serving.graph.GraphRuntime};
 * {@link dev.millwright.serving.graph.TensorChain} is for models of tensors.
 */
@NullMarked
package dev.millwright.serving.graph;

import org.jspecify.annotations.NullMarked;
