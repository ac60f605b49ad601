package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
final class Batcher<I, O> implements Turns<I, O> {
    private final BatchWork<I, O> work;
    private final RouterOptions options;
    private final ExecutionCounts counts;
    private final Queue<Ticket<I, O>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queuedRows = new AtomicInteger();
    private final AtomicInteger busyLanes = new AtomicInteger();
    private final QueueBounds bounds;

    Batcher(BatchWork<I, O> work, RouterOptions options, ExecutionCounts counts) {
        this.work = work;
        this.options = options;
        this.counts = counts;
        this.bounds = new QueueBounds(options.lanes(), options, counts);
    }

    /** A caller and its rows. */
    private static final class Ticket<I, O> {
        private static final int WAITING = 0;
        private static final int TAKEN = 1;
        private static final int LEFT = 2;

        final I request;
        final int rows;
        final Thread owner = Thread.currentThread();
        final long since = System.nanoTime();
        private final AtomicInteger state = new AtomicInteger();

        @Nullable
        O answer;

        @Nullable
        Throwable failure;

        volatile boolean done;

        Ticket(I request, int rows) {
            this.request = request;
            this.rows = rows;
        }

        /** False when its owner has given up. */
        boolean take() {
            return state.compareAndSet(WAITING, TAKEN);
        }

        /** False when it is being worked on. */
        boolean leave() {
            return state.compareAndSet(WAITING, LEFT);
        }

        void finish() {
            done = true;
            LockSupport.unpark(owner);
        }
    }

    @Override
    public int depth() {
        return queuedRows.get();
    }

    /** Once the model runs, the deadline no longer counts. */
    @Override
    public O predict(I request, Deadline deadline, Patience patience) {
        if (deadline.left() <= 0) {
            throw new MillwrightException(
                    ServingError.DEADLINE_PASSED,
                    "deadline: passed before the model was asked (expected: an answer in time). Wait longer.");
        }
        int rows = work.rows(request);
        if (queuedRows.get() == 0 && tryEnter()) {
            try {
                long start = System.nanoTime();
                O answer = work.run(request);
                counts.executed(rows, 1, System.nanoTime() - start);
                return answer;
            } finally {
                leave();
            }
        }
        if (patience == Patience.NEVER) {
            throw new WouldWaitException();
        }
        return awaitTurn(enqueue(request, rows), deadline);
    }

    private Ticket<I, O> enqueue(I request, int rows) {
        int before = queuedRows.getAndAdd(rows);
        if (bounds.refuse(before, rows)) {
            queuedRows.addAndGet(-rows);
            throw bounds.full(before);
        }
        Ticket<I, O> ticket = new Ticket<>(request, rows);
        queue.add(ticket);
        return ticket;
    }

    @Override
    public boolean isFull() {
        return bounds.refuse(queuedRows.get(), 1);
    }

    private O awaitTurn(Ticket<I, O> ticket, Deadline deadline) {
        boolean interrupted = false;
        while (!ticket.done) {
            if (tryEnter()) {
                try {
                    runBatch();
                } finally {
                    leave();
                }
                continue;
            }
            long left = deadline.left();
            if (left <= 0 && ticket.leave()) {
                if (queue.remove(ticket)) {
                    queuedRows.addAndGet(-ticket.rows);
                }
                // Whoever left a lane meanwhile may have woken this thread, and nobody else.
                wakeHead();
                throw new MillwrightException(
                        ServingError.DEADLINE_PASSED,
                        "deadline: passed after " + (System.nanoTime() - ticket.since) / 1_000_000
                                + " ms in the queue (expected: an answer in time). Wait longer, or send less.");
            }
            // Whoever leaves a lane wakes the head of the queue after leaving, so this can't sleep past its turn.
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else {
                LockSupport.park(this);
            }
            // Left set, the flag would turn every park into a spin. Batches are short: finish, then restore it.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return switch (ticket.failure) {
            case null -> Objects.requireNonNull(ticket.answer);
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
        Ticket<I, O> head = queue.peek();
        if (head != null) {
            LockSupport.unpark(head.owner);
        }
    }

    private void runBatch() {
        List<Ticket<I, O>> tickets = new ArrayList<>();
        int rows = 0;
        while (rows < options.largestBatch()) {
            Ticket<I, O> next = queue.poll();
            if (next == null) {
                break;
            }
            queuedRows.addAndGet(-next.rows);
            if (next.take()) {
                tickets.add(next);
                rows += next.rows;
            }
        }
        if (tickets.isEmpty()) {
            return;
        }
        if (busyLanes.get() < options.lanes()) {
            wakeHead();
        }
        int from = 0;
        for (int to = 1; to <= tickets.size(); to++) {
            if (to == tickets.size() || !work.joins(tickets.get(from).request, tickets.get(to).request)) {
                run(tickets.subList(from, to));
                from = to;
            }
        }
    }

    private void run(List<Ticket<I, O>> tickets) {
        long start = System.nanoTime();
        tickets.forEach(ticket -> counts.waited(start - ticket.since));
        try {
            I joined = tickets.size() == 1
                    ? tickets.getFirst().request
                    : work.join(tickets.stream().map(ticket -> ticket.request).toList());
            long joinedAt = System.nanoTime();
            O answers = work.run(joined);
            long answered = System.nanoTime();
            int at = 0;
            for (Ticket<I, O> ticket : tickets) {
                ticket.answer = tickets.size() == 1 ? answers : work.part(answers, at, at + ticket.rows);
                at += ticket.rows;
            }
            counts.executed(at, tickets.size(), answered - joinedAt);
            counts.prepared(joinedAt - start, System.nanoTime() - answered);
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
