package dev.millwright.registry;

import java.util.Optional;

/**
 * Where the state of a home is kept, and how.
 *
 * @param database the database of PostgreSQL; without one, that which the home remembers, else the file in the home
 */
public record StateOptions(Optional<DatabaseUrl> database, Metrics metrics) {
    /** What metrics survive once they are acknowledged. Everything else survives both. */
    public enum Metrics {
        /** The process may be killed; the last moments may go when the machine loses power. */
        SURVIVE_KILL,
        /** Synced to the disk. In PostgreSQL they always are. */
        SURVIVE_POWER_LOSS
    }

    public static final StateOptions DEFAULT = new StateOptions(Optional.empty(), Metrics.SURVIVE_KILL);

    public static StateOptions at(DatabaseUrl database) {
        return DEFAULT.at(Optional.of(database));
    }

    public StateOptions at(Optional<DatabaseUrl> other) {
        return new StateOptions(other, metrics);
    }

    public StateOptions with(Metrics other) {
        return new StateOptions(database, other);
    }
}
