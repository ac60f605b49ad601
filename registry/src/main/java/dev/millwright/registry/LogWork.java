package dev.millwright.registry;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        MetricRows.insert(transaction, metrics());
        for (ModelMetric metric : batch.metrics()) {
            if (metric.modelId().isPresent()) {
                LoggedModelRows.insertMetric(
                        transaction, runId, metric.modelId().get(), metric);
            }
        }
        return true;
    }

    private List<RunText> params() {
        return RunText.of(runId, batch.params());
    }

    private List<RunText> tags() {
        return RunText.of(runId, batch.tags());
    }

    private List<MetricRow> metrics() {
        return batch.metrics().stream()
                .map(logged -> MetricRow.of(runId, logged.metric()))
                .toList();
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
        RunRows.setTags(
                transaction, plain.stream().flatMap(log -> log.tags().stream()).toList());
        MetricRows.insert(
                transaction,
                plain.stream().flatMap(log -> log.metrics().stream()).toList());
        Set<JointWork<?>> done = Collections.newSetFromMap(new IdentityHashMap<>());
        done.addAll(plain);
        return done;
    }

    private static Set<String> active(Transaction transaction, List<LogWork> works) throws SQLException {
        Dialect dialect = transaction.dialect();
        return new HashSet<>(transaction.list(
                "SELECT run_id FROM runs WHERE deleted IS NULL AND " + dialect.leadsTo("run_id"),
                row -> row.getString(1),
                dialect.list(works.stream().map(LogWork::runId).distinct().toList())));
    }
}
