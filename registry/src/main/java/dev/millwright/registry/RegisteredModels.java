package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Registered models as clients handle them: by name, with descriptions, tags, stages and versions of any origin. Thread-safe. */
public final class RegisteredModels {
    /** The stages that clients know, in the spelling that they see. */
    public static final List<String> STAGES = List.of(Registration.NO_STAGE, "Staging", "Production", "Archived");

    private final Database database;

    RegisteredModels(Database database) {
        this.database = database;
    }

    /** Throws ALREADY_EXISTS when there is one of that name. A name that was deleted begins where its versions ended. */
    public RegisteredModel create(String name, String description, Map<String, String> tags) {
        Names.model(name);
        return database.write(transaction -> {
            if (find(transaction, name).isPresent()) {
                throw taken(name);
            }
            ModelRows.register(transaction, name);
            transaction.update("UPDATE registered_models SET description = ? WHERE name = ?", description, name);
            for (Map.Entry<String, String> tag : tags.entrySet()) {
                setTag(transaction, name, tag.getKey(), tag.getValue());
            }
            return require(transaction, name);
        });
    }

    private static MillwrightException taken(String name) {
        return new MillwrightException(
                RegistryError.ALREADY_EXISTS,
                "registered model: '" + name + "' exists (expected: a new name). Use it, or choose another.");
    }

    /** The model, unless it is deleted. */
    public Optional<RegisteredModel> find(String name) {
        return database.read(session -> find(session, name));
    }

    public RegisteredModel load(String name) {
        return database.read(session -> require(session, name));
    }

    private static Optional<RegisteredModel> find(Session session, String name) throws SQLException {
        Optional<RegisteredModel> bare = session.find(
                "SELECT name, created, updated, description FROM registered_models WHERE name = ? AND deleted IS NULL",
                row -> new RegisteredModel(
                        row.getString(1),
                        Micros.instant(row.getLong(2)),
                        Micros.instant(row.getLong(3)),
                        row.getString(4),
                        Map.of(),
                        Map.of()),
                name);
        if (bare.isEmpty()) {
            return bare;
        }
        Map<String, Integer> aliases = new java.util.TreeMap<>();
        session.visit(
                "SELECT alias, version FROM model_aliases WHERE model = ?",
                row -> {
                    aliases.put(row.getString(1), row.getInt(2));
                    return true;
                },
                name);
        return Optional.of(new RegisteredModel(
                bare.get().name(),
                bare.get().created(),
                bare.get().updated(),
                bare.get().description(),
                aliases,
                session.texts("SELECT key, value FROM registered_model_tags WHERE model = ?", name)));
    }

