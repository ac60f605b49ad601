package dev.millwright.registry;

import dev.millwright.core.Ids;
import dev.millwright.core.InvalidInputException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs of a home, and what they log. Thread-safe. */
public final class Runs {
    private static final int MAX_PAGE = 1000;

    private final Database database;
    private final Ids ids;

    Runs(Database database, InstantSource clock) {
        this.database = database;
        this.ids = new Ids(clock);
    }

    /** Starts a run. */
    public Run create(NewRun run) {
        String id = newId();
        return database.write(transaction -> RunRows.insert(transaction, id, run));
    }

    String newId() {
        return ids.compact();
    }

    /** Ends a running run; {@code error} says why when it did not finish well. Ending it twice alike is allowed. */
    public Run finish(String runId, RunStatus status, Optional<String> error) {
        if (status == RunStatus.RUNNING) {
            throw new IllegalArgumentException("status: RUNNING (expected: one that ends the run)");
        }
        return database.write(transaction -> RunRows.finish(transaction, runId, status, error));
    }

    public void logParam(String runId, String key, String value) {
        logParams(runId, Map.of(key, value));
    }

    /**
     * Params are written once: the same value again is allowed.
     *
     * @throws ParamConflictException when one has another value already
     */
    public void logParams(String runId, Map<String, String> params) {
        params.keySet().forEach(key -> Names.require("param", key));
        Map<String, String> copy = Map.copyOf(params);
        database.write(transaction -> {
            RunRows.require(transaction, runId);
            RunRows.setParams(transaction, RunText.of(runId, copy));
            return true;
        });
    }

    public void logMetric(String runId, String key, double value, Instant timestamp, long step) {
        logMetrics(runId, List.of(new Metric(key, value, timestamp, step)));
    }

    /** Logs all or none. An identical value (key, step, timestamp, value) is kept once, so a retry does no harm. */
    public void logMetrics(String runId, List<Metric> metrics) {
        List<MetricRow> rows =
                metrics.stream().map(metric -> MetricRow.of(runId, metric)).toList();
        database.log(transaction -> {
            RunRows.require(transaction, runId);
            MetricRows.insert(transaction, rows);
            return true;
        });
    }

    /** All values of a metric, by step, then time. */
    public List<Metric> metricHistory(String runId, String key) {
        return database.read(session -> MetricRows.history(session, runId, key));
    }

    /** The latest value of each metric: the one of the highest step, then time, then value. */
    public Map<String, Metric> latestMetrics(String runId) {
        return details(runId).metrics();
    }

    public Map<String, String> params(String runId) {
        return details(runId).params();
    }

    public Map<String, String> tags(String runId) {
        return details(runId).tags();
    }

    public void setTag(String runId, String key, String value) {
        Names.require("tag", key);
        database.write(transaction -> {
            RunRows.require(transaction, runId);
            RunRows.setTag(transaction, runId, key, value);
            return true;
        });
    }

    /** Params, latest metrics and tags of a run. */
    public RunDetails details(String runId) {
        return database.read(session -> {
            RunRows.require(session, runId);
            return RunDetailRows.load(session, List.of(runId)).details(runId);
        });
    }

    /** The same for several runs, as a page that compares them needs it; unknown ids are left out. */
    public Map<String, RunDetails> details(List<String> runIds) {
        return database.read(session -> {
            List<String> known = runIds.isEmpty()
                    ? List.of()
                    : RunRows.load(session, runIds).stream().map(Run::id).toList();
            RunDetailRows rows = RunDetailRows.load(session, known);
            Map<String, RunDetails> details = new HashMap<>();
            known.forEach(id -> details.put(id, rows.details(id)));
            return details;
        });
    }

    /** Puts an artifact into a run under a relative path; a path that is taken gets the new bytes. */
    public void addArtifact(String runId, RunArtifact file) {
        database.write(transaction -> {
            RunRows.require(transaction, runId);
            return transaction.update(
                    "INSERT INTO run_artifacts (run_id, path, sha256, size, media_type) VALUES (?, ?, ?, ?, ?)"
                            + " ON CONFLICT (run_id, path) DO UPDATE SET sha256 = excluded.sha256,"
                            + " size = excluded.size, media_type = excluded.media_type",
                    runId,
                    file.path(),
                    file.artifact().sha256(),
                    file.artifact().size(),
                    file.mediaType());
        });
    }

    public void addArtifact(String runId, String path, Artifact artifact, String mediaType) {
        addArtifact(runId, new RunArtifact(path, artifact, mediaType));
    }

    /** The artifacts of a run, by path. */
    public List<RunArtifact> artifacts(String runId) {
        return database.read(session -> session.list(
                "SELECT path, sha256, size, media_type FROM run_artifacts WHERE run_id = ? ORDER BY path",
                Runs::artifact,
                runId));
    }

    public Optional<RunArtifact> findArtifact(String runId, String path) {
        return database.read(session -> session.find(
                "SELECT path, sha256, size, media_type FROM run_artifacts WHERE run_id = ? AND path = ?",
                Runs::artifact,
                runId,
                path));
    }

    private static RunArtifact artifact(ResultSet row) throws SQLException {
        return new RunArtifact(row.getString(1), new Artifact(row.getString(2), row.getLong(3)), row.getString(4));
    }

    /**
     * Records which features the run computes, between the dataset versions that it uses so far and the run.
     *
     * @param view the name of the feature view
     * @param sqlSha256 the SHA-256 of its SQL, hexadecimal
     * @param columnLineageJson for each feature the source columns that it is made of
     */
    public void recordFeatures(String runId, String view, String sqlSha256, String columnLineageJson) {
        Names.require("view", view);
        Json.require("column lineage", columnLineageJson);
        database.write(transaction -> {
            RunRows.require(transaction, runId);
            LineageEdge.linkFeatures(transaction, runId, view, sqlSha256, columnLineageJson);
            return true;
        });
    }

    /** Newest first, {@code size} (1 to 1000) a page; {@code cursor} is {@link Page#next} of the page before. */
    public Page<Run> list(RunFilter filter, int size, Optional<String> cursor) {
        if (size < 1 || size > MAX_PAGE) {
            throw new InvalidInputException("page size: " + size + " (expected: 1 to " + MAX_PAGE + ")");
        }
        return database.read(session -> RunRows.page(session, filter, size, cursor));
    }

    /** The runs of a list that match, a page of them; {@link SearchMistakeException} when the filter is wrong. */
    public Page<Run> search(RunFilter among, SearchRequest request) {
        return database.read(session -> RunSearch.run(session, among, request));
    }

    /** How many runs each of these started, counted up to {@code most}; those that started none are left out. */
    public Map<String, Integer> children(List<String> runIds, int most) {
        return database.read(session -> RunRows.children(session, runIds, most));
    }

    /** The run with this id, or with the only id that starts so. */
    public Run load(String idOrPrefix) {
        return findByPrefix(idOrPrefix).orElseThrow(() -> RunRows.missing(idOrPrefix));
    }

    /** Empty when no id starts so; several are an {@link InvalidInputException} that names them. */
    public Optional<Run> findByPrefix(String prefix) {
        return database.read(session -> RunRows.findByPrefix(session, prefix));
    }
}
