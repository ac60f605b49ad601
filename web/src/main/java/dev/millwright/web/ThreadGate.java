package dev.millwright.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps the wait for a thread short. There may be any number of virtual threads, but only as many run as there are cores: when requests
 * cost more than these have, whoever is to begin waits for all those before. How long is reckoned from how many wait and how fast they
 * began of late; beyond the longest wait nobody is let in, and whoever has waited longer all the same does not begin any more: an answer
 * that comes too late costs as much as one in time. Thread-safe.
 */
final class ThreadGate {
    /** Beginnings over which the time from one to the next is smoothed. */
    private static final long RECENT = 16;

    private final Executor threads;
    private final long longestWait;
    private final LongSupplier nanoTime;
    private final AtomicInteger waiting = new AtomicInteger();

    /** From one beginning to the next, while somebody waited. An update that is lost does no harm. */
    private volatile long pace;

    private volatile long lastBeginning;
    private volatile boolean othersWaited;

    /** Both times in nanoseconds. */
    ThreadGate(Executor threads, long longestWait, LongSupplier nanoTime) {
        this.threads = threads;
        this.longestWait = longestWait;
        this.nanoTime = nanoTime;
    }

    /** Whether one more would begin soon enough. */
    boolean admits() {
        return waiting.get() * pace <= longestWait;
    }

    /** Runs {@code work}, or {@code tooLate} when a thread came too late for it. */
    void execute(Runnable work, Runnable tooLate) {
        waiting.incrementAndGet();
        long since = nanoTime.getAsLong();
        try {
            threads.execute(() -> (begins(since) ? work : tooLate).run());
        } catch (RuntimeException | Error refused) {
            waiting.decrementAndGet();
            throw refused;
        }
    }

    /** What comes of {@code work}, or of {@code tooLate}. */
    <T> CompletableFuture<T> supply(Supplier<T> work, Supplier<T> tooLate) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        execute(() -> answer.completeAsync(work, Runnable::run), () -> answer.completeAsync(tooLate, Runnable::run));
        return answer;
    }

    private boolean begins(long since) {
        long now = nanoTime.getAsLong();
        if (now - since > longestWait) {
            waiting.decrementAndGet();
            return false;
        }
        long recent = pace;
        // No longer than this one waited: before, there may have been nothing to do.
        long took = othersWaited ? Math.min(now - lastBeginning, now - since) : 0;
        pace = recent + (took - recent) / RECENT;
        lastBeginning = now;
        othersWaited = waiting.decrementAndGet() > 0;
        return true;
    }
}
