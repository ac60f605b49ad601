package dev.millwright.registry;

import java.util.Optional;

/**
 * Whether the event record is what was written.
 *
 * @param checked entries that were read
 * @param firstBroken the first entry that is not as it was written, or is missing; empty when all are intact
 */
public record Verification(long checked, Optional<Broken> firstBroken) {
    /** Where the chain breaks and why. */
    public record Broken(long sequence, String why) {}

    static Verification broken(long checked, long sequence, String why) {
        return new Verification(checked, Optional.of(new Broken(sequence, why)));
    }

    public boolean ok() {
        return firstBroken.isEmpty();
    }
}
