package dev.millwright.registry;

import java.time.Instant;
import java.util.Optional;

/** What a client changes of its run; what is empty stays as it is. */
public record RunChange(Optional<RunStatus> status, Optional<Instant> ended, Optional<String> name) {
    public RunChange {
        name.ifPresent(it -> Names.require("run name", it));
    }
}
