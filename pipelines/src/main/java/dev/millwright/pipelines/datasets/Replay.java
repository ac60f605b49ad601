package dev.millwright.pipelines.datasets;

import dev.millwright.data.Replayed;
import java.util.List;
import java.util.Optional;

/**
 * What became of rows that had been set aside.
 *
 * @param version the one that was made, if anything changed
 * @param before the newest one until then
 * @param taken rows that joined
 * @param repaired rows of the file that differ from what was found
 * @param known rows of the file that an earlier replay took
 * @param gone rows of the file that the newest version doesn't set aside
 * @param quarantined rows that still are, in all
 * @param broken repaired rows that were not taken, some of them
 */
public record Replay(
        String dataset,
        Optional<Integer> version,
        int before,
        long taken,
        long repaired,
        long known,
        long gone,
        long quarantined,
        List<Broken> broken) {
    /** A repaired row that was not taken, with where it comes from. */
    public record Broken(String source, long line, String reason, String row) {}

    public Replay {
        broken = List.copyOf(broken);
    }

    static Replay of(String dataset, Optional<Integer> version, int before, Replayed done) {
        return new Replay(
                dataset,
                version,
                before,
                done.taken(),
                done.repaired(),
                done.known(),
                done.gone(),
                done.setAside(),
                done.broken().stream()
                        .map(row -> new Broken(row.source().toString(), row.line(), row.reason(), row.raw()))
                        .toList());
    }
}
