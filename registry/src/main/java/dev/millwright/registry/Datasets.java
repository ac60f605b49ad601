package dev.millwright.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which dataset versions there are, and which runs used them. The rows themselves are in the lake. Thread-safe. */
public final class Datasets {
    private static final String SELECT = "SELECT d.dataset, d.version, d.snapshot, d.fingerprint, d.schema,"
            + " d.rows_read, d.row_count, d.quarantined, d.recorded FROM dataset_versions d ";

    private final Database database;

    Datasets(Database database) {
        this.database = database;
    }

    /**
     * Records that a run uses a dataset version; a snapshot that is new gets the next version number.
     *
     * @param fingerprint a hash of the rows
     */
    public RecordedDataset record(String runId, DatasetVersion used, String fingerprint) {
        Names.require("dataset", used.dataset());
        return database.write(transaction -> {
            RunRows.require(transaction, runId);
            Optional<RecordedDataset> known = bySnapshot(transaction, used);
            RecordedDataset dataset = known.isPresent() ? known.get() : insert(transaction, used, fingerprint);
            if (!dataset.fingerprint().equals(fingerprint)) {
                throw new MillwrightException(
                        RegistryError.STATE_CONFLICT,
                        "dataset: snapshot " + used.snapshot() + " of " + used.dataset() + " has the fingerprint "
                                + fingerprint + " (expected: " + dataset.fingerprint() + ", as first recorded)");
            }
            link(transaction, runId, dataset);
            return dataset;
        });
    }

    private static RecordedDataset insert(Transaction transaction, DatasetVersion used, String fingerprint)
            throws SQLException {
        int version = transaction
                .find(
                        "SELECT COALESCE(MAX(version), 0) + 1 FROM dataset_versions WHERE dataset = ?",
                        row -> row.getInt(1),
                        used.dataset())
                .orElseThrow();
        transaction.update(
                "INSERT INTO dataset_versions (dataset, version, snapshot, fingerprint, schema, rows_read, row_count,"
                        + " quarantined, recorded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                used.dataset(),
                version,
                used.snapshot(),
                fingerprint,
                Json.write(used.schema()),
                used.rowsRead(),
                used.rows(),
                used.quarantined(),
                transaction.now());
        Map<String, String> data = new TreeMap<>();
        data.put("snapshot", Long.toString(used.snapshot()));
        data.put("fingerprint", fingerprint);
        data.put("rows", Long.toString(used.rows()));
        data.put("quarantined", Long.toString(used.quarantined()));
        transaction.append("dataset_version.recorded", used.dataset() + "/" + version, data);
        return bySnapshot(transaction, used).orElseThrow();
    }

    private static void link(Transaction transaction, String runId, RecordedDataset dataset) throws SQLException {
        transaction.update(
                "INSERT INTO run_datasets (run_id, dataset, version) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                runId,
                dataset.dataset(),
                dataset.version());
        Map<String, String> payload = new TreeMap<>();
        payload.put("snapshot", Long.toString(dataset.snapshot()));
        payload.put("fingerprint", dataset.fingerprint());
        LineageEdge.link(
                transaction,
                LineageNode.dataset(dataset.dataset(), dataset.version()),
                LineageNode.run(runId),
                Json.text(payload));
    }

    private static Optional<RecordedDataset> bySnapshot(Session session, DatasetVersion used) throws SQLException {
        return session.find(
                SELECT + "WHERE d.dataset = ? AND d.snapshot = ?", Datasets::read, used.dataset(), used.snapshot());
    }

    private static RecordedDataset read(ResultSet row) throws SQLException {
        return new RecordedDataset(
                row.getString(1),
                row.getInt(2),
                row.getLong(3),
                row.getString(4),
                Json.read(row.getString(5), new TypeReference<Schema>() {}),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                Micros.instant(row.getLong(9)));
    }

    /** The newest version of each dataset, by name. */
    public List<RecordedDataset> list() {
        return database.read(session -> session.list(
                SELECT + "JOIN (SELECT dataset, MAX(version) AS version FROM dataset_versions GROUP BY dataset) newest"
                        + " ON d.dataset = newest.dataset AND d.version = newest.version ORDER BY d.dataset",
                Datasets::read));
    }

    /** All versions of one dataset, newest first. */
    public List<RecordedDataset> versions(String dataset) {
        return database.read(session ->
                session.list(SELECT + "WHERE d.dataset = ? ORDER BY d.version DESC", Datasets::read, dataset));
    }

    /** What a run uses, by name. */
    public List<RecordedDataset> usedBy(String runId) {
        return database.read(session -> session.list(
                SELECT + "JOIN run_datasets r ON r.dataset = d.dataset AND r.version = d.version"
                        + " WHERE r.run_id = ? ORDER BY d.dataset, d.version",
                Datasets::read,
                runId));
    }

    public Optional<RecordedDataset> find(String dataset, int version) {
        return database.read(session ->
                session.find(SELECT + "WHERE d.dataset = ? AND d.version = ?", Datasets::read, dataset, version));
    }
}
