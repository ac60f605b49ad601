package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The experiments of a home; the first, {@code 0}, is {@code Default}. Thread-safe. */
public final class Experiments {
    private static final String SELECT =
            "SELECT experiment_id, name, artifact_location, deleted, created, updated FROM experiments ";

    private static final Pattern ID = Pattern.compile("0|[1-9]\\d{0,17}");

    private final Database database;
    private final ArtifactRoot artifactRoot;

    Experiments(Database database, ArtifactRoot artifactRoot) {
        this.database = database;
        this.artifactRoot = artifactRoot;
    }

    /** Puts the experiment that every home begins with under the artifact root, as long as nothing was logged to it. */
    void moveFirst() {
        if (artifactRoot.equals(ArtifactRoot.SERVER)) {
            return;
        }
        database.write(transaction -> transaction.update(
                "UPDATE experiments SET artifact_location = ? WHERE experiment_id = 0 AND artifact_location = ?"
                        + " AND NOT EXISTS (SELECT 1 FROM runs WHERE experiment_id = 0)"
                        + " AND NOT EXISTS (SELECT 1 FROM logged_models WHERE experiment_id = 0)",
                artifactRoot.uri("0"),
                ArtifactRoot.SERVER.uri("0")));
    }

    public Experiment create(String name) {
        return create(NewExperiment.of(name));
    }

    /** Throws ALREADY_EXISTS when the name is taken, be it by a deleted one. */
    public Experiment create(NewExperiment experiment) {
        return database.write(transaction -> {
            requireFree(transaction, experiment.name());
            return insert(transaction, experiment);
        });
    }

    private static void requireFree(Session session, String name) throws SQLException {
        Optional<Experiment> known = byName(session, name);
        if (known.isPresent()) {
            boolean deleted = known.get().lifecycle() == Lifecycle.DELETED;
            throw new MillwrightException(
                    RegistryError.ALREADY_EXISTS,
                    "experiment: '" + name + "' exists" + (deleted ? " and is deleted" : "")
                            + " (expected: a new name). "
                            + (deleted ? "Restore it, or choose another." : "Use it, or choose another."));
        }
    }

    /** The experiment of that name, created if there is none, restored if it was deleted. */
    public Experiment findOrCreate(String name) {
        Names.require("experiment", name);
        Optional<Experiment> known = findByName(name).filter(it -> it.lifecycle() == Lifecycle.ACTIVE);
        return known.orElseGet(() -> database.write(transaction -> {
            Optional<Experiment> meanwhile = byName(transaction, name);
            if (meanwhile.isEmpty()) {
                return insert(transaction, NewExperiment.of(name));
            }
            setDeleted(transaction, meanwhile.get().id(), Optional.empty());
            return require(transaction, meanwhile.get().id());
        }));
    }

    private Experiment insert(Transaction transaction, NewExperiment experiment) throws SQLException {
        transaction.update(
                "INSERT INTO experiments (name, created, updated, artifact_location) VALUES (?, ?, ?, ?)",
                experiment.name(),
                transaction.now(),
                transaction.now(),
                experiment.artifactLocation().orElse(""));
        String id = byName(transaction, experiment.name()).orElseThrow().id();
        if (experiment.artifactLocation().isEmpty()) {
            transaction.update(
                    "UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?",
                    artifactRoot.uri(id),
                    key(id));
        }
        for (Map.Entry<String, String> tag : experiment.tags().entrySet()) {
            setTag(transaction, id, tag.getKey(), tag.getValue());
        }
        transaction.append("experiment.created", id, Map.of("name", experiment.name()));
        return require(transaction, id);
    }

    private static Optional<Experiment> byName(Session session, String name) throws SQLException {
        return find(session, "WHERE name = ?", name);
    }

    /** The experiment of that name, a deleted one too. */
    public Optional<Experiment> findByName(String name) {
        return database.read(session -> byName(session, name));
    }

    /** The experiment, a deleted one too. */
    public Experiment load(String id) {
        return database.read(session -> require(session, id));
    }

