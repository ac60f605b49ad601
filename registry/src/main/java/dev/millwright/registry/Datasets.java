package dev.millwright.registry;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which dataset versions there are, and which runs used them. The rows themselves are in the lake. Thread-safe. */
public final class Datasets {
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
            Optional<RecordedDataset> known = DatasetRows.bySnapshot(transaction, used);
            RecordedDataset dataset =
                    known.isPresent() ? known.get() : DatasetRows.insert(transaction, used, fingerprint);
            if (!dataset.fingerprint().equals(fingerprint)) {
                throw new MillwrightException(
                        RegistryError.STATE_CONFLICT,
                        "dataset: snapshot " + used.snapshot() + " of " + used.dataset() + " has the fingerprint "
                                + fingerprint + " (expected: " + dataset.fingerprint() + ", as first recorded)");
            }
            DatasetRows.link(transaction, runId, dataset.dataset(), dataset);
            return dataset;
        });
    }

    /**
     * Records that a run reads a version that is there already.
     *
     * @param table what the run calls it
     */
    public void use(String runId, String table, RecordedDataset used) {
        database.write(transaction -> {
            RunRows.require(transaction, runId);
            DatasetRows.link(transaction, runId, table, used);
            return used;
        });
    }

    /** The newest version of each dataset, by name. */
    public List<RecordedDataset> list() {
        return database.read(session -> session.list(
                DatasetRows.SELECT
                        + "JOIN (SELECT dataset, MAX(version) AS version FROM dataset_versions GROUP BY dataset) newest"
                        + " ON d.dataset = newest.dataset AND d.version = newest.version ORDER BY d.dataset",
                DatasetRows::read));
    }

    /** All versions of one dataset, newest first; none when there is no such dataset. */
    public List<RecordedDataset> versions(String dataset) {
        return database.read(session -> session.list(
                DatasetRows.SELECT + "WHERE d.dataset = ? ORDER BY d.version DESC", DatasetRows::read, dataset));
    }

    /**
     * All versions of one dataset, newest first.
     *
     * @throws MillwrightException {@link RegistryError#NOT_FOUND} when there is no such dataset
     */
    public List<RecordedDataset> loadVersions(String dataset) {
        List<RecordedDataset> versions = versions(dataset);
        if (versions.isEmpty()) {
            throw new MillwrightException(
                    RegistryError.NOT_FOUND,
                    "dataset: " + dataset + " (expected: one that a run read)."
                            + Words.suggestion(
                                    dataset,
                                    list().stream()
                                            .map(RecordedDataset::dataset)
                                            .toList()));
        }
        return versions;
    }

    /** What a run reads, each version once, by dataset. */
    public List<RecordedDataset> usedBy(String runId) {
        return tables(runId).values().stream()
                .distinct()
                .sorted(Comparator.comparing(RecordedDataset::dataset).thenComparing(RecordedDataset::version))
                .toList();
    }

    /** What a run reads, by the names that its pipeline file gives them. */
    public Map<String, RecordedDataset> tables(String runId) {
        Map<String, RecordedDataset> tables = new TreeMap<>();
        database.read(session -> {
            session.visit(
                    "SELECT " + DatasetRows.COLUMNS + ", r.table_name FROM dataset_versions d"
                            + " JOIN run_datasets r ON r.dataset = d.dataset AND r.version = d.version"
                            + " WHERE r.run_id = ?",
                    row -> {
                        tables.put(row.getString("table_name"), DatasetRows.read(row));
                        return true;
                    },
                    runId);
            return tables;
        });
        return tables;
    }

    /** The runs that read a version, and the models that were trained on it. */
    public DatasetUse useOf(RecordedDataset version) {
        return database.read(session -> DatasetUse.read(session, version));
    }

    /**
     * The version that a reference means.
     *
     * @throws MillwrightException {@link RegistryError#NOT_FOUND} when there is none
     */
    public RecordedDataset load(DatasetReference reference) {
        List<RecordedDataset> versions = loadVersions(reference.dataset());
        return versions.stream()
                .filter(version -> switch (reference.choice()) {
                    case DatasetReference.Choice.Newest() -> true;
                    case DatasetReference.Choice.Numbered(int number) -> version.version() == number;
                    case DatasetReference.Choice.AsOf(Instant time) ->
                        !version.recorded().isAfter(time);
                })
                .findFirst()
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "dataset: " + reference + " (expected: " + offer(versions) + ")"));
    }

    private static String offer(List<RecordedDataset> versions) {
        RecordedDataset oldest = versions.getLast();
        return "a version from v" + oldest.version() + ", recorded at " + oldest.recorded() + ", to v"
                + versions.getFirst().version();
    }

    public Optional<RecordedDataset> find(String dataset, int version) {
        return database.read(session -> session.find(
                DatasetRows.SELECT + "WHERE d.dataset = ? AND d.version = ?", DatasetRows::read, dataset, version));
    }
}