    static RegisteredModel require(Session session, String name) throws SQLException {
        return find(session, name)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "registered model: '" + name + "' (expected: one that exists)"));
    }

    public RegisteredModel describe(String name, String description) {
        return database.write(transaction -> {
            require(transaction, name);
            transaction.update("UPDATE registered_models SET description = ? WHERE name = ?", description, name);
            touch(transaction, name);
            return require(transaction, name);
        });
    }

    /** Gives a model another name; refused (STATE_CONFLICT) while an endpoint serves it, or an inference graph asks one of its versions. */
    public RegisteredModel rename(String name, String newName) {
        Names.model(newName);
        return database.write(transaction -> {
            require(transaction, name);
            if (name.equals(newName)) {
                return require(transaction, name);
            }
            if (transaction.exists("SELECT 1 FROM registered_models WHERE name = ?", newName)) {
                throw taken(newName);
            }
            if (transaction.exists("SELECT 1 FROM endpoints WHERE model = ?", name)) {
                throw new MillwrightException(
                        RegistryError.STATE_CONFLICT,
                        "registered model: '" + name
                                + "' belongs to an endpoint (expected: one that none serves). Register"
                                + " it under the new name instead.");
            }
            GraphMembers.requireUnused(transaction, name);
            move(transaction, name, newName);
            transaction.append("model.renamed", newName, Map.of("before", name));
            return require(transaction, newName);
        });
    }

    private static void move(Transaction transaction, String name, String newName) throws SQLException {
        transaction.update(
                "INSERT INTO registered_models (name, created, updated, description)"
                        + " SELECT ?, created, ?, description FROM registered_models WHERE name = ?",
                newName,
                transaction.now(),
                name);
        for (String table : List.of(
                "model_versions",
                "model_version_artifacts",
                "model_version_tags",
                "model_aliases",
                "registered_model_tags")) {
            transaction.update("UPDATE " + table + " SET model = ? WHERE model = ?", newName, name);
        }
        for (int version :
                transaction.list("SELECT version FROM model_versions WHERE model = ?", row -> row.getInt(1), newName)) {
            LineageNode before = LineageNode.model(name, version);
            LineageNode after = LineageNode.model(newName, version);
            transaction.update(
                    "UPDATE lineage_edges SET to_id = ? WHERE to_kind = ? AND to_id = ?",
                    after.id(),
                    after.kind(),
                    before.id());
            transaction.update(
                    "UPDATE lineage_edges SET from_id = ? WHERE from_kind = ? AND from_id = ?",
                    after.id(),
                    after.kind(),
                    before.id());
        }
        transaction.update("DELETE FROM registered_models WHERE name = ?", name);
    }

    /** Takes a model and its versions out of the lists; refused (STATE_CONFLICT) while an endpoint serves one of them. */
    public void delete(String name) {
        database.write(transaction -> {
            require(transaction, name);
            List<Integer> versions = transaction.list(
                    "SELECT version FROM model_versions WHERE model = ? AND status <> 'DELETED' ORDER BY version DESC",
                    row -> row.getInt(1),
                    name);
            for (int version : versions) {
                Models.delete(transaction, name, version);
            }
            transaction.update("DELETE FROM registered_model_tags WHERE model = ?", name);
            transaction.update(
                    "UPDATE registered_models SET deleted = ?, description = '' WHERE name = ?",
                    transaction.now(),
                    name);
            transaction.append("model.deleted", name, Map.of());
            return true;
        });
    }

    public void setTag(String name, String key, String value) {
        database.write(transaction -> {
            require(transaction, name);
            setTag(transaction, name, key, value);
            touch(transaction, name);
            return true;
        });
    }

    private static void setTag(Transaction transaction, String name, String key, String value) throws SQLException {
        Names.key("tag", key);
        transaction.update(
                "INSERT INTO registered_model_tags (model, key, value) VALUES (?, ?, ?)"
                        + " ON CONFLICT (model, key) DO UPDATE SET value = excluded.value",
                name,
                key,
                value);
    }

    /** Nothing happens when there is no such tag. */
    public void removeTag(String name, String key) {
        database.write(transaction -> {
            require(transaction, name);
            transaction.update("DELETE FROM registered_model_tags WHERE model = ? AND key = ?", name, key);
            touch(transaction, name);
            return true;
        });
    }

    private static void touch(Transaction transaction, String name) throws SQLException {
        transaction.update("UPDATE registered_models SET updated = ? WHERE name = ?", transaction.now(), name);
    }

    /** Those that match, a page of them. */
    public Page<RegisteredModel> search(SearchRequest request) {
        return database.read(session -> {
            Page<String> names = ModelSearch.models(session, request);
            List<RegisteredModel> found = new ArrayList<>();
            for (String name : names.items()) {
                found.add(require(session, name));
            }
            return new Page<>(found, names.next());
        });
    }

    /** Registers what a client says lies at a source, as the next version of a model that exists. */
    public ModelVersion register(NewRegistration version) {
        version.tags().keySet().forEach(key -> Names.key("tag", key));
        return database.write(transaction -> {
            require(transaction, version.model());
            ModelVersion registered = ModelRows.insert(transaction, version);
            touch(transaction, version.model());
            return registered;
        });
    }

    /** The version, unless it is deleted. */
    public ModelVersion loadVersion(String name, int version) {
        return database.read(session -> requireVersion(session, name, version));
    }

    private static ModelVersion requireVersion(Session session, String name, int version) throws SQLException {
        return ModelRows.find(session, name, version)
                .filter(found -> found.status() != ModelVersionStatus.DELETED)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND,
                        "model version: " + name + "/" + version + " (expected: a registered version)"));
    }

    public ModelVersion describeVersion(String name, int version, String description) {
        return database.write(transaction -> {
            requireVersion(transaction, name, version);
            transaction.update(
                    "UPDATE model_versions SET description = ?, updated = ? WHERE model = ? AND version = ?",
                    description,
                    transaction.now(),
                    name,
                    version);
            touch(transaction, name);
            return requireVersion(transaction, name, version);
        });
    }

    public void setVersionTag(String name, int version, String key, String value) {
        Names.key("tag", key);
        database.write(transaction -> {
            requireVersion(transaction, name, version);
            ModelRows.setTag(transaction, name, version, key, value);
            touch(transaction, name);
            return true;
        });
    }

    /** Nothing happens when there is no such tag. */
    public void removeVersionTag(String name, int version, String key) {
        database.write(transaction -> {
            requireVersion(transaction, name, version);
            transaction.update(
                    "DELETE FROM model_version_tags WHERE model = ? AND version = ? AND key = ?", name, version, key);
            touch(transaction, name);
            return true;
        });
    }

    /** What becomes of the versions that are in the stage already. */
    public enum Others {
        STAY,
        ARE_ARCHIVED
    }

    /** Moves a version to one of {@link #STAGES}, written in any case. */
    public ModelVersion moveToStage(String name, int version, String stage, Others others) {
        String known = STAGES.stream()
                .filter(it -> it.equalsIgnoreCase(stage))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        "stage: " + stage + " (expected: one of " + String.join(", ", STAGES) + ")"));
        boolean live = Set.of("Staging", "Production").contains(known);
        if (others == Others.ARE_ARCHIVED && !live) {
            throw new InvalidInputException("archive_existing_versions: true for stage " + known
                    + " (expected: false, or the stage Staging or Production)");
        }
        return database.write(transaction -> {
            requireVersion(transaction, name, version);
            if (others == Others.ARE_ARCHIVED) {
                transaction.update(
                        "UPDATE model_versions SET stage = 'Archived', updated = ?"
                                + " WHERE model = ? AND stage = ? AND version <> ? AND status <> 'DELETED'",
                        transaction.now(),
                        name,
                        known,
                        version);
            }
            transaction.update(
                    "UPDATE model_versions SET stage = ?, updated = ? WHERE model = ? AND version = ?",
                    known,
                    transaction.now(),
                    name,
                    version);
            touch(transaction, name);
            transaction.append(
                    "model_version.stage_changed",
                    LineageNode.model(name, version).id(),
                    Map.of("stage", known));
            return requireVersion(transaction, name, version);
        });
    }

    /** The newest version in each stage that has one, by stage. */
    public List<ModelVersion> latest(String name) {
        return database.read(session -> {
            require(session, name);
            return ModelRows.list(
                    session,
                    "v WHERE model = ? AND status <> 'DELETED' AND version = (SELECT MAX(version) FROM model_versions w"
                            + " WHERE w.model = v.model AND w.stage = v.stage AND w.status <> 'DELETED') ORDER BY stage",
                    name);
        });
    }

    /** Those that match, a page of them. */
    public Page<ModelVersion> searchVersions(SearchRequest request) {
        return database.read(session -> {
            Page<ModelSearch.VersionKey> keys = ModelSearch.versions(session, request);
            List<ModelVersion> found = new ArrayList<>();
            for (ModelSearch.VersionKey key : keys.items()) {
                found.add(ModelRows.require(session, key.model(), key.version()));
            }
            return new Page<>(found, keys.next());
        });
    }
}
