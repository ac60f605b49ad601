package dev.millwright.pipelines.datasets;

import dev.millwright.registry.DatasetReference;
import java.util.Optional;

/** What may be done to versions of datasets: by {@link DatasetDesk} here, or by the process that owns the home. */
public interface DatasetChanges {
    /** What becomes of a tag that is on another version. */
    enum Taken {
        REFUSE,
        MOVE
    }

    /**
     * A tag that was set, or taken away.
     *
     * @param version that has it, or had it
     * @param before the version that had it, when it moved
     */
    record Tagged(String dataset, String tag, int version, Optional<Integer> before) {}

    /**
     * What a rollback led to.
     *
     * @param version the newest one, whose rows are those of {@code restored}
     * @param before the newest one until then; itself when nothing had to be done
     */
    record Restored(String dataset, int version, int restored, int before) {}

    /**
     * A version whose files were written anew.
     *
     * @param filesBefore as many as {@code files} when nothing had to be done
     */
    record Compacted(String dataset, int version, int filesBefore, int files, long bytesBefore, long bytes) {}

    /** Gives a version a name. */
    Tagged tag(DatasetReference version, String tag, Taken taken);

    Tagged untag(String dataset, String tag);

    /**
     * Makes the rows of an earlier version the newest ones.
     *
     * @param reason why, for the record
     */
    Restored rollBack(DatasetReference version, String reason);

    /** Takes rows in that had been set aside and pass by now. */
    Replay replay(ReplayRequest request);

    /** Gives up the rows of versions that nobody needs. */
    Expiry expire(ExpiryRequest request);

    /** Writes the rows of the newest version into as few files as its layout allows. */
    Compacted compact(String dataset);
}
