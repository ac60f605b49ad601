package dev.millwright.registry;

import dev.millwright.core.Event;
import dev.millwright.core.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The append-only record of what changed. Repositories append to it in the transaction of the change itself; only what is
 * no change of the registry's own state is added with {@link #record}. Thread-safe.
 */
public final class Events {
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*");

    /** What only the registry itself says, together with the change that it says happened. */
    private static final Set<String> RESERVED = Set.of(
            "experiment",
            "run",
            "step",
            "dataset_version",
            "dataset_tag",
            "model",
            "model_version",
            "model_alias",
            "endpoint",
            "alert",
            "user",
            "token");

    private final Database database;

    Events(Database database) {
        this.database = database;
    }

    /**
     * Adds an entry.
     *
     * @param type {@code noun.verb}, in the past: {@code trigger.fired}
     * @param data ids, hashes and reasons, never values from rows
     */
    public Event record(String type, String subject, Map<String, String> data) {
        if (!TYPE.matcher(type).matches()) {
            throw new InvalidInputException("event type: '" + type + "' (expected: noun.verb, as in trigger.fired)");
        }
        String noun = type.substring(0, type.indexOf('.'));
        if (RESERVED.contains(noun)) {
            throw new InvalidInputException("event type: '" + type + "' (expected: a noun that the registry does not"
                    + " record itself, not '" + noun + "')");
        }
        Map<String, String> copy = Map.copyOf(data);
        return database.write(transaction -> {
            transaction.append(type, subject, copy);
            return transaction
                    .find(
                            "SELECT " + EventChain.COLUMNS + " FROM events ORDER BY sequence DESC LIMIT 1",
                            EventChain::read)
                    .orElseThrow();
        });
    }

    /** The entries that match, in the filter's order. */
    public List<Event> list(EventFilter filter) {
        boolean newest = filter.order() == EventFilter.Order.NEWEST_FIRST;
        StringBuilder sql = new StringBuilder("SELECT " + EventChain.COLUMNS + " FROM events WHERE 1 = 1");
        List<@Nullable Object> arguments = new ArrayList<>();
        if (filter.after() > 0) {
            sql.append(newest ? " AND sequence < ?" : " AND sequence > ?");
            arguments.add(filter.after());
        }
        filter.type().ifPresent(type -> {
            if (type.endsWith(".")) {
                sql.append(" AND type >= ? AND type < ?");
                arguments.add(type);
                arguments.add(type.substring(0, type.length() - 1) + "/"); // '/' follows '.'
            } else {
                sql.append(" AND type = ?");
                arguments.add(type);
            }
        });
        filter.subject().ifPresent(subject -> {
            sql.append(" AND subject = ?");
            arguments.add(subject);
        });
        sql.append(newest ? " ORDER BY sequence DESC LIMIT ?" : " ORDER BY sequence LIMIT ?");
        arguments.add(filter.limit());
        return database.read(session -> session.list(sql.toString(), EventChain::read, arguments.toArray()));
    }

    /** The end of the record: keep it elsewhere, and a record that was cut or rewritten will show. */
    public ChainHead head() {
        return database.read(EventChain::head);
    }

    /** Checks every entry against its hash, its predecessor and the head kept beside the database. */
    public Verification verify() {
        HeadAnchor.Reading anchor = database.anchor().read();
        return database.read(session -> EventVerifier.verify(session, anchor));
    }

    /** Checks, besides, that the record still holds a head that was kept elsewhere. */
    public Verification verify(ChainHead kept) {
        Verification verification = verify();
        if (!verification.ok() || kept.equals(ChainHead.EMPTY)) {
            return verification;
        }
        return database.read(session -> EventChain.holds(session, kept)
                ? verification
                : Verification.broken(
                        verification.checked(), kept.sequence(), "missing or rewritten since its hash was kept"));
    }
}
