package dev.millwright.registry;

import dev.millwright.core.Ids;
import dev.millwright.core.MillwrightException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models that clients logged. Thread-safe. */
public final class LoggedModels {
    private final Database database;
    private final Ids ids;

    LoggedModels(Database database, InstantSource clock) {
        this.database = database;
        this.ids = new Ids(clock);
    }

    /** Announces a model: it is pending until its files are there. */
    public LoggedModel create(NewLoggedModel model) {
        String id = "m-" + ids.compact();
        return database.write(transaction -> LoggedModelRows.insert(transaction, id, model));
    }

    /** The model, unless there is none or it is deleted. */
    public LoggedModel load(String id) {
        return database.read(session -> LoggedModelRows.require(session, id));
    }

    /** The same, for those who can do without. */
    public Optional<LoggedModel> find(String id) {
        return database.read(session -> LoggedModelRows.find(session, id));
    }

    /** Those that a run made and that are not deleted, the newest last. */
    public List<LoggedModel> madeBy(String runId) {
        return database.read(session -> LoggedModelRows.list(
                session, "WHERE deleted IS NULL AND source_run_id = ? ORDER BY created, model_id", runId));
    }

    /** Says how its files are. */
    public LoggedModel finish(String id, LoggedModel.Status status) {
        return database.write(transaction -> {
            LoggedModelRows.require(transaction, id);
            transaction.update(
                    "UPDATE logged_models SET status = ?, updated = ? WHERE model_id = ?",
                    status,
                    transaction.now(),
                    id);
            return LoggedModelRows.require(transaction, id);
        });
    }

    public LoggedModel setTags(String id, Map<String, String> tags) {
        return database.write(transaction -> {
            LoggedModelRows.require(transaction, id);
            LoggedModelRows.setTags(transaction, id, tags);
            return LoggedModelRows.require(transaction, id);
        });
    }

    /** Throws NOT_FOUND when the model has no such tag. */
    public void removeTag(String id, String key) {
        database.write(transaction -> {
            LoggedModelRows.require(transaction, id);
            if (transaction.update("DELETE FROM logged_model_tags WHERE model_id = ? AND key = ?", id, key) == 0) {
                throw new MillwrightException(
                        RegistryError.NOT_FOUND,
                        "tag: logged model " + id + " has no '" + key + "' (expected: a tag it has)");
            }
            return true;
        });
    }

    /** Adds params; one that is there keeps its value. */
    public void addParams(String id, Map<String, String> params) {
        database.write(transaction -> {
            LoggedModelRows.require(transaction, id);
            LoggedModelRows.setParams(transaction, id, params);
            return true;
        });
    }

    public void delete(String id) {
        database.write(transaction -> {
            LoggedModelRows.require(transaction, id);
            return transaction.update(
                    "UPDATE logged_models SET deleted = ?, updated = ? WHERE model_id = ?",
                    transaction.now(),
                    transaction.now(),
                    id);
        });
    }

    /** Those that match, a page of them. */
    public Page<LoggedModel> search(LoggedModelRequest request) {
        return database.read(session -> LoggedModelSearch.run(session, request));
    }
}
