package dev.millwright.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * A round of an event loop, in which it reads what has arrived meanwhile. The loop must not wait, having others to serve: what it would
 * have to wait for, a model that is not in memory, is refused with {@link WouldWaitException}. All else is answered when the round is
 * over, each model being asked once for all requests of the round: a run of sixteen rows takes little longer than a run of one.
 *
 * <p>Used again for the next round. Confined to the loop's thread.
 */
public final class Round implements Patience {
    private final Executor loop;
    private List<Runnable> ends = new ArrayList<>();
    private List<Runnable> spare = new ArrayList<>();

    /** What {@code loop} is given runs on its thread, after what it is at. */
    public Round(Executor loop) {
        this.loop = loop;
    }

    Executor loop() {
        return loop;
    }

    /** Has this done when the last request of the round has been read. */
    void atEnd(Runnable end) {
        ends.add(end);
    }

    /** Asks the models. Whoever reads requests with this round ends it. */
    public void end() {
        List<Runnable> ending = ends;
        ends = spare;
        ending.forEach(Runnable::run);
        ending.clear();
        spare = ending;
    }
}