    static Experiment require(Session session, String id) throws SQLException {
        return find(session, "WHERE experiment_id = ?", key(id))
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "experiment: " + id + " (expected: the id of an experiment)"));
    }

    static Experiment requireActive(Session session, String id) throws SQLException {
        Experiment experiment = require(session, id);
        if (experiment.lifecycle() == Lifecycle.DELETED) {
            throw new InvalidInputException(
                    "experiment: " + id + " is deleted (expected: an active one). Restore it first.");
        }
        return experiment;
    }

    /** The key of the row; of a text that is no id, one that no row has. */
    static long key(String id) {
        return ID.matcher(id).matches() ? Long.parseLong(id) : -1;
    }

    private static Optional<Experiment> find(Session session, String where, Object argument) throws SQLException {
        List<Experiment> found = list(session, where, argument);
        return found.stream().findFirst();
    }

    /** Those that the end of a query, beginning with WHERE or ORDER BY, asks for. */
    static List<Experiment> list(Session session, String end, Object... arguments) throws SQLException {
        List<Experiment> complete = new ArrayList<>();
        for (Experiment bare : session.list(SELECT + end, Experiments::read, arguments)) {
            complete.add(new Experiment(
                    bare.id(),
                    bare.name(),
                    bare.artifactLocation(),
                    bare.lifecycle(),
                    bare.created(),
                    bare.updated(),
                    session.texts("SELECT key, value FROM experiment_tags WHERE experiment_id = ?", key(bare.id()))));
        }
        return List.copyOf(complete);
    }

    private static Experiment read(ResultSet row) throws SQLException {
        return new Experiment(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Columns.instant(row, 4).isPresent() ? Lifecycle.DELETED : Lifecycle.ACTIVE,
                Micros.instant(row.getLong(5)),
                Micros.instant(row.getLong(6)),
                Map.of());
    }

    /** Those that are not deleted, oldest first. */
    public List<Experiment> list() {
        return database.read(session -> list(session, "WHERE deleted IS NULL ORDER BY experiment_id"));
    }

    /** Those that match, a page of them. */
    public Page<Experiment> search(SearchRequest request) {
        return database.read(session -> ExperimentSearch.run(session, request));
    }

    /** Throws ALREADY_EXISTS when the name is taken. */
    public void rename(String id, String name) {
        Names.require("experiment", name, Names.LONGEST_EXPERIMENT);
        database.write(transaction -> {
            Experiment before = requireActive(transaction, id);
            if (before.name().equals(name)) {
                return false;
            }
            requireFree(transaction, name);
            transaction.update(
                    "UPDATE experiments SET name = ?, updated = ? WHERE experiment_id = ?",
                    name,
                    transaction.now(),
                    key(id));
            transaction.append("experiment.renamed", id, Map.of("before", before.name(), "name", name));
            return true;
        });
    }

    /** Deletes an experiment and its runs, until they are restored. */
    public void delete(String id) {
        database.write(transaction -> {
            requireActive(transaction, id);
            setDeleted(transaction, id, Optional.of(transaction.now()));
            return true;
        });
    }

    /** Restores a deleted experiment and the runs that were deleted with it. */
    public void restore(String id) {
        database.write(transaction -> {
            if (require(transaction, id).lifecycle() == Lifecycle.ACTIVE) {
                throw new InvalidInputException("experiment: " + id + " is active (expected: a deleted one)");
            }
            setDeleted(transaction, id, Optional.empty());
            return true;
        });
    }

    private static void setDeleted(Transaction transaction, String id, Optional<Instant> deleted) throws SQLException {
        if (deleted.isPresent()) {
            transaction.update(
                    "UPDATE runs SET deleted = ? WHERE experiment_id = ? AND deleted IS NULL", deleted, key(id));
        } else {
            transaction.update(
                    "UPDATE runs SET deleted = NULL WHERE experiment_id = ? AND deleted ="
                            + " (SELECT deleted FROM experiments WHERE experiment_id = ?)",
                    key(id),
                    key(id));
        }
        transaction.update(
                "UPDATE experiments SET deleted = ?, updated = ? WHERE experiment_id = ?",
                deleted,
                transaction.now(),
                key(id));
        transaction.append(deleted.isPresent() ? "experiment.deleted" : "experiment.restored", id, Map.of());
    }

    public void setTag(String id, String key, String value) {
        database.write(transaction -> {
            requireActive(transaction, id);
            setTag(transaction, id, key, value);
            touch(transaction, id);
            return true;
        });
    }

    private static void setTag(Transaction transaction, String id, String key, String value) throws SQLException {
        Names.key("tag", key);
        transaction.update(
                "INSERT INTO experiment_tags (experiment_id, key, value) VALUES (?, ?, ?)"
                        + " ON CONFLICT (experiment_id, key) DO UPDATE SET value = excluded.value",
                key(id),
                key,
                value);
    }

    /** Throws NOT_FOUND when it has no such tag. */
    public void removeTag(String id, String key) {
        database.write(transaction -> {
            requireActive(transaction, id);
            int removed =
                    transaction.update("DELETE FROM experiment_tags WHERE experiment_id = ? AND key = ?", key(id), key);
            if (removed == 0) {
                throw new MillwrightException(
                        RegistryError.NOT_FOUND, "tag: experiment " + id + " has no '" + key + "'");
            }
            touch(transaction, id);
            return true;
        });
    }

    private static void touch(Transaction transaction, String id) throws SQLException {
        transaction.update("UPDATE experiments SET updated = ? WHERE experiment_id = ?", transaction.now(), key(id));
    }
}
