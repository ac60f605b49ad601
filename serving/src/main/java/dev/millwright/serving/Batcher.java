package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Greedy micro-batching before one model: a batch is whatever arrived while the last one ran, so an idle server adds no
 * delay. There is no thread of its own: a caller that finds a lane free runs its own rows, and whoever waits at the head
 * of the queue is woken to run the next batch (flat combining: Hendler, Incze, Shavit and Tzafrir, SPAA 2010). What an event loop
 * reads in one round is a batch, too. Only batches that will take long are handed to {@link ModelThreads}.
 */
final class Batcher<I, O> implements Turns<I, O> {
    private final BatchWork<I, O> work;
    private final RouterOptions options;
    private final ExecutionCounts counts;
    private final ModelThreads threads;
    private final Queue<Ticket<I, O>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queuedRows = new AtomicInteger();
    private final AtomicInteger busyLanes = new AtomicInteger();
    private final QueueBounds bounds;
    /** What rounds of event loops that are not over have asked. */
    private final Map<Round, List<Ticket<I, O>>> rounds = new ConcurrentHashMap<>();

    Batcher(BatchWork<I, O> work, RouterOptions options, ExecutionCounts counts, ModelThreads threads) {
        this.work = work;
        this.options = options;
        this.counts = counts;
        this.threads = threads;
        this.bounds = new QueueBounds(options.lanes(), options, counts);
    }

    @Override
    public int depth() {
        return queuedRows.get();
    }

    /** Once the model runs, the deadline no longer counts. */
    @Override
    public O predict(I request, Deadline deadline) {
        requireTime(deadline);
        int rows = work.rows(request);
        boolean entered = queuedRows.get() == 0 && tryEnter();
        if (entered && !isLong(rows)) {
            try {
                long start = System.nanoTime();
                O answer = ask(request, rows, deadline, start);
                counts.executed(rows, 1, System.nanoTime() - start);
                return answer;
            } finally {
                leave();
            }
        }
        Ticket.OfThread<I, O> ticket = new Ticket.OfThread<>(request, rows, deadline);
        if (entered) {
            ticket.take();
            threads.run(() -> runAndLeave(List.of(ticket)));
        } else {
            enqueue(ticket);
        }
        return awaitTurn(ticket);
    }

    private static int rows(List<? extends Ticket<?, ?>> tickets) {
        int rows = 0;
        for (Ticket<?, ?> ticket : tickets) {
            rows += ticket.rows;
        }
        return rows;
    }

    /** Until when somebody waits for an answer. */
    private static Deadline latest(List<? extends Ticket<?, ?>> tickets) {
        Deadline latest = tickets.getFirst().deadline;
        for (Ticket<?, ?> ticket : tickets) {
            latest = latest.orLater(ticket.deadline);
        }
        return latest;
    }

    private void runAndLeave(List<Ticket<I, O>> tickets) {
        try {
            runInBatches(tickets);
        } finally {
            leave();
        }
    }

    /** What the model says, asked at {@code start}; how long it took to fail is known, too. */
    private O ask(I request, int rows, Deadline deadline, long start) {
        try {
            return work.run(request, deadline);
        } catch (RuntimeException | Error e) {
            counts.failed(rows, System.nanoTime() - start);
            throw e;
        }
    }

    /** Whether a run of so many rows will probably be long; nobody knows before the first. */
    private boolean isLong(int rows) {
        OptionalLong row = counts.rowNanos();
        return rows > 0
                && threads.takes(
                        row.isEmpty() || counts.stalledOfLate() ? ModelThreads.LONG_NANOS : row.getAsLong() * rows);
    }

    @Override
    public CompletableFuture<O> predict(I request, Deadline deadline, Round round) {
        requireTime(deadline);
        Ticket.OfLoop<I, O> ticket =
                new Ticket.OfLoop<>(request, work.rows(request), deadline, round.loop(), this::takeTurn);
        rounds.computeIfAbsent(round, this::gather).add(ticket);
        return ticket.promise;
    }

    private static void requireTime(Deadline deadline) {
        if (deadline.left() <= 0) {
            throw new MillwrightException(
                    ServingError.DEADLINE_PASSED,
                    "deadline: passed before the model was asked (expected: an answer in time). Wait longer.");
        }
    }

    private List<Ticket<I, O>> gather(Round round) {
        round.atEnd(() -> askTogether(Objects.requireNonNull(rounds.remove(round))));
        return new ArrayList<>();
    }

    private void askTogether(List<Ticket<I, O>> tickets) {
        if (queuedRows.get() == 0 && tryEnter()) {
            if (isLong(rows(tickets))) {
                threads.run(() -> runAndLeave(tickets));
            } else {
                runAndLeave(tickets);
            }
            return;
        }
        for (Ticket<I, O> ticket : tickets) {
            try {
                enqueue(ticket);
            } catch (MillwrightException refused) {
                ticket.fail(refused);
            }
        }
        // Whoever left a lane meanwhile may have found nobody to wake.
        takeTurn();
    }

    private void enqueue(Ticket<I, O> ticket) {
        int before = queuedRows.getAndAdd(ticket.rows);
        if (bounds.refuse(before, ticket.rows)) {
            queuedRows.addAndGet(-ticket.rows);
            throw bounds.full(before);
        }
        queue.add(ticket);
    }

