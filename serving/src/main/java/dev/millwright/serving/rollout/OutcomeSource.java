package dev.millwright.serving.rollout;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.serving.PredictionEvent;
import java.time.Instant;
import java.util.List;

/** Where labels of predictions come from. Implementations are thread-safe; they may block. */
@FunctionalInterface
public interface OutcomeSource {
    /** For endpoints whose labels nobody keeps. */
    OutcomeSource NONE = (endpoint, since, after) -> new Page(List.of(), after, 0);

    /** The first labels. */
    String START = "";

    /**
     * Labels in the order in which they first came, some thousands at most; each is given once, and again only after a new start.
     *
     * @param since predictions made before are left out
     * @param after where the page before ended, {@link #START} at first
     */
    Page read(String endpoint, Instant since, String after);

    /**
     * Some labels, with the predictions that they are about.
     *
     * @param outcomes by version and role
     * @param end to ask with for the next page
     * @param labels that were read, whether or not their predictions were found; 0 when all that have come have been read
     */
    record Page(List<Outcomes> outcomes, String end, int labels) {
        public Page {
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * Predictions of one version whose labels are known.
     *
     * @param ids of the predictions, one a row; the same for all versions that answered a request
     */
    record Outcomes(int version, PredictionEvent.Role role, List<String> ids, Predictions predictions, Labels labels) {
        public Outcomes {
            ids = List.copyOf(ids);
        }
    }
}
