package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Registered models, their versions and aliases. Thread-safe. */
public final class Models {
    private final Database database;

    Models(Database database) {
        this.database = database;
    }

    /** Registers the next version of a model, and the model with its first. Its artifacts are stored already. */
    public ModelVersion createVersion(NewModelVersion model) {
        return database.write(transaction -> ModelRows.insert(transaction, model));
    }

    /** The version, deleted ones too: what once served can always be looked up. */
    public ModelVersion load(String model, int version) {
        return database.read(session -> ModelRows.require(session, model, version));
    }

    /** The version, deleted ones too. */
    public Optional<ModelVersion> find(String model, int version) {
        return database.read(session -> ModelRows.find(session, model, version));
    }

    public Optional<ModelVersion> findByAlias(String model, String alias) {
        return database.read(session -> {
            Optional<Integer> version = aliased(session, model, alias);
            return version.isPresent() ? ModelRows.find(session, model, version.get()) : Optional.empty();
        });
    }

    /** The versions of a model that are not deleted, newest first. */
    public List<ModelVersion> versions(String model) {
        return database.read(session ->
                ModelRows.list(session, "WHERE model = ? AND status <> 'DELETED' ORDER BY version DESC", model));
    }

    /** The versions that a run made and that are not deleted. */
    public List<ModelVersion> madeBy(String runId) {
        return database.read(session ->
                ModelRows.list(session, "WHERE run_id = ? AND status <> 'DELETED' ORDER BY model, version", runId));
    }

    /** All models by name. */
    public List<RegisteredModel> list() {
        return database.read(session -> {
            Map<String, Map<String, Integer>> aliases = new TreeMap<>();
            session.visit("SELECT model, alias, version FROM model_aliases", row -> {
                aliases.computeIfAbsent(row.getString(1), model -> new TreeMap<>())
                        .put(row.getString(2), row.getInt(3));
                return true;
            });
            return session.list(
                    "SELECT name, created, updated, description FROM registered_models WHERE deleted IS NULL ORDER BY name",
                    row -> new RegisteredModel(
                            row.getString(1),
                            Micros.instant(row.getLong(2)),
                            Micros.instant(row.getLong(3)),
                            row.getString(4),
                            aliases.getOrDefault(row.getString(1), Map.of()),
                            Map.of()));
        });
    }

    /** Points an alias at a version, away from the one that it pointed at. */
    public void setAlias(String model, String alias, int version) {
        Names.alias(alias);
        database.write(transaction -> {
            requireUsable(transaction, model, version);
            Optional<Integer> before = aliased(transaction, model, alias);
            if (before.equals(Optional.of(version))) {
                return false;
            }
            transaction.update(
                    "INSERT INTO model_aliases (model, alias, version) VALUES (?, ?, ?)"
                            + " ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version",
                    model,
                    alias,
                    version);
            Map<String, String> data = new TreeMap<>(Map.of("alias", alias, "version", Integer.toString(version)));
            before.ifPresent(it -> data.put("before", it.toString()));
            transaction.append("model_alias.set", model, data);
            return true;
        });
    }

    /** Takes an alias away; nothing happens when there is none. */
    public void removeAlias(String model, String alias) {
        database.write(transaction -> {
            Optional<Integer> before = aliased(transaction, model, alias);
            if (before.isPresent()) {
                transaction.update("DELETE FROM model_aliases WHERE model = ? AND alias = ?", model, alias);
                transaction.append(
                        "model_alias.removed",
                        model,
                        Map.of("alias", alias, "before", before.get().toString()));
            }
            return before.isPresent();
        });
    }

    private static Optional<Integer> aliased(Session session, String model, String alias) throws SQLException {
        return session.find(
                "SELECT version FROM model_aliases WHERE model = ? AND alias = ?", row -> row.getInt(1), model, alias);
    }

