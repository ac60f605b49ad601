package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Pipeline runs and their steps, which outlive the process: a step's result is found again by its key, and what a dead
 * owner left running can be gone on with. Thread-safe.
 */
public final class Steps {
    private final Database database;
    private final Runs runs;

    Steps(Database database, Runs runs) {
        this.database = database;
        this.runs = runs;
    }

    /** Starts a run of a pipeline file: the run (kind PIPELINE, with its pipeline named) and what is needed to resume it. */
    public PipelineRun start(NewRun run, String fileText, Map<String, String> settings) {
        if (run.kind() != RunKind.PIPELINE || run.pipeline().isEmpty()) {
            throw new IllegalArgumentException("run: " + run + " (expected: of kind PIPELINE, with a pipeline)");
        }
        String id = runs.newId();
        Map<String, String> copy = new TreeMap<>(settings);
        return database.write(transaction -> {
            RunRows.insert(transaction, id, run);
            transaction.update(
                    "INSERT INTO pipeline_runs (run_id, file_text, settings) VALUES (?, ?, ?)",
                    id,
                    fileText,
                    Json.text(copy));
            return require(transaction, id);
        });
    }

    /** Ends a pipeline run; {@code reason} says why when it did not finish well. */
    public PipelineRun end(String runId, RunStatus status, Optional<String> reason) {
        runs.finish(runId, status, reason);
        return load(runId);
    }

    /** Empty when there is no such run, or when it is no pipeline's. */
    public Optional<PipelineRun> find(String runId) {
        return database.read(session -> session.exists("SELECT 1 FROM pipeline_runs WHERE run_id = ?", runId)
                ? Optional.of(require(session, runId))
                : Optional.empty());
    }

    public PipelineRun load(String runId) {
        return database.read(session -> require(session, runId));
    }

    private static PipelineRun require(Session session, String runId) throws SQLException {
        Run run = RunRows.require(session, runId);
        return session.find(
                        "SELECT file_text, settings FROM pipeline_runs WHERE run_id = ?",
                        row -> new PipelineRun(run, row.getString(1), Json.map(row.getString(2))),
                        runId)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "pipeline run: " + runId + " (expected: the run of a pipeline)"));
    }

    /** Begins a step, or begins it anew after it ended; STATE_CONFLICT when it is running. */
    public Step begin(String runId, String name, int ordinal, String key) {
        Names.require("step", name);
        return database.write(transaction -> StepRows.put(transaction, runId, name, ordinal, key, Optional.empty()));
    }

    /** Records that a step was not done because {@code result}, found by the same key, is still good. */
    public Step reuse(String runId, String name, int ordinal, String key, StepResult result) {
        Names.require("step", name);
        return database.write(transaction -> StepRows.put(transaction, runId, name, ordinal, key, Optional.of(result)));
    }

    /** Finishes a running step; {@code outputs} is a JSON document of ids and hashes, its files are synced already. */
    public Step finish(String runId, String name, String outputs) {
        Json.require("outputs", outputs);
        return database.write(transaction -> StepRows.end(transaction, runId, name, StepStatus.FINISHED, outputs));
    }

    /** Ends a running step that failed. */
    public Step fail(String runId, String name, String error) {
        return database.write(transaction -> StepRows.end(transaction, runId, name, StepStatus.FAILED, error));
    }

    /** The result of the latest step, of any run, that finished with this key. */
    public Optional<StepResult> findFinished(String key) {
        return database.read(session -> session.find(
                "SELECT outputs, run_id, ended - started FROM steps WHERE step_key = ? AND status = 'FINISHED'"
                        + " ORDER BY ended DESC LIMIT 1",
                row -> new StepResult(row.getString(1), row.getString(2), row.getLong(3) / 1e6),
                key));
    }

    /** The steps of a run, in the order of the pipeline. */
    public List<Step> list(String runId) {
        return database.read(session -> StepRows.list(session, "WHERE run_id = ? ORDER BY ordinal, name", runId));
    }

    /**
     * Marks what an owner that died left running as interrupted. Called once, by the owner, before it starts anything.
     * Runs that outside clients log ({@link RunKind#TRACKED}) are left alone: those clients may be alive.
     */
    public Recovery recover() {
        return database.write(transaction -> {
            List<Step> steps = new ArrayList<>();
            for (Step step : StepRows.list(transaction, "WHERE status = 'RUNNING' ORDER BY run_id, ordinal")) {
                steps.add(StepRows.end(
                        transaction, step.runId(), step.name(), StepStatus.INTERRUPTED, "the process ended"));
            }
            List<Run> interrupted = new ArrayList<>();
            for (String id : transaction.list(
                    "SELECT run_id FROM runs WHERE status = 'RUNNING' AND kind <> 'TRACKED' ORDER BY run_id",
                    row -> row.getString(1))) {
                interrupted.add(
                        RunRows.finish(transaction, id, RunStatus.INTERRUPTED, Optional.of("the process ended")));
            }
            return new Recovery(interrupted, steps);
        });
    }

    /** The pipeline runs that were interrupted, newest first. */
    public List<PipelineRun> resumable() {
        return database.read(session -> {
            List<PipelineRun> found = new ArrayList<>();
            for (String id : session.list(
                    "SELECT r.run_id FROM runs r JOIN pipeline_runs p ON p.run_id = r.run_id"
                            + " WHERE r.status = 'INTERRUPTED' ORDER BY r.started DESC, r.run_id DESC",
                    row -> row.getString(1))) {
                found.add(require(session, id));
            }
            return List.copyOf(found);
        });
    }

    /** Sets an interrupted, failed or killed pipeline run going again; its finished steps are kept. */
    public PipelineRun resume(String runId) {
        return database.write(transaction -> {
            PipelineRun pipelineRun = require(transaction, runId);
            RunStatus status = pipelineRun.run().status();
            if (!status.isResumable()) {
                throw new MillwrightException(
                        RegistryError.STATE_CONFLICT,
                        "run: " + runId + " is " + status.label() + " (expected: interrupted, failed or killed)");
            }
            transaction.update(
                    "UPDATE runs SET status = 'RUNNING', ended = NULL, error = NULL WHERE run_id = ?", runId);
            transaction.append("run.resumed", runId, Map.of("after", status.name()));
            return require(transaction, runId);
        });
    }
}
