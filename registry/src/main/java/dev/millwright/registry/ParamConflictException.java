package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.util.List;

/** Params were to change their values. Nothing of the call was kept. */
public final class ParamConflictException extends MillwrightException {
    private static final long serialVersionUID = 1;

    private final String runId;
    private final transient List<Conflict> conflicts;

    /** A param that has a value, and the other one that was sent. */
    public record Conflict(String key, String kept, String sent) {}

    ParamConflictException(String runId, List<Conflict> conflicts) {
        super(
                RegistryError.PARAM_CONFLICT,
                "param: " + conflicts.getFirst().key() + " of run " + runId
                        + " is already set to another value (expected: the same, params do not change)");
        this.runId = runId;
        this.conflicts = List.copyOf(conflicts);
    }

    public String runId() {
        return runId;
    }

    public List<Conflict> conflicts() {
        return conflicts;
    }
}
