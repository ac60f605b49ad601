package dev.millwright.registry;

import dev.millwright.registry.Transaction.Durability;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Commits groups of changes on one connection, each group in one transaction, and does those that are alike together. A change
 * that fails before it wrote anything is only left out. When one fails later, the group begins again with each change in a
 * savepoint of its own, so that a failing one does not hurt its neighbours. Confined to the writer's thread.
 *
 * <p>A connection that was lost is opened again. What was not yet being committed is done once more; of what was, nobody knows
 * whether it was kept, and it is told so.
 */
final class GroupCommit {
    private final Session.Opener opener;
    private final InstantSource clock;
    private @Nullable Session session;
    private @Nullable Durability required;

    /** The whole transaction is gone, not only the savepoint: nothing of the group was kept. */
    static final class GroupLost extends Exception {
        private static final long serialVersionUID = 1;
        private final Throwable why;

        GroupLost(Throwable why) {
            super(why);
            this.why = why;
        }

        Throwable why() {
            return why;
        }
    }

    /** Works on {@code session}, and on one of {@code opener} when that was lost. */
    GroupCommit(Session session, Session.Opener opener, InstantSource clock) {
        this.session = session;
        this.opener = opener;
        this.clock = clock;
    }

    /** Returns when each change either failed by itself, was committed, or is in doubt. */
    void commit(List<Change<?>> group) throws GroupLost {
        Session running = runAgainIfLost(group);
        try {
            running.dialect().commit(running);
        } catch (SQLException failed) {
            if (!SqlErrors.isConnectionLost(failed)) {
                throw lost(failed);
            }
            giveUp(failed);
            group.forEach(change -> change.doubt(failed));
        }
    }

    /** The connection may have been lost while nobody wrote, or before a commit: then nothing was kept, so all is done again. */
    private Session runAgainIfLost(List<Change<?>> group) throws GroupLost {
        boolean open = session != null;
        try {
            return run(group);
        } catch (SQLException failed) {
            if (!open || !SqlErrors.isConnectionLost(failed)) {
                throw lost(failed);
            }
            giveUp(failed);
        }
        try {
            return run(group);
        } catch (SQLException failed) {
            throw lost(failed);
        }
    }

    /** Runs the group in a transaction that is left open. */
    private Session run(List<Change<?>> group) throws SQLException, GroupLost {
        Session running = session == null ? opener.open() : session;
        session = running;
        requireDurability(running, group);
        running.dialect().begin(running);
        if (!runTogether(running, group)) {
            running.dialect().rollBack(running);
            running.dialect().begin(running);
            for (Change<?> change : group) {
                runInSavepoint(running, change);
            }
        }
        return running;
    }

    private void requireDurability(Session running, List<Change<?>> group) throws SQLException {
        Durability needed = group.stream().anyMatch(change -> change.durability() == Durability.POWER_LOSS)
                ? Durability.POWER_LOSS
                : Durability.PROCESS_KILL;
        if (needed != required) {
            running.dialect().require(running, needed);
            required = needed;
        }
    }

    private Transaction transaction(Session running, Change<?> change) {
        return new Transaction(
                running, clock.instant().truncatedTo(ChronoUnit.MICROS), change.durability(), change.actor());
    }

    /** Returns whether the transaction can go on: only what wrote nothing has failed. */
    private boolean runTogether(Session running, List<Change<?>> group) throws SQLException, GroupLost {
        List<Change<?>> alone = new ArrayList<>(group);
        for (Class<?> kind : List.of(CreateRunWork.class, LogWork.class)) {
            List<Change<?>> alike = group.stream()
                    .filter(change -> change.joint().filter(kind::isInstance).isPresent())
                    .toList();
            if (alike.size() > 1 && !runJointly(running, alike, alone)) {
                return false;
            }
        }
        for (Change<?> change : alone) {
            Transaction transaction = transaction(running, change);
            try {
                change.run(transaction);
            } catch (SQLException failed) {
                refuseToGoOnAfter(failed);
                return false;
            } catch (Throwable problem) { // whatever it is, it belongs to the caller, and the writer goes on
                if (transaction.hasChanged()) {
                    return false;
                }
                change.fail(problem);
            }
        }
        return true;
    }

    /** Does what fits of changes that are alike, and takes it out of those that are to be run alone. */
    private boolean runJointly(Session running, List<Change<?>> alike, List<Change<?>> alone)
            throws SQLException, GroupLost {
        List<JointWork<?>> works =
                alike.stream().flatMap(change -> change.joint().stream()).toList();
        try {
            Set<JointWork<?>> done = works.getFirst().runAll(transaction(running, alike.getFirst()), works);
            for (Change<?> change : alike) {
                if (change.joint().filter(done::contains).isPresent()) {
                    change.doneJointly();
                    alone.remove(change);
                }
            }
            return true;
        } catch (SQLException failed) {
            refuseToGoOnAfter(failed);
            return false;
        } catch (RuntimeException conflict) { // it will show whose it is when each is run by itself
            return false;
        }
    }

    private void refuseToGoOnAfter(SQLException failed) throws SQLException, GroupLost {
        if (SqlErrors.isConnectionLost(failed)) {
            throw failed;
        }
        if (SqlErrors.isInputOutput(failed)) {
            throw lost(failed);
        }
    }

    private void runInSavepoint(Session running, Change<?> change) throws SQLException, GroupLost {
        running.execute("SAVEPOINT change");
        try {
            change.run(transaction(running, change));
        } catch (Throwable problem) { // whatever it is, it belongs to the caller, and the writer goes on
            change.fail(problem);
            undo(running, problem);
        }
        running.execute("RELEASE change");
    }

    private void undo(Session running, Throwable problem) throws GroupLost {
        if (SqlErrors.isInputOutput(problem)) {
            throw lost(problem);
        }
        try {
            running.execute("ROLLBACK TO change");
        } catch (SQLException gone) { // some errors, a full disk among them, undo the whole transaction
            problem.addSuppressed(gone);
            throw lost(problem);
        }
    }

    /** Ends what is left of the transaction. */
    private GroupLost lost(Throwable why) {
        Session left = session;
        if (left != null) {
            try {
                left.dialect().rollBack(left);
            } catch (SQLException unable) {
                why.addSuppressed(unable);
                if (SqlErrors.isConnectionLost(unable)) {
                    giveUp(why);
                }
            }
        }
        return new GroupLost(why);
    }

    private void giveUp(Throwable why) {
        Session lost = session;
        if (lost != null) {
            lost.closeAfter(why);
        }
        session = null;
        required = null;
    }

    void close() throws SQLException {
        Session last = session;
        if (last != null) {
            last.close();
        }
    }
}
