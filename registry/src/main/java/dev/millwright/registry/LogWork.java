package dev.millwright.registry;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Logs a batch to a run: all of it or nothing. */
record LogWork(String runId, LogBatch batch) implements JointWork<Boolean> {
    @Override
    public Boolean run(Transaction transaction) throws SQLException {
        RunRows.requireActive(transaction, runId);
        RunRows.setParams(transaction, params());
        for (Map.Entry<String, String> tag : batch.tags().entrySet()) {
            if (tag.getKey().equals(TrackedRun.NAME_TAG)) {
                RunRows.rename(transaction, runId, tag.getValue());
            } else {
                RunRows.setTag(transaction, runId, tag.getKey(), tag.getValue());
            }
        }
        MetricRows.insert(transaction, List.of(this));
        for (ModelMetric metric : batch.metrics()) {
            if (metric.modelId().isPresent()) {
                LoggedModelRows.insertMetric(
                        transaction, runId, metric.modelId().get(), metric);
            }
        }
        return true;
    }

    private List<RunRows.Param> params() {
        return RunRows.Param.of(runId, batch.params());
    }

    @Override
    public Boolean result() {
        return true;
    }

    /** Neither renames the run nor says something about a model. */
    private boolean isPlain() {
        return !batch.tags().containsKey(TrackedRun.NAME_TAG)
                && batch.metrics().stream().allMatch(metric -> metric.modelId().isEmpty());
    }

    @Override
    public Set<JointWork<?>> runAll(Transaction transaction, List<JointWork<?>> group) throws SQLException {
        List<LogWork> plain = new ArrayList<>();
        for (JointWork<?> work : group) {
            if (work instanceof LogWork log && log.isPlain()) {
                plain.add(log);
            }
        }
        if (plain.isEmpty()) {
            return Set.of();
        }
        Set<String> active = active(transaction, plain);
        plain.removeIf(log -> !active.contains(log.runId()));
        RunRows.setParams(
                transaction,
                plain.stream().flatMap(log -> log.params().stream()).toList());
        List<@Nullable Object[]> tags = new ArrayList<>();
        plain.forEach(log ->
                log.batch().tags().forEach((key, value) -> tags.add(new @Nullable Object[] {log.runId(), key, value})));
        RunRows.setTags(transaction, tags);
        MetricRows.insert(transaction, plain);
        Set<JointWork<?>> done = Collections.newSetFromMap(new IdentityHashMap<>());
        done.addAll(plain);
        return done;
    }

    private static Set<String> active(Transaction transaction, List<LogWork> works) throws SQLException {
        List<Object> ids =
                JointWork.padded(works.stream().map(LogWork::runId).distinct().toList());
        return new HashSet<>(transaction.list(
                "SELECT run_id FROM runs WHERE deleted IS NULL AND run_id IN (" + SearchComparison.marks(ids.size())
                        + ")",
                row -> row.getString(1),
                ids.toArray()));
    }
}
