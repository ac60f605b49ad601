package dev.millwright.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The table {@code model_versions} and those that hang on it. */
final class ModelRows {
    private static final String SELECT =
            "SELECT model, version, major, minor, patch, run_id, signature, status, created, updated, source, run_link,"
                    + " description, stage, user_id, logged_model_id FROM model_versions ";
    private static final String INSERT =
            "INSERT INTO model_versions (model, version, major, minor, patch, run_id, signature, status, created, updated,"
                    + " source, run_link, description, stage, user_id, logged_model_id)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private ModelRows() {}

    static ModelVersion insert(Transaction transaction, NewModelVersion model) throws SQLException {
        RunRows.require(transaction, model.runId());
        register(transaction, model.model());
        Optional<ModelVersion> before = newest(transaction, model.model());
        int version = before.map(ModelVersion::version).orElse(0) + 1;
        SemanticVersion semantic = before.map(
                        it -> SemanticVersion.after(it, Optional.of(model.runId()), Optional.of(model.signature())))
                .orElse(SemanticVersion.FIRST);
        transaction.update(
                INSERT,
                model.model(),
                version,
                semantic.major(),
                semantic.minor(),
                semantic.patch(),
                model.runId(),
                Json.write(model.signature()),
                ModelVersionStatus.READY,
                transaction.now(),
                transaction.now(),
                ownSource(model.model(), version),
                "",
                "",
                Registration.NO_STAGE,
                "",
                null);
        insertParts(transaction, model.model(), version, model.artifacts(), model.tags());
        recordEvent(transaction, model.model(), version, semantic, Optional.of(model.runId()), model.artifacts());
        return require(transaction, model.model(), version);
    }

    /** Where clients find the files of a version that a pipeline made. */
    static String ownSource(String model, int version) {
        return Registry.ARTIFACT_ROOT + "models/" + model + "/" + version;
    }

    /** Registers what a client says lies at a source; the model is there already. */
    static ModelVersion insert(Transaction transaction, NewRegistration version) throws SQLException {
        if (version.runId().isPresent()) {
            RunRows.require(transaction, version.runId().get());
        }
        if (version.loggedModelId().isPresent()) {
            LoggedModelRows.require(transaction, version.loggedModelId().get());
        }
        Optional<ModelVersion> before = newest(transaction, version.model());
        int number = before.map(ModelVersion::version).orElse(0) + 1;
        SemanticVersion semantic = before.map(it -> SemanticVersion.after(it, version.runId(), version.signature()))
                .orElse(SemanticVersion.FIRST);
        transaction.update(
                INSERT,
                version.model(),
                number,
                semantic.major(),
                semantic.minor(),
                semantic.patch(),
                version.runId(),
                version.signature().map(Json::write),
                ModelVersionStatus.READY,
                transaction.now(),
                transaction.now(),
                version.source().equals(NewRegistration.OWN_FILES)
                        ? ownSource(version.model(), number)
                        : version.source(),
                version.runLink(),
                version.description(),
                Registration.NO_STAGE,
                version.user(),
                version.loggedModelId());
        insertParts(transaction, version.model(), number, version.artifacts(), version.tags());
        GraphMembers.link(transaction, version.members(), LineageNode.model(version.model(), number));
        recordEvent(transaction, version.model(), number, semantic, version.runId(), version.artifacts());
        return require(transaction, version.model(), number);
    }

    /** Registers a version of another registry under its number, with its times. */
    static ModelVersion insert(Transaction transaction, ImportedVersion version) throws SQLException {
        SemanticVersion semantic = newest(transaction, version.model())
                .map(it -> SemanticVersion.after(it, version.runId(), Optional.empty()))
                .orElse(SemanticVersion.FIRST);
        transaction.update(
                INSERT,
                version.model(),
                version.version(),
                semantic.major(),
                semantic.minor(),
                semantic.patch(),
                version.runId(),
                null,
                ModelVersionStatus.READY,
                version.created(),
                version.updated(),
                version.source(),
                version.runLink(),
                version.description(),
                version.stage(),
                version.user(),
                version.loggedModelId());
        insertParts(transaction, version.model(), version.version(), Map.of(), version.tags());
        recordEvent(transaction, version.model(), version.version(), semantic, version.runId(), Map.of());
        return require(transaction, version.model(), version.version());
    }

    static ModelVersion makeServable(
            Transaction transaction,
            ModelVersion version,
            Optional<ModelSignature> signature,
            Map<String, Artifact> artifacts,
            Map<String, String> tags)
            throws SQLException {
        transaction.update(
                "UPDATE model_versions SET signature = ?, updated = ? WHERE model = ? AND version = ?",
                signature.map(Json::write),
                transaction.now(),
                version.model(),
                version.version());
        insertParts(transaction, version.model(), version.version(), artifacts, tags);
        Map<String, String> data = new TreeMap<>(tags);
        artifacts.forEach((name, artifact) -> data.put("artifact:" + name, artifact.sha256()));
        transaction.append("model_version.made_servable", version.id(), data);
        return require(transaction, version.model(), version.version());
    }

