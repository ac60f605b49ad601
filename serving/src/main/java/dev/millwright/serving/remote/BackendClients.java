package dev.millwright.serving.remote;

import dev.millwright.core.MillwrightException;
import dev.millwright.serving.protocol.TensorForm;
import java.net.URI;

/** Makes what speaks to servers. Thread-safe. */
public interface BackendClients {
    /**
     * A client of one of the target's servers; opens no connection yet.
     *
     * @throws MillwrightException when the secret that the target names is not there
     */
    BackendClient open(RemoteTarget target, URI backend, TensorForm form);
}
