package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Greedy micro-batching before one model: a batch is whatever arrived while the last one ran, so an idle server adds no
 * delay. There is no thread of its own: a caller that finds a lane free runs its own rows, and whoever waits at the head
 * of the queue is woken to run the next batch (flat combining: Hendler, Incze, Shavit and Tzafrir, SPAA 2010).
 */
final class Batcher {
    private final ModelRuntime runtime;
    private final RouterOptions options;
    private final Queue<Ticket> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queuedRows = new AtomicInteger();
    private final AtomicInteger busyLanes = new AtomicInteger();

    Batcher(ModelRuntime runtime, RouterOptions options) {
        this.runtime = runtime;
        this.options = options;
    }

    /** A caller and its rows. */
    private static final class Ticket {
        final Frame rows;
        final Thread owner = Thread.currentThread();

        @Nullable
        Predictions predictions;

        @Nullable
        Throwable failure;

        volatile boolean done;

        Ticket(Frame rows) {
            this.rows = rows;
        }

        void finish() {
            done = true;
            LockSupport.unpark(owner);
        }
    }

    /** Rows that wait. */
    int depth() {
        return queuedRows.get();
    }

    /**
     * Waits for its turn, then predicts.
     *
     * @param rows columns in the signature's order
     * @throws MillwrightException {@link ServingError#OVERLOADED} when too many rows wait already
     */
    Predictions predict(Frame rows) {
        if (queuedRows.get() == 0 && tryEnter()) {
            try {
                return runtime.predict(rows);
            } finally {
                leave();
            }
        }
        return awaitTurn(enqueue(rows));
    }

    private Ticket enqueue(Frame rows) {
        int before = queuedRows.getAndAdd(rows.rows());
        if (before > 0 && before + rows.rows() > options.queuedRows()) {
            queuedRows.addAndGet(-rows.rows());
            throw new MillwrightException(
                    ServingError.OVERLOADED,
                    "queue: " + before + " rows wait (expected: at most " + options.queuedRows()
                            + "). Send the request again later, or less at a time.");
        }
        Ticket ticket = new Ticket(rows);
        queue.add(ticket);
        return ticket;
    }

    private Predictions awaitTurn(Ticket ticket) {
        boolean interrupted = false;
        while (!ticket.done) {
            if (tryEnter()) {
                try {
                    runBatch();
                } finally {
                    leave();
                }
            } else {
                // Whoever leaves a lane wakes the head of the queue after leaving, so this can't sleep past its turn.
                LockSupport.park(this);
                // Left set, the flag would turn every park into a spin. Batches are short: finish, then restore it.
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return switch (ticket.failure) {
            case null -> java.util.Objects.requireNonNull(ticket.predictions);
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case Throwable failure -> throw new IllegalStateException(failure);
        };
    }

    private boolean tryEnter() {
        int busy = busyLanes.get();
        while (busy < options.lanes()) {
            if (busyLanes.compareAndSet(busy, busy + 1)) {
                return true;
            }
            busy = busyLanes.get();
        }
        return false;
    }

    private void leave() {
        busyLanes.decrementAndGet();
        wakeHead();
    }

    private void wakeHead() {
        Ticket head = queue.peek();
        if (head != null) {
            LockSupport.unpark(head.owner);
        }
    }

    private void runBatch() {
        List<Ticket> tickets = new ArrayList<>();
        int rows = 0;
        while (rows < options.largestBatch()) {
            Ticket next = queue.poll();
            if (next == null) {
                break;
            }
            tickets.add(next);
            rows += next.rows.rows();
        }
        queuedRows.addAndGet(-rows);
        if (tickets.isEmpty()) {
            return;
        }
        if (busyLanes.get() < options.lanes()) {
            wakeHead();
        }
        run(tickets);
    }

    private void run(List<Ticket> tickets) {
        try {
            Predictions predictions = runtime.predict(InputFrames.concat(
                    tickets.stream().map(ticket -> ticket.rows).toList()));
            int at = 0;
            for (Ticket ticket : tickets) {
                ticket.predictions = InputFrames.slice(predictions, at, at + ticket.rows.rows());
                at += ticket.rows.rows();
            }
            tickets.forEach(Ticket::finish);
        } catch (RuntimeException | Error e) {
            if (tickets.size() == 1) {
                tickets.getFirst().failure = e;
                tickets.getFirst().finish();
            } else {
                // One request's rows must not fail its neighbours: each alone.
                tickets.forEach(ticket -> run(List.of(ticket)));
            }
        }
    }
}
