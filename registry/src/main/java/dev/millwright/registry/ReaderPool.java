package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Database.Query;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Read-only connections, opened when needed and kept; when all {@value #SIZE} are busy, callers wait. Thread-safe. */
final class ReaderPool implements AutoCloseable {
    private static final int SIZE = 8;

    private final Session.Opener opener;
    private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();
    private final Semaphore permits = new Semaphore(SIZE);
    private volatile boolean closed;

    ReaderPool(Session.Opener opener) {
        this.opener = opener;
    }

    <T> T read(Query<T> query) {
        permits.acquireUninterruptibly();
        try {
            if (closed) {
                throw new MillwrightException(RegistryError.NOT_WRITABLE, "registry: closed (expected: open)");
            }
            return onSomeSession(query);
        } catch (SQLException failed) {
            throw SqlErrors.translate(failed);
        } finally {
            permits.release();
        }
    }

    /** A connection that was kept may have been lost since: the question is asked once more, on a new one. */
    private <T> T onSomeSession(Query<T> query) throws SQLException {
        Session kept = idle.pollFirst();
        if (kept == null) {
            return inSnapshot(opener.open(), query);
        }
        try {
            return inSnapshot(kept, query);
        } catch (SQLException failed) {
            if (!SqlErrors.isConnectionLost(failed)) {
                throw failed;
            }
            for (@Nullable Session old = idle.pollFirst(); old != null; old = idle.pollFirst()) {
                old.closeAfter(failed); // as old as the one that was lost
            }
            return inSnapshot(opener.open(), query);
        }
    }

    private <T> T inSnapshot(Session session, Query<T> query) throws SQLException {
        try {
            session.dialect().beginSnapshot(session);
            T answer = query.run(session);
            session.dialect().commit(session);
            idle.addFirst(session);
            return answer;
        } catch (SQLException failed) {
            session.closeAfter(failed); // a fresh one costs less than finding out what state this one is in
            throw failed;
        } catch (RuntimeException refused) {
            rollBack(session, refused);
            throw refused;
        }
    }

    private void rollBack(Session session, RuntimeException refused) {
        try {
            session.dialect().rollBack(session);
            idle.addFirst(session);
        } catch (SQLException lost) {
            refused.addSuppressed(lost);
            session.closeAfter(lost);
        }
    }

    /** Waits for the reads under way. */
    @Override
    public void close() throws SQLException {
        closed = true;
        permits.acquireUninterruptibly(SIZE);
        try {
            for (@Nullable Session old = idle.pollFirst(); old != null; old = idle.pollFirst()) {
                old.close();
            }
        } finally {
            permits.release(SIZE);
        }
    }
}
