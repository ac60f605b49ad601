package dev.millwright.serving.remote;

import dev.millwright.serving.protocol.ModelTensors;
import dev.millwright.serving.protocol.TensorForm;

/**
 * What a server says of a model.
 *
 * @param form in which the server takes tensors over REST
 */
public record RemoteDescription(ModelTensors tensors, TensorForm form) {}
