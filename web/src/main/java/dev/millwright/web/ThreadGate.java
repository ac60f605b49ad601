package dev.millwright.web;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Keeps the wait for a thread short. There may be any number of virtual threads, but only as many run as there are cores: when requests
 * cost more than these have, whoever is to begin waits for all those before. How long is reckoned from how many wait and how fast they
 * began of late; beyond the longest wait nobody is let in. Thread-safe.
 */
final class ThreadGate implements Executor {
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

    /** Runs it even so: it has been let in. */
    @Override
    public void execute(Runnable work) {
        waiting.incrementAndGet();
        try {
            threads.execute(() -> {
                begin();
                work.run();
            });
        } catch (RuntimeException refused) {
            waiting.decrementAndGet();
            throw refused;
        }
    }

    private void begin() {
        long now = nanoTime.getAsLong();
        if (othersWaited) {
            long recent = pace;
            pace = recent + (now - lastBeginning - recent) / RECENT;
        }
        lastBeginning = now;
        othersWaited = waiting.decrementAndGet() > 0;
    }
}
