package dev.millwright.registry;

import dev.millwright.core.Actor;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Transaction.Durability;
import dev.millwright.registry.Transaction.Work;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The only thread that writes. Whatever was submitted while the last commit ran is committed together: each change in a
 * savepoint of its own, so that a failing one does not hurt its neighbours, and one sync for all of them. Callers block
 * until the commit that holds their change; when {@value #QUEUE} changes wait, they block before that. Thread-safe.
 *
 * <p>A full disk undoes the change and the writer goes on. After an input/output error, of which nobody can say what
 * reached the disk, the writer refuses all further changes until the home is opened again.
 */
final class Writer implements AutoCloseable {
    private static final int QUEUE = 1024;
    private static final int MAX_GROUP = 256;

    private final Session session;
    private final InstantSource clock;
    private final HeadAnchor anchor;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
    private final ReadWriteLock closing = new ReentrantReadWriteLock();
    private final Thread thread;
    private boolean closed;
    private @Nullable Durability synced;
    private volatile @Nullable MillwrightException failure;

    private sealed interface Entry {}

    private record Stop() implements Entry {}

    private static final class Change<T> implements Entry {
        final Durability durability;
        final Work<T> work;
        final Optional<String> actor;
        final CompletableFuture<T> acknowledged = new CompletableFuture<>();

        @Nullable
        Runnable outcome;

        Optional<ChainHead> head = Optional.empty();

        Change(Durability durability, Work<T> work) {
            this.durability = durability;
            this.work = work;
            this.actor = Actor.current();
        }

        void run(Transaction transaction) throws SQLException {
            T result = work.run(transaction);
            head = transaction.appended();
            outcome = () -> acknowledged.complete(result);
        }

        void fail(Throwable problem) {
            head = Optional.empty();
            outcome = () -> acknowledged.completeExceptionally(problem);
        }
    }

    /** The whole transaction is gone, not only the savepoint: nothing of the group was kept. */
    private static final class GroupLost extends Exception {
        private static final long serialVersionUID = 1;

        GroupLost(Throwable cause) {
            super(cause);
        }
    }

    Writer(Session session, InstantSource clock, HeadAnchor anchor) {
        this.session = session;
        this.clock = clock;
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
            return change.acknowledged.join();
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
            put(change);
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
                    case Change<?> change -> group.add(change);
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
        } catch (SQLException | GroupLost lost) {
            rollBack();
            if (group.size() == 1) {
                group.getFirst().fail(cause(lost));
                failClosedAfter(cause(lost));
            } else {
                group.forEach(change -> process(List.of(change)));
                return;
            }
        }
        acknowledge(group);
    }

    private void commit(List<Change<?>> group) throws SQLException, GroupLost {
        if (failure != null) {
            group.forEach(change -> change.fail(refusal()));
            return;
        }
        sync(group);
        session.execute("BEGIN IMMEDIATE");
        for (Change<?> change : group) {
            runInSavepoint(change);
        }
        session.execute("COMMIT");
        advanceAnchor(group);
    }

    private void sync(List<Change<?>> group) throws SQLException {
        Durability needed = group.stream().anyMatch(change -> change.durability == Durability.POWER_LOSS)
                ? Durability.POWER_LOSS
                : Durability.PROCESS_KILL;
        if (needed != synced) {
            session.executeOnce("PRAGMA synchronous = " + (needed == Durability.POWER_LOSS ? "FULL" : "NORMAL"));
            synced = needed;
        }
    }

    private void runInSavepoint(Change<?> change) throws SQLException, GroupLost {
        session.execute("SAVEPOINT change");
        try {
            change.run(new Transaction(
                    session, clock.instant().truncatedTo(ChronoUnit.MICROS), change.durability, change.actor));
        } catch (Throwable problem) { // whatever it is, it belongs to the caller, and the writer goes on
            change.fail(problem);
            undo(problem);
        }
        session.execute("RELEASE change");
    }

    private void undo(Throwable problem) throws GroupLost {
        if (SqlErrors.isInputOutput(problem)) {
            throw new GroupLost(problem);
        }
        try {
            session.execute("ROLLBACK TO change");
        } catch (SQLException gone) { // some errors, a full disk among them, undo the whole transaction
            problem.addSuppressed(gone);
            throw new GroupLost(problem);
        }
    }

    private void rollBack() {
        try {
            session.execute("ROLLBACK");
        } catch (SQLException none) {
            if (!SqlErrors.isNoTransaction(none)) {
                failClosedAfter(none);
            }
        }
    }

    private void advanceAnchor(List<Change<?>> group) {
        Optional<ChainHead> head = group.stream()
                .flatMap(change -> change.head.stream())
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

    private static Throwable cause(Exception lost) {
        return lost instanceof GroupLost && lost.getCause() != null ? lost.getCause() : lost;
    }

    private static void acknowledge(List<Change<?>> group) {
        for (Change<?> change : group) {
            if (change.outcome != null) {
                change.outcome.run();
            }
        }
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
        session.close();
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
