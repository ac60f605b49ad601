package dev.millwright.registry;

import dev.millwright.core.Ids;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What clients do with the runs that they log to. Runs of pipelines can be read, tagged and logged to as well, but how far
 * they are is for their steps to say. Thread-safe.
 */
public final class Tracking {
    /** So many are asked for in one statement. */
    private static final int RUNS_TOGETHER = 200;

    private final Database database;
    private final Ids ids;

    Tracking(Database database, InstantSource clock) {
        this.database = database;
        this.ids = new Ids(clock);
    }

    /** A run with all that was logged to it. */
    public record FullRun(Run run, RunDetails details, List<DatasetInput> datasets, List<RunModel> models) {
        public FullRun {
            datasets = List.copyOf(datasets);
            models = List.copyOf(models);
        }
    }

    public Run create(TrackedRun run) {
        String id = ids.compact();
        return database.write(new CreateRunWork(id, run));
    }

    /**
     * Changes the run. A program that trains as a step of a pipeline says as every client when it begins and ends; that is
     * heard and changes nothing, since the step sees for itself.
     *
     * <p>Throws a {@code STATE_CONFLICT} when the state of any other run of a pipeline is to change.
     */
    public Run update(String runId, RunChange change) {
        return database.write(transaction -> {
            Run run = RunRows.requireActive(transaction, runId);
            boolean state = change.status().isPresent() || change.ended().isPresent();
            boolean training = run.kind() == RunKind.TRAINING && run.status() == RunStatus.RUNNING;
            if (state && run.kind() != RunKind.TRACKED && !training && !sameState(run, change)) {
                throw new MillwrightException(
                        RegistryError.STATE_CONFLICT,
                        "run: " + runId + " belongs to a pipeline (expected: one that a client started). Only its steps"
                                + " say how far it is.");
            }
            RunStatus status = change.status().orElse(run.status());
            Optional<Instant> ended = change.ended().or(run::ended);
            if (run.kind() == RunKind.TRACKED) {
                transaction.update("UPDATE runs SET status = ?, ended = ? WHERE run_id = ?", status, ended, runId);
            }
            if (change.name().isPresent()) {
                RunRows.rename(transaction, runId, change.name().get());
            }
            return RunRows.require(transaction, runId);
        });
    }

    private static boolean sameState(Run run, RunChange change) {
        return change.status().map(run.status()::equals).orElse(true);
    }

    /** Hides a run until it is restored; one that is deleted already stays so. */
    public void delete(String runId) {
        database.write(transaction -> {
            RunRows.requireActive(transaction, runId);
            return transaction.update("UPDATE runs SET deleted = ? WHERE run_id = ?", transaction.now(), runId);
        });
    }

    public void restore(String runId) {
        database.write(transaction -> {
            if (RunRows.require(transaction, runId).lifecycle() == Lifecycle.ACTIVE) {
                throw new InvalidInputException("run: " + runId + " is active (expected: a deleted one)");
            }
            return transaction.update("UPDATE runs SET deleted = NULL WHERE run_id = ?", runId);
        });
    }

    /**
     * Logs all or nothing. An identical metric value is kept once, so a retry does no harm; the same param value again is
     * allowed.
     *
     * @throws ParamConflictException when a param has another value already
     */
    public void log(String runId, LogBatch batch) {
        if (batch.params().isEmpty() && batch.tags().isEmpty()) {
            database.log(new LogWork(runId, batch));
        } else {
            database.write(new LogWork(runId, batch));
        }
    }

    /** Throws NOT_FOUND when the run has no such tag. */
    public void removeTag(String runId, String key) {
        database.write(transaction -> {
            RunRows.requireActive(transaction, runId);
            if (transaction.update("DELETE FROM tags WHERE run_id = ? AND key = ?", runId, key) == 0) {
                throw new MillwrightException(
                        RegistryError.NOT_FOUND,
                        "tag: run " + runId + " has no '" + key + "' (expected: a tag it has)");
            }
            return true;
        });
    }

    /** Notes data sets and models that the run read. */
    public void logInputs(String runId, List<DatasetInput> datasets, List<String> modelIds) {
        database.write(transaction -> {
            Run run = RunRows.requireActive(transaction, runId);
            for (DatasetInput input : datasets) {
                InputRows.insert(transaction, run, input);
            }
            for (String modelId : modelIds) {
                InputRows.link(transaction, runId, new RunModel(modelId, RunModel.Role.INPUT, 0));
            }
            return true;
        });
    }

    /** Notes models that the run made. */
    public void logOutputs(String runId, List<RunModel> models) {
        database.write(transaction -> {
            RunRows.requireActive(transaction, runId);
            for (RunModel model : models) {
                InputRows.link(transaction, runId, model);
            }
            return true;
        });
    }

    /** The run, a deleted one too, with what was logged to it. */
    public FullRun load(String runId) {
        return database.read(session ->
                full(session, List.of(RunRows.require(session, runId))).getFirst());
    }

    /** The runs that match, a page of them, with what was logged to them. */
    public Page<FullRun> search(List<String> experimentIds, SearchRequest request) {
        return database.read(session -> {
            Page<Run> runs = RunSearch.run(session, experimentIds, request);
            return new Page<>(full(session, runs.items()), runs.next());
        });
    }

    private static List<FullRun> full(Session session, List<Run> runs) throws SQLException {
        List<FullRun> full = new ArrayList<>(runs.size());
        for (int from = 0; from < runs.size(); from += RUNS_TOGETHER) {
            List<Run> some = runs.subList(from, Math.min(runs.size(), from + RUNS_TOGETHER));
            List<String> ids = some.stream().map(Run::id).toList();
            RunDetailRows details = RunDetailRows.load(session, ids);
            Map<String, List<DatasetInput>> datasets =
                    details.readData().isEmpty() ? Map.of() : InputRows.datasets(session, details.readData());
            for (Run run : some) {
                full.add(new FullRun(
                        run,
                        details.details(run.id()),
                        datasets.getOrDefault(run.id(), List.of()),
                        details.models(run.id())));
            }
        }
        return full;
    }

    /**
     * A part of the values of a metric, by time, then step.
     *
     * @param size how many at most
     * @param token {@link Page#next} of the part before
     */
    public Page<Metric> history(String runId, String key, int size, Optional<String> token) {
        return database.read(session -> MetricRows.history(session, runId, key, size, token));
    }

    /** The data sets that runs of the experiments read, each once, by name and digest. */
    public List<DatasetInput> datasets(List<String> experimentIds) {
        Map<String, DatasetInput> found = new LinkedHashMap<>();
        database.read(session -> {
            for (String experiment : experimentIds) {
                InputRows.ofExperiment(session, experiment)
                        .forEach(input ->
                                found.putIfAbsent(experiment + " " + input.name() + " " + input.digest(), input));
            }
            return true;
        });
        return List.copyOf(found.values());
    }
}
