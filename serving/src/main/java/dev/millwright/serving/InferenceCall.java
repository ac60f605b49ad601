package dev.millwright.serving;

import dev.millwright.core.Frame;
import java.util.List;
import java.util.Optional;

/**
 * A decoded request with feature rows.
 *
 * @param target which model is asked, and by whom
 */
public record InferenceCall(CallTarget target, RequestRows rows) {
    /** A call with feature rows that say nothing of whom they are about. */
    public InferenceCall(CallTarget target, Frame rows) {
        this(target, RequestRows.same(rows, List.of()));
    }

    /** A call without a deadline. */
    public InferenceCall(
            String endpoint, Optional<String> requestedVersion, Optional<String> clientId, RequestRows rows) {
        this(new CallTarget(endpoint, requestedVersion, clientId), rows);
    }

    /** A call without a deadline, with feature rows that say nothing of whom they are about. */
    public InferenceCall(String endpoint, Optional<String> requestedVersion, Optional<String> clientId, Frame rows) {
        this(endpoint, requestedVersion, clientId, RequestRows.same(rows, List.of()));
    }
}
