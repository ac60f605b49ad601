package dev.millwright.serving.graph;

import dev.millwright.core.MillwrightException;
import dev.millwright.serving.Member;
import dev.millwright.serving.ServingError;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** The models of a graph, given back after the last call in flight. Thread-safe. */
final class OpenMembers implements AutoCloseable {
    private final List<Member> members;
    /** Read: a call in flight. Write: closing. */
    private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();

    private boolean closed;

    OpenMembers(List<Member> members) {
        this.members = List.copyOf(members);
    }

    <T> T whileOpen(Supplier<T> call) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new MillwrightException(
                        ServingError.RUNTIME_CLOSED, "graph: closed (expected: a version that serves). Send it again.");
            }
            return call.get();
        } finally {
            lifetime.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                members.forEach(Member::close);
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return members.toString();
    }
}
