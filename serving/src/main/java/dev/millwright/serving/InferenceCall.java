package dev.millwright.serving;

import dev.millwright.core.Frame;
import java.util.List;
import java.util.Optional;

/**
 * A decoded request.
 *
 * @param requestedVersion the version that the client insists on; the traffic split decides when empty
 * @param clientId the client's own id of the request: echoed and logged, never a key; equal ids get the same version
 */
public record InferenceCall(
        String endpoint, Optional<String> requestedVersion, Optional<String> clientId, RequestRows rows) {

    /** A call with feature rows that say nothing of whom they are about. */
    public InferenceCall(String endpoint, Optional<String> requestedVersion, Optional<String> clientId, Frame rows) {
        this(endpoint, requestedVersion, clientId, RequestRows.same(rows, List.of()));
    }
}
