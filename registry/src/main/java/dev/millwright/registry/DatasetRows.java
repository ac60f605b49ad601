package dev.millwright.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables {@code dataset_versions} and {@code run_datasets}. */
final class DatasetRows {
    /** Of {@code dataset_versions d}, as {@link #read} takes them. */
    static final String COLUMNS = "d.dataset, d.version, d.snapshot, d.fingerprint, d.schema, d.rows_read, d.row_count,"
            + " d.quarantined, d.recorded, d.restores, d.expired";

    static final String SELECT = "SELECT " + COLUMNS + " FROM dataset_versions d ";

    private DatasetRows() {}

    /** Adds a version, and says in the event what made it. */
    static RecordedDataset insert(Transaction transaction, DatasetVersion used, Made made) throws SQLException {
        int version = transaction
                .find(
                        "SELECT COALESCE(MAX(version), 0) + 1 FROM dataset_versions WHERE dataset = ?",
                        row -> row.getInt(1),
                        used.dataset())
                .orElseThrow();
        transaction.update(
                "INSERT INTO dataset_versions (dataset, version, snapshot, fingerprint, schema, rows_read, row_count,"
                        + " quarantined, recorded, restores) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                used.dataset(),
                version,
                used.snapshot(),
                made.fingerprint(),
                Json.write(used.schema()),
                used.rowsRead(),
                used.rows(),
                used.quarantined(),
                transaction.now(),
                made.restores().orElse(null));
        Map<String, String> data = new TreeMap<>();
        data.put("snapshot", Long.toString(used.snapshot()));
        data.put("fingerprint", made.fingerprint());
        data.put("rows", Long.toString(used.rows()));
        data.put("quarantined", Long.toString(used.quarantined()));
        made.restores().ifPresent(restored -> data.put("restores", Integer.toString(restored)));
        made.replays().ifPresent(replayed -> data.put("replays", Integer.toString(replayed)));
        made.reason().ifPresent(reason -> data.put("reason", reason));
        transaction.append(made.event(), used.dataset() + "/" + version, data);
        return bySnapshot(transaction, used).orElseThrow();
    }

    /**
     * How a version came to be.
     *
     * @param fingerprint a hash of what its rows were made from
     * @param restores the version that a rollback led to
     * @param replays the version that had set rows aside that joined it
     * @param reason of the rollback
     */
    record Made(String fingerprint, Optional<Integer> restores, Optional<Integer> replays, Optional<String> reason) {
        static Made from(String fingerprint) {
            return new Made(fingerprint, Optional.empty(), Optional.empty(), Optional.empty());
        }

        String event() {
            return "dataset_version."
                    + (restores.isPresent() ? "rolled_back" : replays.isPresent() ? "replayed" : "recorded");
        }
    }

    /** @throws MillwrightException {@link RegistryError#STATE_CONFLICT} when the rows of a version were given up */
    static void requireRows(Session session, RecordedDataset version) throws SQLException {
        if (session.exists(
                "SELECT 1 FROM dataset_versions WHERE dataset = ? AND version = ? AND expired IS NOT NULL",
                version.dataset(),
                version.version())) {
            throw new MillwrightException(
                    RegistryError.STATE_CONFLICT,
                    "dataset: " + version.name() + " has expired (expected: a version whose rows are kept)");
        }
    }

    /** A run reads one version under a name: one that was resumed may find newer data. */
    static void link(Transaction transaction, String runId, String table, RecordedDataset dataset) throws SQLException {
        transaction.update(
                "INSERT INTO run_datasets (run_id, table_name, dataset, version) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (run_id, table_name) DO UPDATE SET dataset = excluded.dataset,"
                        + " version = excluded.version",
                runId,
                table,
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

    static Optional<RecordedDataset> bySnapshot(Session session, DatasetVersion used) throws SQLException {
        return session.find(
                SELECT + "WHERE d.dataset = ? AND d.snapshot = ?", DatasetRows::read, used.dataset(), used.snapshot());
    }

    private static Optional<Long> optional(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    static RecordedDataset read(ResultSet row) throws SQLException {
        return new RecordedDataset(
                row.getString(1),
                row.getInt(2),
                row.getLong(3),
                row.getString(4),
                Json.read(row.getString(5), new TypeReference<Schema>() {}),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                Micros.instant(row.getLong(9)),
                optional(row, 10).map(Math::toIntExact),
                optional(row, 11).map(Micros::instant));
    }
}