    public void setTag(String model, int version, String key, String value) {
        Names.require("tag", key);
        database.write(transaction -> {
            requireUsable(transaction, model, version);
            ModelRows.setTag(transaction, model, version, key, value);
            return true;
        });
    }

    /**
     * Notes what goes in and out of a version that a client registered, and the files with which it can be served. A version of
     * which that is known already stays as it is.
     *
     * @param artifacts stored already
     */
    public ModelVersion makeServable(
            String model,
            int version,
            Optional<ModelSignature> signature,
            Map<String, Artifact> artifacts,
            Map<String, String> tags) {
        return database.write(transaction -> {
            ModelVersion found = requireUsable(transaction, model, version);
            return found.isServable() ? found : ModelRows.makeServable(transaction, found, signature, artifacts, tags);
        });
    }

    /** Marks a version as refused by a gate or by the parity replay, and says why. */
    public ModelVersion refuse(String model, int version, String reason) {
        return database.write(transaction -> {
            requireUsable(transaction, model, version);
            return changeStatus(
                    transaction, model, version, ModelVersionStatus.REFUSED, "refused", Map.of("reason", reason));
        });
    }

    /** Takes a refusal back, and says why: the version met what it was refused for, or that is no longer asked. */
    public ModelVersion admit(String model, int version, String reason) {
        return database.write(transaction -> {
            ModelVersion found = requireUsable(transaction, model, version);
            return found.status() == ModelVersionStatus.READY
                    ? found
                    : changeStatus(
                            transaction,
                            model,
                            version,
                            ModelVersionStatus.READY,
                            "admitted",
                            Map.of("reason", reason));
        });
    }

    /** Takes a version out of the lists; refused (STATE_CONFLICT) while an endpoint serves or shadows it, or an inference graph asks it. */
    public void delete(String model, int version) {
        database.write(transaction -> delete(transaction, model, version));
    }

    static ModelVersion delete(Transaction transaction, String model, int version) throws SQLException {
        requireUsable(transaction, model, version);
        List<String> serving = transaction.list(
                "SELECT endpoint FROM endpoint_routes WHERE model = ? AND version = ? ORDER BY endpoint",
                row -> row.getString(1),
                model,
                version);
        if (!serving.isEmpty()) {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "model version: " + model + "/" + version + " is served by " + String.join(", ", serving)
                            + " (expected: by none). Promote another version first.");
        }
        GraphMembers.requireUnused(transaction, model, version, "deleted");
        List<String> aliases = ModelRows.require(transaction, model, version).aliases();
        transaction.update("DELETE FROM model_aliases WHERE model = ? AND version = ?", model, version);
        Map<String, String> data = aliases.isEmpty() ? Map.of() : Map.of("aliases", String.join(",", aliases));
        return changeStatus(transaction, model, version, ModelVersionStatus.DELETED, "deleted", data);
    }

    private static ModelVersion changeStatus(
            Transaction transaction,
            String model,
            int version,
            ModelVersionStatus status,
            String verb,
            Map<String, String> data)
            throws SQLException {
        transaction.update(
                "UPDATE model_versions SET status = ?, updated = ? WHERE model = ? AND version = ?",
                status,
                transaction.now(),
                model,
                version);
        transaction.append(
                "model_version." + verb, LineageNode.model(model, version).id(), data);
        return ModelRows.require(transaction, model, version);
    }

    static ModelVersion requireUsable(Session session, String model, int version) throws SQLException {
        ModelVersion found = ModelRows.require(session, model, version);
        if (found.status() == ModelVersionStatus.DELETED) {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "model version: " + found.id() + " is deleted (expected: a version that is not)");
        }
        return found;
    }

    /** Where a version comes from, over dataset versions, features and runs, and the endpoints that it served. */
    public Lineage lineage(String model, int version) {
        return database.read(session -> {
            ModelRows.require(session, model, version);
            return Lineage.read(session, model, version);
        });
    }
}
