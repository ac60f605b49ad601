package dev.millwright.registry;

import dev.millwright.core.Ids;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes over what another tracking server holds, with its ids, numbers and times. Each call may be made again: what is there
 * already stays, and gets what it lacks. Thread-safe.
 */
public final class Imports {
    private final Database database;
    private final Ids ids;

    Imports(Database database, InstantSource clock) {
        this.database = database;
        this.ids = new Ids(clock);
    }

    /** An id for a run whose own can't be kept. */
    public String newRunId() {
        return ids.compact();
    }

    /**
     * Makes an experiment. Its files will be in the server's store.
     *
     * @param deleted when it was deleted there, if it was
     */
    public Experiment experiment(
            NewExperiment experiment, Instant created, Instant updated, Optional<Instant> deleted) {
        return database.write(transaction -> {
            transaction.update(
                    "INSERT INTO experiments (name, created, updated, deleted, artifact_location) VALUES (?, ?, ?, ?, '')",
                    experiment.name(),
                    created,
                    updated,
                    deleted);
            String id = transaction
                    .find(
                            "SELECT experiment_id FROM experiments WHERE name = ?",
                            row -> row.getString(1),
                            experiment.name())
                    .orElseThrow();
            transaction.update(
                    "UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?",
                    ArtifactRoot.SERVER.uri(id),
                    id);
            for (Map.Entry<String, String> tag : experiment.tags().entrySet()) {
                transaction.update(
                        "INSERT INTO experiment_tags (experiment_id, key, value) VALUES (?, ?, ?)",
                        id,
                        tag.getKey(),
                        tag.getValue());
            }
            transaction.append("experiment.created", id, Map.of("name", experiment.name(), "imported", "true"));
            return Experiments.require(transaction, id);
        });
    }

    /** Makes a run, or brings the one with its id up to date. Its metrics come by {@link Runs#logMetrics}. */
    public Run run(ImportedRun run) {
        return database.write(transaction -> {
            if (RunRows.find(transaction, run.id()).isEmpty()) {
                insert(transaction, run);
            } else {
                transaction.update(
                        "UPDATE runs SET status = ?, ended = ?, deleted = ? WHERE run_id = ?",
                        run.status(),
                        run.ended(),
                        run.deleted(),
                        run.id());
            }
            for (Map.Entry<String, String> param : run.params().entrySet()) {
                transaction.update(
                        "INSERT INTO params (run_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        run.id(),
                        param.getKey(),
                        param.getValue());
            }
            for (Map.Entry<String, String> tag : run.tags().entrySet()) {
                RunRows.setTag(transaction, run.id(), tag.getKey(), tag.getValue());
            }
            Run made = RunRows.require(transaction, run.id());
            for (DatasetInput input : run.datasets()) {
                InputRows.insert(transaction, made, input);
            }
            return made;
        });
    }

    private static void insert(Transaction transaction, ImportedRun run) throws SQLException {
        transaction.update(
                "INSERT INTO runs (run_id, experiment_id, name, kind, status, user_id, artifact_uri, started, ended,"
                        + " deleted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                run.id(),
                run.experimentId(),
                run.name(),
                RunKind.TRACKED,
                run.status(),
                run.user(),
                ArtifactRoot.SERVER.uri(run.experimentId()) + "/" + run.id() + "/artifacts",
                run.started(),
                run.ended(),
                run.deleted());
    }

    /** Puts a run under another, if both are there. */
    public void nest(String runId, String parentId) {
        database.write(transaction -> {
            if (RunRows.find(transaction, parentId).isPresent()) {
                transaction.update("UPDATE runs SET parent_id = ? WHERE run_id = ?", parentId, runId);
                RunRows.setTag(transaction, runId, TrackedRun.PARENT_TAG, parentId);
            }
            return true;
        });
    }

    /** Notes which logged models a run took in and made; those that are not here are left out. */
    public void models(String runId, List<RunModel> models) {
        database.write(transaction -> {
            for (RunModel model : models) {
                if (exists(transaction, model.modelId())) {
                    InputRows.link(transaction, runId, model);
                }
            }
            return true;
        });
    }

    private static boolean exists(Session session, String modelId) throws SQLException {
        return session.exists("SELECT 1 FROM logged_models WHERE model_id = ? AND deleted IS NULL", modelId);
    }

    /**
     * Makes a logged model, or brings the one with its id up to date. Metrics of runs that are not here are left out.
     *
     * @param model with an experiment and run of this registry
     */
    public LoggedModel loggedModel(LoggedModel model) {
        return database.write(transaction -> {
            transaction.update(
                    "INSERT INTO logged_models (model_id, experiment_id, name, model_type, source_run_id, artifact_uri,"
                            + " status, status_message, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (model_id) DO UPDATE SET status = excluded.status,"
                            + " status_message = excluded.status_message, updated = excluded.updated",
                    model.id(),
                    model.experimentId(),
                    model.name(),
                    model.modelType(),
                    model.sourceRunId(),
                    ArtifactRoot.SERVER.uri(model.experimentId()) + "/models/" + model.id() + "/artifacts",
                    model.status(),
                    model.statusMessage(),
                    model.created(),
                    model.updated());
            LoggedModelRows.setParams(transaction, model.id(), model.params());
            LoggedModelRows.setTags(transaction, model.id(), model.tags());
            for (LoggedModel.RunMetric metric : model.metrics()) {
                if (RunRows.find(transaction, metric.runId()).isPresent()) {
                    LoggedModelRows.insertMetric(transaction, metric.runId(), model.id(), metric.metric());
                }
            }
            return LoggedModelRows.require(transaction, model.id());
        });
    }

    /** Makes a registered model; one of its name that is there gets the tags that it lacks. */
    public RegisteredModel registeredModel(RegisteredModel model) {
        Names.model(model.name());
        return database.write(transaction -> {
            boolean known = transaction.exists(
                    "SELECT 1 FROM registered_models WHERE name = ? AND deleted IS NULL", model.name());
            if (!known) {
                ModelRows.register(transaction, model.name());
                transaction.update(
                        "UPDATE registered_models SET created = ?, updated = ?, description = ? WHERE name = ?",
                        model.created(),
                        model.updated(),
                        model.description(),
                        model.name());
            }
            for (Map.Entry<String, String> tag : model.tags().entrySet()) {
                transaction.update(
                        "INSERT INTO registered_model_tags (model, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        model.name(),
                        tag.getKey(),
                        tag.getValue());
            }
            return RegisteredModels.require(transaction, model.name());
        });
    }

    /**
     * Registers a version under its number; the model is there already.
     *
     * @return empty when another version has that number here
     */
    public Optional<ModelVersion> version(ImportedVersion version) {
        return database.write(transaction -> {
            Optional<ModelVersion> known = ModelRows.find(transaction, version.model(), version.version());
            if (known.isPresent()) {
                return known.filter(found -> found.registration().source().equals(version.source())
                        && found.created().equals(version.created()));
            }
            return Optional.of(ModelRows.insert(transaction, version));
        });
    }
}