    /** Makes the model if there is none, or brings it back. */
    static void register(Transaction transaction, String model) throws SQLException {
        boolean known = transaction.exists("SELECT 1 FROM registered_models WHERE name = ? AND deleted IS NULL", model);
        transaction.update(
                "INSERT INTO registered_models (name, created, updated) VALUES (?, ?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET updated = excluded.updated, deleted = NULL",
                model,
                transaction.now(),
                transaction.now());
        if (!known) {
            transaction.append("model.created", model, Map.of());
        }
    }

    private static void insertParts(
            Transaction transaction,
            String model,
            int version,
            Map<String, Artifact> artifacts,
            Map<String, String> tags)
            throws SQLException {
        for (Map.Entry<String, Artifact> artifact : artifacts.entrySet()) {
            transaction.update(
                    "INSERT INTO model_version_artifacts (model, version, name, sha256, size) VALUES (?, ?, ?, ?, ?)",
                    model,
                    version,
                    artifact.getKey(),
                    artifact.getValue().sha256(),
                    artifact.getValue().size());
        }
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            setTag(transaction, model, version, tag.getKey(), tag.getValue());
        }
    }

    private static void recordEvent(
            Transaction transaction,
            String model,
            int version,
            SemanticVersion semantic,
            Optional<String> runId,
            Map<String, Artifact> artifacts)
            throws SQLException {
        Map<String, String> data = new TreeMap<>();
        data.put("semantic_version", semantic.toString());
        artifacts.forEach((name, artifact) -> data.put("artifact:" + name, artifact.sha256()));
        LineageNode node = LineageNode.model(model, version);
        if (runId.isPresent()) {
            data.put("run", runId.get());
            LineageEdge.link(
                    transaction,
                    LineageNode.run(runId.get()),
                    node,
                    Json.text(Map.of("semantic_version", semantic.toString())));
        }
        transaction.append("model_version.registered", node.id(), data);
    }

    static void setTag(Transaction transaction, String model, int version, String key, String value)
            throws SQLException {
        transaction.update(
                "INSERT INTO model_version_tags (model, version, key, value) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (model, version, key) DO UPDATE SET value = excluded.value",
                model,
                version,
                key,
                value);
    }

    static ModelVersion require(Session session, String model, int version) throws SQLException {
        return find(session, model, version)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND,
                        "model version: " + model + "/" + version + " (expected: a registered version)"));
    }

    /** Of any status. */
    static Optional<ModelVersion> find(Session session, String model, int version) throws SQLException {
        Optional<Row> row = session.find(SELECT + "WHERE model = ? AND version = ?", Row::read, model, version);
        return row.isPresent() ? Optional.of(complete(session, row.get())) : Optional.empty();
    }

    private static Optional<ModelVersion> newest(Session session, String model) throws SQLException {
        Optional<Row> row = session.find(SELECT + "WHERE model = ? ORDER BY version DESC LIMIT 1", Row::read, model);
        return row.isPresent() ? Optional.of(complete(session, row.get())) : Optional.empty();
    }

    static List<ModelVersion> list(Session session, String where, Object... arguments) throws SQLException {
        List<Row> rows = session.list(SELECT + where, Row::read, arguments);
        List<ModelVersion> versions = new ArrayList<>();
        for (Row row : rows) {
            versions.add(complete(session, row));
        }
        return List.copyOf(versions);
    }

    private record Row(
            String model,
            int version,
            SemanticVersion semantic,
            Optional<String> runId,
            Optional<String> signature,
            ModelVersionStatus status,
            long created,
            Registration registration) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getString(1),
                    row.getInt(2),
                    new SemanticVersion(row.getInt(3), row.getInt(4), row.getInt(5)),
                    Optional.ofNullable(row.getString(6)),
                    Optional.ofNullable(row.getString(7)),
                    ModelVersionStatus.valueOf(row.getString(8)),
                    row.getLong(9),
                    new Registration(
                            row.getString(11),
                            row.getString(12),
                            row.getString(13),
                            row.getString(14),
                            row.getString(15),
                            Optional.ofNullable(row.getString(16)),
                            Micros.instant(row.getLong(10))));
        }
    }

    private static ModelVersion complete(Session session, Row row) throws SQLException {
        return new ModelVersion(
                row.model(),
                row.version(),
                row.semantic(),
                row.runId(),
                row.signature().map(json -> Json.read(json, new TypeReference<ModelSignature>() {})),
                row.status(),
                artifacts(session, row),
                tags(session, row),
                session.list(
                        "SELECT alias FROM model_aliases WHERE model = ? AND version = ? ORDER BY alias",
                        alias -> alias.getString(1),
                        row.model(),
                        row.version()),
                Micros.instant(row.created()),
                row.registration());
    }

    private static Map<String, Artifact> artifacts(Session session, Row row) throws SQLException {
        Map<String, Artifact> artifacts = new TreeMap<>();
        session.visit(
                "SELECT name, sha256, size FROM model_version_artifacts WHERE model = ? AND version = ?",
                part -> {
                    artifacts.put(part.getString(1), new Artifact(part.getString(2), part.getLong(3)));
                    return true;
                },
                row.model(),
                row.version());
        return artifacts;
    }

    private static Map<String, String> tags(Session session, Row row) throws SQLException {
        Map<String, String> tags = new TreeMap<>();
        session.visit(
                "SELECT key, value FROM model_version_tags WHERE model = ? AND version = ?",
                part -> {
                    tags.put(part.getString(1), part.getString(2));
                    return true;
                },
                row.model(),
                row.version());
        return tags;
    }
}
