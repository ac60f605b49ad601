package dev.millwright.serving;

import dev.millwright.serving.routing.ClientHeaders;
import java.util.Optional;

/**
 * Which model a request asks, and by whom.
 *
 * @param requestedVersion the version that the client insists on; the traffic split decides when empty
 * @param clientId the client's own id of the request: echoed and logged, never a key; equal ids get the same version
 * @param deadline after which no answer is wanted
 * @param patience whether the calling thread may wait
 * @param headers what else the client said, for routes that look at it
 */
public record CallTarget(
        String endpoint,
        Optional<String> requestedVersion,
        Optional<String> clientId,
        Deadline deadline,
        Patience patience,
        ClientHeaders headers) {
    /** A caller that said nothing else. */
    public CallTarget(
            String endpoint,
            Optional<String> requestedVersion,
            Optional<String> clientId,
            Deadline deadline,
            Patience patience) {
        this(endpoint, requestedVersion, clientId, deadline, patience, ClientHeaders.NONE);
    }

    /** A caller that may wait as long as it takes. */
    public CallTarget(String endpoint, Optional<String> requestedVersion, Optional<String> clientId) {
        this(endpoint, requestedVersion, clientId, Deadline.NONE, Patience.WAITS);
    }

    /** The same for whoever has nobody waiting: it takes the time that it takes. */
    CallTarget unhurried() {
        return new CallTarget(endpoint, requestedVersion, clientId, Deadline.NONE, Patience.WAITS, headers);
    }
}
