package dev.millwright.monitoring;

import dev.millwright.monitoring.PredictionFiles.Group;
import dev.millwright.serving.PredictionEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Predictions that wait to be written, in batches that become a file each. For one thread at a time. */
final class PendingPredictions {
    private final RowBlocks.Pool pool = new RowBlocks.Pool();
    /** Mostly one batch a group; more only when a version changed its columns. */
    private final Map<Group, List<PredictionBatch>> batches = new LinkedHashMap<>();

    private Held held = Held.NOTHING;

    /** All that is pending. */
    Held held() {
        return held;
    }

    void add(PredictionEvent event) {
        held = held.plus(batch(event).add(event));
    }

    private PredictionBatch batch(PredictionEvent event) {
        Group group = Group.of(event);
        List<PredictionBatch> ofGroup = batches.computeIfAbsent(group, _ -> new ArrayList<>(1));
        for (PredictionBatch batch : ofGroup) {
            if (batch.fits(event)) {
                return batch;
            }
        }
        PredictionBatch fresh = new PredictionBatch(group, event, pool);
        ofGroup.add(fresh);
        return fresh;
    }

    /** Hands over everything; nothing is pending afterwards. */
    List<PredictionBatch> takeAll() {
        List<PredictionBatch> all =
                batches.values().stream().flatMap(List::stream).toList();
        batches.clear();
        held = Held.NOTHING;
        return all;
    }
}