    @Override
    public boolean isFull() {
        return bounds.refuse(queuedRows.get(), 1);
    }

    private O awaitTurn(Ticket.OfThread<I, O> ticket) {
        boolean interrupted = false;
        while (!ticket.isDone()) {
            if (takeTurn()) {
                continue;
            }
            long left = ticket.deadline.left();
            if (left <= 0 && ticket.leave()) {
                if (queue.remove(ticket)) {
                    queuedRows.addAndGet(-ticket.rows);
                }
                // Whoever left a lane meanwhile may have woken this thread, and nobody else.
                wakeHead();
                throw late(ticket);
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
        return ticket.answer();
    }

    private static MillwrightException late(Ticket<?, ?> ticket) {
        return new MillwrightException(
                ServingError.DEADLINE_PASSED,
                "deadline: passed after " + (System.nanoTime() - ticket.since) / 1_000_000
                        + " ms in the queue (expected: an answer in time). Wait longer, or send less.");
    }

    /**
     * Runs what waits, if a lane is free; what is long it hands over. False when it ran nothing: whoever waits is then woken, by an answer or
     * by a lane that becomes free.
     */
    private boolean takeTurn() {
        if (!tryEnter()) {
            return false;
        }
        if (isLong(queuedRows.get()) && isLong(nextRows())) {
            threads.run(this::runTurn);
            return false;
        }
        return runTurn();
    }

    private boolean runTurn() {
        try {
            return runQueued();
        } finally {
            leave();
        }
    }

    /** Of the next batch, if nobody else takes it. */
    private int nextRows() {
        int rows = 0;
        for (Ticket<I, O> ticket : queue) {
            rows += ticket.rows;
            if (rows >= options.largestBatch()) {
                break;
            }
        }
        return rows;
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
            head.wake();
        }
    }

    /** False when nobody waited any more. */
    private boolean runQueued() {
        List<Ticket<I, O>> tickets = new ArrayList<>();
        boolean polled = false;
        int rows = 0;
        while (rows < options.largestBatch()) {
            Ticket<I, O> next = queue.poll();
            if (next == null) {
                break;
            }
            polled = true;
            queuedRows.addAndGet(-next.rows);
            if (next.take()) {
                if (next.deadline.left() <= 0) {
                    next.fail(late(next));
                } else {
                    tickets.add(next);
                    rows += next.rows;
                }
            }
        }
        if (tickets.isEmpty()) {
            return polled;
        }
        if (busyLanes.get() < options.lanes()) {
            wakeHead();
        }
        runInBatches(tickets);
        return true;
    }

    /** In batches of such as can be joined, none of which takes more once it is large. */
    private void runInBatches(List<Ticket<I, O>> tickets) {
        int from = 0;
        int rows = 0;
        for (int to = 1; to <= tickets.size(); to++) {
            rows += tickets.get(to - 1).rows;
            if (to == tickets.size()
                    || rows >= options.largestBatch()
                    || !work.joins(tickets.get(from).request, tickets.get(to).request)) {
                run(tickets.subList(from, to));
                from = to;
                rows = 0;
            }
        }
    }

    /** Between being taken and being run, too, time passes: a thread is waited for, or another batch. */
    private void run(List<Ticket<I, O>> tickets) {
        long now = System.nanoTime();
        for (Ticket<I, O> ticket : tickets) {
            if (ticket.deadline.passed(now)) {
                runInTime(tickets, now);
                return;
            }
        }
        runNow(tickets, now);
    }

    private void runInTime(List<Ticket<I, O>> tickets, long now) {
        List<Ticket<I, O>> inTime = new ArrayList<>();
        for (Ticket<I, O> ticket : tickets) {
            if (ticket.deadline.passed(now)) {
                ticket.fail(late(ticket));
            } else {
                inTime.add(ticket);
            }
        }
        if (!inTime.isEmpty()) {
            runNow(inTime, now);
        }
    }

    private void runNow(List<Ticket<I, O>> tickets, long start) {
        List<O> answers;
        try {
            answers = answers(tickets, start);
        } catch (RuntimeException | Error e) {
            if (tickets.size() == 1) {
                tickets.getFirst().fail(e);
            } else {
                // One request's rows must not fail its neighbours: each alone.
                tickets.forEach(ticket -> run(List.of(ticket)));
            }
            return;
        }
        for (int i = 0; i < answers.size(); i++) {
            tickets.get(i).finish(answers.get(i));
        }
    }

    private List<O> answers(List<Ticket<I, O>> tickets, long start) {
        tickets.forEach(ticket -> counts.waited(start - ticket.since));
        I joined = tickets.size() == 1
                ? tickets.getFirst().request
                : work.join(tickets.stream().map(ticket -> ticket.request).toList());
        long joinedAt = System.nanoTime();
        O answer = ask(joined, rows(tickets), latest(tickets), joinedAt);
        long answered = System.nanoTime();
        List<O> parts = new ArrayList<>();
        int at = 0;
        for (Ticket<I, O> ticket : tickets) {
            parts.add(tickets.size() == 1 ? answer : work.part(answer, at, at + ticket.rows));
            at += ticket.rows;
        }
        counts.executed(at, tickets.size(), answered - joinedAt);
        counts.prepared(at, joinedAt - start, System.nanoTime() - answered);
        return parts;
    }
}
