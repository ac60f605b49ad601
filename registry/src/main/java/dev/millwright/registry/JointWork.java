package dev.millwright.registry;

import dev.millwright.registry.Transaction.Work;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Work that takes fewer statements when it is done together with others of its kind. Confined to the writer's thread. */
sealed interface JointWork<T> extends Work<T> permits LogWork, CreateRunWork {
    /**
     * Does those of the works that surely fit, and returns them; the others are to be run alone, where it shows what is wrong
     * with them. Throws when that turns out too late.
     *
     * @param group of this kind, this one among them
     * @return by identity: works that say the same are still two
     */
    Set<JointWork<?>> runAll(Transaction transaction, List<JointWork<?>> group) throws SQLException;

    /** What came of this work when it was done together with others. */
    T result();
}
