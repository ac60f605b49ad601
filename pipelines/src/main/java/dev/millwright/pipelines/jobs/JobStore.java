package dev.millwright.pipelines.jobs;

import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineError;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table of jobs for many threads: one uses it at a time, others wait for news. */
final class JobStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobStore.class);

    private final JobTable table;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Condition ending = lock.newCondition();
    private boolean closing;

    private JobStore(JobTable table, InstantSource clock) {
        this.table = table;
        this.clock = clock;
    }

    /** Throws {@link PipelineError#HOME_FAILED}. */
    static JobStore open(Path file, InstantSource clock) {
        try {
            return new JobStore(new JobTable(file), clock);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static MillwrightException failed(SQLException e) {
        return new MillwrightException(
                PipelineError.HOME_FAILED,
                "jobs.db: " + e.getMessage() + " (expected: a writable file with room). See that the disk isn't full.",
                e);
    }

    /** Something done with the table. */
    @FunctionalInterface
    interface Work<T> {
        T with(JobTable table) throws SQLException;
    }

    /** Something changed in the table. */
    @FunctionalInterface
    interface Change {
        void to(JobTable table) throws SQLException;
    }

    <T> T read(Work<T> work) {
        lock.lock();
        try {
            return work.with(table);
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }

    /** The same, which is news for those who wait. */
    <T> T write(Work<T> work) {
        return read(open -> {
            T result = work.with(open);
            news.signalAll();
            return result;
        });
    }

    /** The same for work that brings nothing back. */
    void change(Change change) {
        lock.lock();
        try {
            change.to(table);
            news.signalAll();
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@link #change} until it succeeds, with pauses that grow: for what came of work that is not to be done again because a disk was full
     * for a while. From the last of the usual attempts on, {@code otherwise} will do, too. Ends without when nobody waits any more.
     */
    void persist(JobOptions options, Change change, Function<MillwrightException, Change> otherwise) {
        int attempts = 0;
        do {
            attempts++;
            try {
                change(change);
                return;
            } catch (MillwrightException unwritable) {
                LOG.warn("what came of a job could not be stored, and is tried again: {}", unwritable.getMessage());
                if (attempts >= options.attempts() && isStored(otherwise.apply(unwritable))) {
                    return;
                }
            }
        } while (!endsWithin(options.pauseAfter(attempts)));
    }

    private boolean isStored(Change change) {
        try {
            change(change);
            return true;
        } catch (MillwrightException unwritable) {
            // Said above already.
            return false;
        }
    }

    /** Waits so long, or until nobody waits any more: then it is true. */
    private boolean endsWithin(Duration pause) {
        lock.lock();
        try {
            long end = System.nanoTime() + pause.toNanos();
            while (!closing && end - System.nanoTime() > 0) {
                try {
                    // Whichever it was that ended it, the condition above looks for itself.
                    var _ = ending.awaitNanos(end - System.nanoTime());
                } catch (InterruptedException stray) {
                    // Who closes says so; whoever else it was, the work's result is not to be lost for it.
                }
            }
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does some work until it finds something, waiting in between for news, or until a time; empty when nobody waits any more.
     *
     * @param until in milliseconds since 1970; as long as it takes when empty
     */
    <T> Optional<T> await(Work<Optional<T>> work, Work<Optional<Long>> until) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Optional<T> found = work.with(table);
            while (found.isEmpty() && !closing) {
                long millis = until.with(table)
                        .map(time -> Math.max(1, time - clock.millis()))
                        .orElse(Long.MAX_VALUE);
                // Whether news came or time passed, the next round looks for itself.
                var _ = news.await(millis, TimeUnit.MILLISECONDS);
                found = work.with(table);
            }
            return found;
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }

    /** From now on nobody waits. */
    void end() {
        lock.lock();
        try {
            closing = true;
            news.signalAll();
            ending.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        change(JobTable::close);
    }
}
