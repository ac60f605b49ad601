package dev.millwright.monitoring;

import dev.millwright.monitoring.PredictionFiles.Group;
import dev.millwright.serving.PredictionEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Predictions that wait to become files, by what a file holds. For one thread at a time. */
final class PendingPredictions {
    private final PredictionTable table;
    /** Mostly one batch a group; more only when a version changed its columns. */
    private final Map<Group, List<PredictionBatch>> batches = new LinkedHashMap<>();

    private int events;
    private int rows;

    PendingPredictions(PredictionTable table) {
        this.table = table;
    }

    /** What becomes a file. */
    record Waiting(Group group, PredictionBatch batch) {}

    int events() {
        return events;
    }

    int rows() {
        return rows;
    }

    List<Waiting> all() {
        List<Waiting> all = new ArrayList<>();
        batches.forEach((group, ofGroup) -> ofGroup.forEach(batch -> all.add(new Waiting(group, batch))));
        return all;
    }

    /** Adds a prediction. When that fails, all those of its batch are forgotten, for what is left of them is uncertain. */
    void add(PredictionEvent event) throws SQLException {
        Group group = Group.of(event);
        PredictionBatch batch = batch(group, event);
        events++;
        rows += event.exchange().rows();
        try {
            batch.add(event);
        } catch (SQLException e) {
            forget(new Waiting(group, batch));
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

    void forget(Waiting waiting) throws SQLException {
        events -= waiting.batch().events();
        rows -= waiting.batch().rows();
        batches.computeIfPresent(waiting.group(), (_, ofGroup) -> {
            ofGroup.remove(waiting.batch());
            return ofGroup.isEmpty() ? null : ofGroup;
        });
        waiting.batch().close();
    }

    void forgetAll() throws SQLException {
        for (Waiting waiting : all()) {
            forget(waiting);
        }
    }
}
