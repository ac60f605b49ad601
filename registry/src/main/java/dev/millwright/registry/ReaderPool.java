package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Database.Query;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/** Read-only connections, opened when needed and kept; when all {@value #SIZE} are busy, callers wait. Thread-safe. */
final class ReaderPool implements AutoCloseable {
    private static final int SIZE = 8;

    private final Opener opener;
    private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();
    private final Semaphore permits = new Semaphore(SIZE);
    private volatile boolean closed;

    /** Opens one connection. */
    @FunctionalInterface
    interface Opener {
        Session open() throws SQLException;
    }

    ReaderPool(Opener opener) {
        this.opener = opener;
    }

    <T> T read(Query<T> query) {
        permits.acquireUninterruptibly();
        try {
            if (closed) {
                throw new MillwrightException(RegistryError.NOT_WRITABLE, "registry: closed (expected: open)");
            }
            Session kept = idle.pollFirst();
            Session session = kept != null ? kept : opener.open();
            T answer = inSnapshot(session, query);
            return answer;
        } catch (SQLException failed) {
            throw SqlErrors.translate(failed);
        } finally {
            permits.release();
        }
    }

    private <T> T inSnapshot(Session session, Query<T> query) throws SQLException {
        try {
            session.execute("BEGIN");
            T answer = query.run(session);
            session.execute("COMMIT");
            idle.addFirst(session);
            return answer;
        } catch (SQLException failed) {
            session.close(); // a fresh one costs less than finding out what state this one is in
            throw failed;
        } catch (RuntimeException refused) {
            session.execute("ROLLBACK");
            idle.addFirst(session);
            throw refused;
        }
    }

    /** Waits for the reads under way. */
    @Override
    public void close() throws SQLException {
        closed = true;
        permits.acquireUninterruptibly(SIZE);
        try {
            for (Session session : idle) {
                session.close();
            }
            idle.clear();
        } finally {
            permits.release(SIZE);
        }
    }
}
