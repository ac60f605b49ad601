/**
 * Speaks the Open Inference Protocol to other servers: the network behind {@link dev.millwright.serving.remote.BackendClient}. Start
 * reading at {@link dev.millwright.remote.OpenInferenceClients}.
 */
@NullMarked
package dev.millwright.remote;

import org.jspecify.annotations.NullMarked;
