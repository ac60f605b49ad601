package dev.millwright.web;

import dev.millwright.registry.Events;
import dev.millwright.registry.Verification;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Verifies the event record for those who look at it, at most once in a while: it reads every entry. Thread-safe. */
final class RecordCheck {
    private static final Duration GOOD_FOR = Duration.ofSeconds(10);

    private final Events events;
    private final InstantSource clock;
    private Optional<Checked> last = Optional.empty();

    /** A verification and when it was made. */
    record Checked(Verification verification, Instant time) {}

    RecordCheck(Events events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    synchronized Checked now() {
        Instant now = clock.instant();
        boolean fresh = last.filter(checked -> now.isBefore(checked.time().plus(GOOD_FOR)))
                .isPresent();
        if (!fresh) {
            last = Optional.of(new Checked(events.verify(), now));
        }
        return last.orElseThrow();
    }
}
