package dev.millwright.registry;

import dev.millwright.core.Actor;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Transaction.Durability;
import dev.millwright.registry.Transaction.Work;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One change on its way through the writer, and what became of it. Confined to the writer, but for the waiting caller. */
final class Change<T> {
    private final Durability durability;
    private final Work<T> work;
    private final Optional<String> actor;
    private final CompletableFuture<T> acknowledged = new CompletableFuture<>();
    private @Nullable Runnable outcome;
    private boolean failed;
    private Optional<ChainHead> head = Optional.empty();

    Change(Durability durability, Work<T> work) {
        this.durability = durability;
        this.work = work;
        this.actor = Actor.current();
    }

    Durability durability() {
        return durability;
    }

    /** Who asked for it, where that is known. */
    Optional<String> actor() {
        return actor;
    }

    /** The end of the event record, if this change moved it. */
    Optional<ChainHead> head() {
        return head;
    }

    /** The work, if it can be done together with others. */
    Optional<JointWork<?>> joint() {
        return work instanceof JointWork<?> joint ? Optional.of(joint) : Optional.empty();
    }

    /** The work was done together with others. */
    void doneJointly() {
        if (work instanceof JointWork<T> joint) {
            succeed(joint.result());
        }
    }

    /** Does the work, perhaps not for the first time. */
    void run(Transaction transaction) throws SQLException {
        T result = work.run(transaction);
        succeed(result);
        head = transaction.appended();
    }

    private void succeed(T result) {
        head = Optional.empty();
        failed = false;
        outcome = () -> acknowledged.complete(result);
    }

    void fail(Throwable problem) {
        head = Optional.empty();
        failed = true;
        outcome = () -> acknowledged.completeExceptionally(problem);
    }

    /** Nobody knows whether the change was kept; one that had failed by itself was not. */
    void doubt(SQLException lost) {
        if (!failed) {
            fail(new MillwrightException(
                    RegistryError.STATE_UNKNOWN,
                    "state: the connection to the database was lost during a commit (expected: an answer). The change may"
                            + " have been kept or not: look first, then do it again if need be.",
                    lost));
        }
    }

    /** Tells the caller. */
    void acknowledge() {
        if (outcome != null) {
            outcome.run();
        }
    }

    /** Waits until {@link #acknowledge}. */
    T join() {
        return acknowledged.join();
    }
}
