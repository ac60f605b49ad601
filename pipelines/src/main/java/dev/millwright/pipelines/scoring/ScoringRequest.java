package dev.millwright.pipelines.scoring;

import dev.millwright.data.SourceSpec;
import java.util.List;
import java.util.Optional;

/**
 * What shall be scored, with what, and where to.
 *
 * @param version the version that serves the endpoint when it is empty
 * @param keep columns that go into the output beside the predictions; all when it is empty
 * @param prefix what stands before the names of the columns that are added
 * @param partRows rows of a part; by the number of columns when it is empty
 */
public record ScoringRequest(
        String endpoint,
        Optional<Integer> version,
        SourceSpec source,
        ScoringTarget target,
        List<String> keep,
        String prefix,
        Optional<Integer> partRows,
        Finished finished,
        Unfinished unfinished) {

    /** What becomes of an output that is there already. */
    public enum Finished {
        KEEP,
        REPLACE
    }

    /** What becomes of parts that an earlier call left behind. */
    public enum Unfinished {
        GO_ON,
        DISCARD
    }

    public ScoringRequest {
        keep = List.copyOf(keep);
    }
}
