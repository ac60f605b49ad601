package dev.millwright.registry;

import dev.millwright.core.Event;
import dev.millwright.core.MillwrightException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the record from its start, computes each hash again, and compares the end with the anchor. */
final class EventVerifier {
    private ChainHead last = ChainHead.EMPTY;
    private long checked;
    private Optional<Verification.Broken> broken = Optional.empty();

    private EventVerifier() {}

    /** The anchor was read before the record, so the record can only be longer. */
    static Verification verify(Session session, HeadAnchor.Reading anchor) throws SQLException {
        EventVerifier verifier = new EventVerifier();
        session.visit(
                "SELECT " + EventChain.COLUMNS + " FROM events ORDER BY sequence", row -> verifier.accept(row, anchor));
        verifier.checkEnd(anchor);
        return new Verification(verifier.checked, verifier.broken);
    }

    private boolean accept(ResultSet row, HeadAnchor.Reading anchor) throws SQLException {
        long sequence = row.getLong(1);
        checked++;
        if (sequence != last.sequence() + 1) {
            breakAt(last.sequence() + 1, "missing: the next entry that exists is " + sequence);
            return false;
        }
        Event event;
        try {
            event = EventChain.read(row);
        } catch (MillwrightException unreadable) {
            breakAt(sequence, "unreadable: its data is no JSON object of texts");
            return false;
        }
        if (!event.previousHash().equals(last.hash())) {
            breakAt(sequence, "does not follow the entry before it: previous hash differs");
            return false;
        }
        if (!hash(event).equals(event.hash())) {
            breakAt(sequence, "changed: its content does not give its hash");
            return false;
        }
        last = new ChainHead(sequence, event.hash());
        return agrees(anchor);
    }

    private boolean agrees(HeadAnchor.Reading anchor) {
        if (anchor instanceof HeadAnchor.Reading.At(ChainHead kept)
                && kept.sequence() == last.sequence()
                && !kept.equals(last)) {
            breakAt(last.sequence(), "rewritten: events.head holds another hash for it");
            return false;
        }
        return true;
    }

    private void checkEnd(HeadAnchor.Reading anchor) {
        if (broken.isPresent()) {
            return;
        }
        switch (anchor) {
            case HeadAnchor.Reading.Absent() -> {} // a record that was never anchored has nothing to disagree with
            case HeadAnchor.Reading.Unreadable(String why) -> breakAt(last.sequence() + 1, "end unknown: " + why);
            case HeadAnchor.Reading.At(ChainHead kept) -> {
                if (kept.sequence() > last.sequence()) {
                    breakAt(
                            last.sequence() + 1,
                            "missing: events.head says that the record reached " + kept.sequence());
                }
            }
        }
    }

    private static String hash(Event event) {
        return EventChain.hash(
                event.sequence(),
                event.time(),
                event.type(),
                event.subject(),
                new TreeMap<>(event.data()),
                event.previousHash());
    }

    private void breakAt(long sequence, String why) {
        broken = Optional.of(new Verification.Broken(sequence, why));
    }
}
