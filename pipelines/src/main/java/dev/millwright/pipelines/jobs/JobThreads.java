package dev.millwright.pipelines.jobs;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of a desk, which end together. Thread-safe. */
final class JobThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobThreads.class);

    private final ThreadFactory factory;
    private final Duration pause;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    /** {@code pause} is made after something failed that nobody knew to expect. */
    JobThreads(ThreadFactory factory, Duration pause) {
        this.factory = factory;
        this.pause = pause;
    }

    /** Does some work, or waits for some. Interrupted when the desk is closed. */
    @FunctionalInterface
    interface Turn {
        void take() throws InterruptedException;
    }

    /** A thread that takes one turn after the other until the desk is closed. */
    void repeat(Turn turn) {
        start(() -> {
            while (!closing) {
                try {
                    take(turn);
                } catch (InterruptedException stopping) {
                    // Closing; else it was meant for nobody.
                }
            }
        });
    }

    /** A thread for one turn. */
    void once(Turn turn) {
        start(() -> {
            try {
                take(turn);
            } catch (InterruptedException stopping) {
                // The turn is over either way.
            }
        });
    }

    /** A thread that died would be missed until the next start, so it survives errors, too. */
    private void take(Turn turn) throws InterruptedException {
        try {
            turn.take();
        } catch (RuntimeException | Error failed) {
            LOG.error("a job could not be gone on with", failed);
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        }
    }

    private void start(Runnable work) {
        Thread thread = factory.newThread(() -> {
            try {
                work.run();
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        try {
            thread.start();
        } catch (RuntimeException | Error none) {
            threads.remove(thread);
            throw none;
        }
    }

    /** Waits for what is under way, unless it heeds interruptions. */
    @Override
    public void close() {
        closing = true;
        try {
            // One thread may start another until it has ended itself.
            while (!threads.isEmpty()) {
                threads.forEach(Thread::interrupt);
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
