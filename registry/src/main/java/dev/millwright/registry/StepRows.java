package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The table {@code steps}. */
final class StepRows {
    private static final String SELECT =
            "SELECT run_id, name, ordinal, step_key, status, attempt, outputs, reused_from,"
                    + " error, started, ended FROM steps ";

    private StepRows() {}

    static Step put(
            Transaction transaction, String runId, String name, int ordinal, String key, Optional<StepResult> reused)
            throws SQLException {
        requireRunning(transaction, runId);
        Optional<Step> before = find(transaction, runId, name);
        if (before.isPresent() && before.get().status() == StepStatus.RUNNING) {
            throw conflict(before.get(), "not running");
        }
        transaction.update(
                "INSERT INTO steps (run_id, name, ordinal, step_key, status, attempt, outputs, reused_from, started,"
                        + " ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id, name) DO UPDATE SET"
                        + " ordinal = excluded.ordinal, step_key = excluded.step_key, status = excluded.status,"
                        + " attempt = excluded.attempt, outputs = excluded.outputs, reused_from = excluded.reused_from,"
                        + " error = NULL, started = excluded.started, ended = excluded.ended",
                runId,
                name,
                ordinal,
                key,
                reused.isPresent() ? StepStatus.REUSED : StepStatus.RUNNING,
                before.map(Step::attempt).orElse(0) + 1,
                reused.map(StepResult::outputs),
                reused.map(StepResult::runId),
                transaction.now(),
                reused.map(result -> transaction.now()));
        if (reused.isPresent()) {
            transaction.append(
                    "step.reused",
                    runId,
                    Map.of("step", name, "key", key, "from", reused.get().runId()));
        }
        return require(transaction, runId, name);
    }

    /** Ends a running step; {@code detail} is the outputs of a finished one and the error of any other. */
    static Step end(Transaction transaction, String runId, String name, StepStatus status, String detail)
            throws SQLException {
        Step step = require(transaction, runId, name);
        if (step.status() != StepStatus.RUNNING) {
            throw conflict(step, "running");
        }
        boolean finished = status == StepStatus.FINISHED;
        transaction.update(
                "UPDATE steps SET status = ?, outputs = ?, error = ?, ended = ? WHERE run_id = ? AND name = ?",
                status,
                finished ? detail : null,
                finished ? null : detail,
                transaction.now(),
                runId,
                name);
        Map<String, String> data = new TreeMap<>(Map.of("step", name, "key", step.key()));
        data.put(finished ? "outputs_sha256" : "error", finished ? Hashes.sha256(detail) : RunRows.firstLine(detail));
        transaction.append("step." + status.name().toLowerCase(Locale.ROOT), runId, data);
        return require(transaction, runId, name);
    }

    private static void requireRunning(Session session, String runId) throws SQLException {
        Run run = RunRows.require(session, runId);
        if (run.status() != RunStatus.RUNNING) {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "run: " + runId + " is " + run.status().label() + " (expected: running). Resume it first.");
        }
    }

    static Step require(Session session, String runId, String name) throws SQLException {
        return find(session, runId, name)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "step: " + name + " of run " + runId + " (expected: one that began)"));
    }

    static Optional<Step> find(Session session, String runId, String name) throws SQLException {
        return session.find(SELECT + "WHERE run_id = ? AND name = ?", StepRows::read, runId, name);
    }

    static List<Step> list(Session session, String where, Object... arguments) throws SQLException {
        return session.list(SELECT + where, StepRows::read, arguments);
    }

    private static MillwrightException conflict(Step step, String expected) {
        return new MillwrightException(
                RegistryError.STATE_CONFLICT,
                "step: " + step.name() + " of run " + step.runId() + " is "
                        + step.status().name().toLowerCase(Locale.ROOT) + " (expected: " + expected + ")");
    }

    private static Step read(ResultSet row) throws SQLException {
        return new Step(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getString(4),
                StepStatus.valueOf(row.getString(5)),
                row.getInt(6),
                Optional.ofNullable(row.getString(7)),
                Optional.ofNullable(row.getString(8)),
                Optional.ofNullable(row.getString(9)),
                Micros.instant(row.getLong(10)),
                Columns.instant(row, 11));
    }
}
