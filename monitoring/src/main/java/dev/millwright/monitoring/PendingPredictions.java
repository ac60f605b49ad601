package dev.millwright.monitoring;

import dev.millwright.monitoring.PredictionFiles.Group;
import dev.millwright.serving.PredictionEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Predictions that are being collected, by what a file holds. For one thread at a time. */
final class PendingPredictions {
    private final PredictionTable table;
    /** Mostly one batch a group; more only when a version changed its columns. */
    private final Map<Group, List<PredictionBatch>> batches = new LinkedHashMap<>();

    private Held held = Held.NOTHING;

    PendingPredictions(PredictionTable table) {
        this.table = table;
    }

    /** All that is pending. */
    Held held() {
        return held;
    }

    /** Adds a prediction. When that fails, all those of its batch are forgotten, for what is left of them is uncertain. */
    void add(PredictionEvent event) throws SQLException {
        Group group = Group.of(event);
        PredictionBatch batch = batch(group, event);
        Held size = Held.of(event);
        held = held.plus(size);
        try {
            batch.add(event, size);
        } catch (SQLException | RuntimeException e) {
            forget(group, batch);
            throw e;
        }
    }

    private PredictionBatch batch(Group group, PredictionEvent event) throws SQLException {
        List<PredictionBatch> ofGroup = batches.computeIfAbsent(group, _ -> new ArrayList<>(1));
        for (PredictionBatch batch : ofGroup) {
            if (batch.fits(event)) {
                return batch;
            }
        }
        PredictionBatch fresh = table.begin(event);
        ofGroup.add(fresh);
        return fresh;
    }

    private void forget(Group group, PredictionBatch batch) throws SQLException {
        held = held.minus(batch.held());
        List<PredictionBatch> ofGroup = batches.getOrDefault(group, List.of());
        ofGroup.remove(batch);
        if (ofGroup.isEmpty()) {
            batches.remove(group);
        }
        try {
            batch.close();
        } finally {
            table.drop(batch.table());
        }
    }

    /**
     * Hands over everything, adding it to {@code sealed}; nothing is pending afterwards. A batch that can't be sealed is lost, and keeps
     * no other from being handed over.
     *
     * @throws SQLException the first failure
     */
    void sealInto(List<PredictionBatch.Sealed> sealed) throws SQLException {
        Map<Group, List<PredictionBatch>> all = new LinkedHashMap<>(batches);
        batches.clear();
        held = Held.NOTHING;
        List<SQLException> failures = new ArrayList<>();
        all.forEach((group, ofGroup) -> ofGroup.forEach(batch -> {
            try {
                sealed.add(batch.seal(group));
            } catch (SQLException e) {
                failures.add(e);
                lose(batch, e);
            }
        }));
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private void lose(PredictionBatch batch, SQLException why) {
        try {
            table.drop(batch.table());
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }
}
