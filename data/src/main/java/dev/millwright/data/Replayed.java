package dev.millwright.data;

import dev.millwright.core.DatasetVersion;
import java.util.List;
import java.util.Optional;

/**
 * What became of rows that had been set aside when they were judged again.
 *
 * @param made the version that they joined, or that says what is wrong with them now; empty when nothing has changed
 * @param taken rows that joined it
 * @param repaired rows of the file that differ from what was found
 * @param known rows of the file that an earlier replay took
 * @param gone rows of the file that the newest version doesn't set aside, for its source brings them no more
 * @param setAside rows that still are, in all
 * @param broken repaired rows that were not taken, in the order of the source, at most {@link #SHOWN}
 */
public record Replayed(
        Optional<DatasetVersion> made,
        long taken,
        long repaired,
        long known,
        long gone,
        long setAside,
        List<QuarantinedRow> broken) {
    static final int SHOWN = 20;

    public Replayed {
        broken = List.copyOf(broken);
    }
}
