package dev.millwright.registry;

import dev.millwright.registry.Transaction.Work;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Work that takes fewer statements when it is done together with others of its kind. Confined to the writer's thread. */
sealed interface JointWork<T> extends Work<T> permits LogWork, CreateRunWork {
    /**
     * Does those of the works that surely fit, and returns them; the others are to be run alone, where it shows what is wrong
     * with them. Throws when that turns out too late.
     *
     * @param group of this kind, this one among them
     */
    Set<JointWork<?>> runAll(Transaction transaction, List<JointWork<?>> group) throws SQLException;

    /** What came of this work when it was done together with others. */
    T result();

    /** Ids for an IN list whose length is a power of two, so that few different statements come about. */
    static List<Object> padded(List<?> ids) {
        List<Object> padded = new ArrayList<>(ids);
        while (Integer.bitCount(padded.size()) > 1) {
            padded.add(ids.getLast());
        }
        return padded;
    }
}
