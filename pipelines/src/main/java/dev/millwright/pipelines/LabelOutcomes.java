package dev.millwright.pipelines;

import dev.millwright.monitoring.LabelFeed;
import dev.millwright.monitoring.LabelledPredictions;
import dev.millwright.serving.rollout.OutcomeSource;
import java.time.Instant;

/** Labels that were sent as feedback, for rollouts to be judged by. Thread-safe. */
public final class LabelOutcomes implements OutcomeSource {
    private final LabelFeed labels;

    public LabelOutcomes(LabelFeed labels) {
        this.labels = labels;
    }

    @Override
    public Page read(String endpoint, Instant since, String after) {
        LabelFeed.Part part = labels.read(endpoint, since, after);
        return new Page(part.predictions().stream().map(LabelOutcomes::outcomes).toList(), part.end(), part.labels());
    }

    private static Outcomes outcomes(LabelledPredictions labelled) {
        return new Outcomes(
                labelled.predictions().version(),
                labelled.predictions().role(),
                labelled.predictions().ids(),
                labelled.predictions().predictions(),
                labelled.labels());
    }
}
