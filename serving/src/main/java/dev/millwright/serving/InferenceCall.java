package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import java.util.List;
import java.util.Optional;

/**
 * A decoded request.
 *
 * @param requestedVersion the version that the client insists on; the traffic split decides when empty
 * @param clientId the client's own id of the request: echoed and logged, never a key; equal ids get the same version
 * @param keys empty, or the entity and timestamp of each row
 */
public record InferenceCall(
        String endpoint, Optional<String> requestedVersion, Optional<String> clientId, Frame rows, List<RowKey> keys) {
    public InferenceCall {
        keys = List.copyOf(keys);
        if (rows.rows() == 0) {
            throw new InvalidInputException("rows: none (expected: at least one)");
        }
        if (!keys.isEmpty() && keys.size() != rows.rows()) {
            throw new InvalidInputException("keys: " + keys.size() + " (expected: " + rows.rows() + ", one a row)");
        }
    }
}
