package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** How long what calls need stays open: until it is closed and the last call in flight is over. Thread-safe. */
public final class Lifetime {
    private final String owner;
    /** Read: a call in flight. Write: closing. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean closed;

    /**
     * One that has begun.
     *
     * @param owner what is closed, for messages
     */
    public Lifetime(String owner) {
        this.owner = owner;
    }

    /**
     * Begins a call, which {@link #leave} ends.
     *
     * @throws MillwrightException {@link ServingError#RUNTIME_CLOSED} when it is too late; then there is nothing to end
     */
    public void enter() {
        lock.readLock().lock();
        if (closed) {
            lock.readLock().unlock();
            throw new MillwrightException(
                    ServingError.RUNTIME_CLOSED, owner + ": closed (expected: a version that serves). Send it again.");
        }
    }

    /** Ends a call that {@link #enter} began. */
    public void leave() {
        lock.readLock().unlock();
    }

    /** Waits for the calls in flight and frees what they needed; the first time only. */
    public void close(Runnable free) {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                free.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
