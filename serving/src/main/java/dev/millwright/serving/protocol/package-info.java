/**
 * The Open Inference Protocol v2 without a network: tensors, and requests and answers as JSON and as JSON with binary
 * tensors. Start reading at {@link dev.millwright.serving.protocol.InferRequest},
 * {@link dev.millwright.serving.protocol.Tensor}, {@link dev.millwright.serving.protocol.FeatureTensors}.
 */
@NullMarked
package dev.millwright.serving.protocol;

import org.jspecify.annotations.NullMarked;
