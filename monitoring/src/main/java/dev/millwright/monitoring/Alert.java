package dev.millwright.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One kind of alert on one endpoint, with its patience: it opens after so many breaches in a row, closes after so many
 * judgements without, and stays closed for a while. One breach, however long, is one alert. Not thread-safe.
 */
final class Alert {
    private final int openAfter;
    private final int closeAfter;
    private final Duration coolDown;
    private boolean open;
    private int inARow;
    private Optional<Instant> closedAt = Optional.empty();

    Alert(int openAfter, int closeAfter, Duration coolDown) {
        this.openAfter = openAfter;
        this.closeAfter = closeAfter;
        this.coolDown = coolDown;
    }

    /** What one judgement found. */
    enum Finding {
        BREACH,
        /** Neither clearly wrong nor clearly right: changes nothing. */
        UNSURE,
        FINE
    }

    /** The change that the judgement brings about, if any. */
    Optional<MonitorEvent.State> judge(Finding finding, Instant now) {
        Finding expected = open ? Finding.FINE : Finding.BREACH;
        inARow = finding == expected ? inARow + 1 : 0;
        if (open && inARow >= closeAfter) {
            open = false;
            inARow = 0;
            closedAt = Optional.of(now);
            return Optional.of(MonitorEvent.State.CLOSED);
        }
        boolean rested = closedAt.isEmpty() || !now.isBefore(closedAt.get().plus(coolDown));
        if (!open && inARow >= openAfter && rested) {
            open = true;
            inARow = 0;
            return Optional.of(MonitorEvent.State.OPENED);
        }
        return Optional.empty();
    }

    boolean isOpen() {
        return open;
    }
}
