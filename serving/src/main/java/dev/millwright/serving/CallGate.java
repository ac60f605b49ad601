package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;

/**
 * Lets so many calls at a time go to a model that is asked elsewhere, each by itself and on its caller's thread: the server that answers
 * joins them better, and each keeps its own deadline. First come, first served.
 */
final class CallGate<I, O> implements Turns<I, O> {
    private final ToIntFunction<I> rows;
    private final BiFunction<I, Deadline, O> model;
    private final QueueBounds bounds;
    private final ExecutionCounts counts;
    private final Semaphore free;
    private final AtomicInteger waiting = new AtomicInteger();

    CallGate(
            int calls,
            ToIntFunction<I> rows,
            BiFunction<I, Deadline, O> model,
            RouterOptions options,
            ExecutionCounts counts) {
        this.rows = rows;
        this.model = model;
        this.bounds = new QueueBounds(calls, options, counts);
        this.counts = counts;
        this.free = new Semaphore(calls, true);
    }

    @Override
    public int depth() {
        return waiting.get();
    }

    @Override
    public boolean isFull() {
        return bounds.refuse(waiting.get(), 1);
    }

    @Override
    public CompletableFuture<O> predict(I request, Deadline deadline, Round round) {
        throw new WouldWaitException();
    }

    @Override
    public O predict(I request, Deadline deadline) {
        enter(rows.applyAsInt(request), deadline);
        try {
            long start = System.nanoTime();
            O answer = model.apply(request, deadline);
            counts.executed(rows.applyAsInt(request), 1, System.nanoTime() - start);
            return answer;
        } finally {
            free.release();
        }
    }

    private void enter(int count, Deadline deadline) {
        int before = waiting.getAndAdd(count);
        long since = System.nanoTime();
        try {
            if (bounds.refuse(before, count)) {
                throw bounds.full(before);
            }
            if (!free.tryAcquire(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS)) {
                throw new MillwrightException(
                        ServingError.DEADLINE_PASSED,
                        "deadline: passed after " + (System.nanoTime() - since) / 1_000_000
                                + " ms in the queue (expected: an answer in time). Wait longer, or send less.");
            }
            counts.waited(System.nanoTime() - since);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new MillwrightException(
                    ServingError.RUNTIME_CLOSED, "queue: interrupted while a call waited. Send it again.", stopping);
        } finally {
            waiting.addAndGet(-count);
        }
    }
}
