package dev.millwright.registry;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a write sees: SQL, the time, and the event record, all committed or undone together. */
final class Transaction extends Session {
    /** What a commit has to survive before it is acknowledged. */
    enum Durability {
        /** The process may be killed; the last moments may go when the machine loses power. For metrics. */
        PROCESS_KILL,
        /** Synced to disk. For everything else. */
        POWER_LOSS
    }

    /** A change of state; runs on the writer's thread, perhaps twice, so it touches nothing but the database. */
    @FunctionalInterface
    interface Work<T> {
        T run(Transaction transaction) throws SQLException;
    }

    /** Under which key an event says who asked for the change. */
    private static final String BY = "by";

    private final Instant now;
    private final Durability durability;
    private final Optional<String> actor;
    private Optional<ChainHead> appended = Optional.empty();

    Transaction(Session shared, Instant now, Durability durability, Optional<String> actor) {
        super(shared);
        this.now = now;
        this.durability = durability;
        this.actor = actor;
    }

    /** When the change happens: microseconds, the same for all of its rows and events. */
    Instant now() {
        return now;
    }

    /** Who asked for the change, where that is known. */
    Optional<String> actor() {
        return actor;
    }

    /** Adds an entry to the event record, part of this change; it says who asked for the change, where that is known. */
    void append(String type, String subject, Map<String, String> data) throws SQLException {
        if (durability != Durability.POWER_LOSS) {
            throw new IllegalStateException(type + ": an event in a change that is not synced");
        }
        Map<String, String> signed = new TreeMap<>(data);
        actor.ifPresent(name -> signed.put(BY, name));
        appended = Optional.of(EventChain.append(this, type, subject, signed));
    }

    /** The end of the event record, if this change moved it. */
    Optional<ChainHead> appended() {
        return appended;
    }
}
