package dev.millwright.serving.remote;

import dev.millwright.serving.protocol.ModelTensors;
import dev.millwright.serving.protocol.TensorForm;

/**
 * What is registered of a model on other servers.
 *
 * @param tensors what the model took and gave when it was connected; its answers are held to that
 * @param form in which tensors go there over REST
 */
public record RemoteLink(RemoteTarget target, ModelTensors tensors, TensorForm form) {}
