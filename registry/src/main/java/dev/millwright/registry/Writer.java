package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.GroupCommit.GroupLost;
import dev.millwright.registry.Transaction.Durability;
import dev.millwright.registry.Transaction.Work;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The only thread that writes. Whatever was submitted while the last commit ran is committed together, with one sync for all
 * of it. Callers block until the commit that holds their change; when {@value #QUEUE} changes wait, they block before that.
 * Thread-safe.
 *
 * <p>A full disk undoes the change and the writer goes on. After an input/output error, of which nobody can say what
 * reached the disk, the writer refuses all further changes until the home is opened again.
 */
final class Writer implements AutoCloseable {
    private static final int QUEUE = 1024;
    private static final int MAX_GROUP = 256;

    private final GroupCommit commits;
    private final HeadAnchor anchor;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
    private final ReadWriteLock closing = new ReentrantReadWriteLock();
    private final Thread thread;
    private boolean closed;
    private volatile @Nullable MillwrightException failure;

    private sealed interface Entry {}

    private record Stop() implements Entry {}

    private record Submitted(Change<?> change) implements Entry {}

    Writer(GroupCommit commits, HeadAnchor anchor) {
        this.commits = commits;
        this.anchor = anchor;
        this.thread =
                Thread.ofPlatform().name("millwright-state-writer").daemon().start(this::loop);
    }

    /** Runs {@code work} in a transaction and returns once it is committed; throws if it, or the commit, failed. */
    <T> T submit(Durability durability, Work<T> work) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a change was submitted from within a change");
        }
        Change<T> change = new Change<>(durability, work);
        enqueue(change);
        try {
            return change.join();
        } catch (CompletionException failed) {
            throw SqlErrors.translateAny(Objects.requireNonNullElse(failed.getCause(), failed));
        }
    }

    private void enqueue(Change<?> change) {
        closing.readLock().lock();
        try {
            if (closed) {
                throw new MillwrightException(RegistryError.NOT_WRITABLE, "registry: closed (expected: open)");
            }
            put(new Submitted(change));
        } finally {
            closing.readLock().unlock();
        }
    }

    /** Waits for room even when interrupted: a change is either queued or refused, never in doubt. */
    private void put(Entry entry) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    queue.put(entry);
                    return;
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void loop() {
        List<Entry> taken = new ArrayList<>();
        while (true) {
            try {
                taken.add(queue.take());
            } catch (InterruptedException ignored) {
                continue; // nobody but close() stops this thread, and it sends Stop
            }
            queue.drainTo(taken, MAX_GROUP - 1);
            List<Change<?>> group = new ArrayList<>();
            boolean stop = false;
            for (Entry entry : taken) {
                switch (entry) {
                    case Submitted(Change<?> change) -> group.add(change);
                    case Stop() -> stop = true;
                }
            }
            taken.clear();
            if (!group.isEmpty()) {
                process(group);
            }
            if (stop) {
                return;
            }
        }
    }

    private void process(List<Change<?>> group) {
        try {
            commit(group);
        } catch (GroupLost lost) {
            if (group.size() > 1 && !SqlErrors.isConnectionLost(lost.why())) {
                group.forEach(change -> process(List.of(change)));
                return;
            }
            group.forEach(change -> change.fail(lost.why()));
            failClosedAfter(lost.why());
        } catch (RuntimeException refused) { // another server took the database, for one
            group.forEach(change -> change.fail(refused));
        }
        group.forEach(Change::acknowledge);
    }

    private void commit(List<Change<?>> group) throws GroupLost {
        if (failure != null) {
            group.forEach(change -> change.fail(refusal()));
            return;
        }
        commits.commit(group);
        advanceAnchor(group);
    }

    private void advanceAnchor(List<Change<?>> group) {
        Optional<ChainHead> head = group.stream()
                .flatMap(change -> change.head().stream())
                .reduce((first, second) -> second.sequence() > first.sequence() ? second : first);
        try {
            head.ifPresent(anchor::advance);
        } catch (MillwrightException unwritten) {
            failure = unwritten; // this group is committed and will be acknowledged; the next would go unanchored
        }
    }

    private void failClosedAfter(Throwable problem) {
        if (SqlErrors.isInputOutput(problem)) {
            failure = SqlErrors.translate(problem);
        }
    }

    private MillwrightException refusal() {
        return new MillwrightException(
                RegistryError.STORAGE_FAILED,
                "registry: refuses changes after a failure of the disk (expected: a healthy disk). Mend it, then start"
                        + " again.",
                failure);
    }

    /** Commits what was submitted, then ends the thread and closes the connection. */
    @Override
    public void close() throws SQLException {
        closing.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            put(new Stop());
        } finally {
            closing.writeLock().unlock();
        }
        joinThread();
        commits.close();
    }

    private void joinThread() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
