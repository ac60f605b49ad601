package dev.millwright.registry;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which dataset versions there are, and which runs used them. The rows themselves are in the lake. Thread-safe. */
public final class Datasets {
    private final Database database;
    private final DatasetTags tags;

    Datasets(Database database) {
        this.database = database;
        this.tags = new DatasetTags(database);
    }

    public DatasetTags tags() {
        return tags;
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
            RecordedDataset dataset = known.isPresent()
                    ? known.get()
                    : DatasetRows.insert(transaction, used, DatasetRows.Made.from(fingerprint));
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
     * Records that a dataset was rolled back: the newest version has the rows of an earlier one. Nothing happens when that is known.
     *
     * @param made the new version, which the lake has already
     */
    public RecordedDataset recordRollback(DatasetVersion made, RecordedDataset restored, String reason) {
        return database.write(transaction -> {
            Optional<RecordedDataset> known = DatasetRows.bySnapshot(transaction, made);
            return known.isPresent()
                    ? known.get()
                    : DatasetRows.insert(
                            transaction,
                            made,
                            new DatasetRows.Made(
                                    restored.fingerprint(),
                                    Optional.of(restored.version()),
                                    Optional.empty(),
                                    Optional.of(reason)));
        });
    }

    /**
     * Records that rows joined a dataset that an earlier version had set aside. Nothing happens when that is known.
     *
     * @param made the new version, which the lake has already
     * @param repairs a hash of what was done to these rows
     */
    public RecordedDataset recordReplay(DatasetVersion made, RecordedDataset replayed, String repairs) {
        return database.write(transaction -> {
            Optional<RecordedDataset> known = DatasetRows.bySnapshot(transaction, made);
            if (known.isPresent()) {
                return known.get();
            }
            RecordedDataset recorded = DatasetRows.insert(
                    transaction,
                    made,
                    new DatasetRows.Made(
                            RecordedDataset.fingerprint(replayed.sourceFingerprint(), repairs),
                            Optional.empty(),
                            Optional.of(replayed.version()),
                            Optional.empty()));
            LineageEdge.link(
                    transaction,
                    LineageNode.dataset(replayed.dataset(), replayed.version()),
                    LineageNode.dataset(recorded.dataset(), recorded.version()),
                    Json.text(Map.of("replayed", Long.toString(recorded.rows() - replayed.rows()))));
            return recorded;
        });
    }

    /**
     * Records that the files of a version were written anew: it is held by another snapshot. Nothing happens when that is known.
     *
     * @param cause a verb in the past, the event's: {@code compacted}
     */
    public RecordedDataset recordRewrite(RecordedDataset version, DatasetVersion rewritten, String cause) {
        return database.write(transaction -> {
            int rows = transaction.update(
                    "UPDATE dataset_versions SET snapshot = ?, rows_read = ?, row_count = ?, quarantined = ?"
                            + " WHERE dataset = ? AND version = ? AND snapshot = ?",
                    rewritten.snapshot(),
                    rewritten.rowsRead(),
                    rewritten.rows(),
                    rewritten.quarantined(),
                    version.dataset(),
                    version.version(),
                    version.snapshot());
            if (rows > 0) {
                transaction.append(
                        "dataset_version." + cause,
                        version.dataset() + "/" + version.version(),
                        Map.of(
                                "before", Long.toString(version.snapshot()),
                                "snapshot", Long.toString(rewritten.snapshot()),
                                "rows", Long.toString(rewritten.rows())));
            }
            return DatasetRows.bySnapshot(transaction, rewritten).orElseThrow();
        });
    }

    /**
     * What a source would give, if that was rolled back.
     *
     * @param fingerprint of the source
     */
    public Optional<Withdrawn> findWithdrawn(String dataset, String fingerprint) {
        return Withdrawn.find(versions(dataset).reversed(), fingerprint);
    }

    /**
     * Records that the rows of versions are given up: they keep their numbers, and lose their tags.
     *
     * @param reason why, for the record
     */
    public void recordExpiry(List<RecordedDataset> versions, Function<RecordedDataset, String> reason) {
        database.write(transaction -> {
            int changed = 0;
            for (RecordedDataset version : versions) {
                int rows = transaction.update(
                        "UPDATE dataset_versions SET expired = ? WHERE dataset = ? AND version = ? AND expired IS NULL",
                        transaction.now(),
                        version.dataset(),
                        version.version());
                if (rows > 0) {
                    DatasetTags.removeAll(transaction, version);
                    transaction.append(
                            "dataset_version.expired",
                            version.dataset() + "/" + version.version(),
                            Map.of("snapshot", Long.toString(version.snapshot()), "reason", reason.apply(version)));
                    changed++;
                }
            }
            return changed;
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
     * @throws MillwrightException {@link RegistryError#NOT_FOUND} when there is none, or its rows were given up
     */
    public RecordedDataset load(DatasetReference reference) {
        List<RecordedDataset> versions = history(reference.dataset());
        OptionalInt tagged = reference.choice() instanceof DatasetReference.Choice.Tagged(String tag)
                ? OptionalInt.of(tags.load(reference.dataset(), tag))
                : OptionalInt.empty();
        return versions.stream()
                .filter(version -> switch (reference.choice()) {
                    case DatasetReference.Choice.Newest() -> true;
                    case DatasetReference.Choice.Numbered(int number) -> version.version() == number;
                    case DatasetReference.Choice.Tagged _ -> version.version() == tagged.getAsInt();
                    case DatasetReference.Choice.AsOf(Instant time) ->
                        !version.recorded().isAfter(time);
                })
                .findFirst()
                .map(found -> requireRows(reference, found, versions))
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "dataset: " + reference + " (expected: " + offer(versions) + ")"));
    }

    /**
     * All versions of one dataset, newest first.
     *
     * @throws MillwrightException {@link RegistryError#NOT_FOUND} when there is none
     */
    public List<RecordedDataset> history(String dataset) {
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

    private static RecordedDataset requireRows(
            DatasetReference reference, RecordedDataset found, List<RecordedDataset> versions) {
        found.expired().ifPresent(time -> {
            throw new MillwrightException(
                    RegistryError.NOT_FOUND,
                    "dataset: " + reference + ": v" + found.version() + " expired at " + time
                            + " (expected: a version whose rows are kept: "
                            + versions.reversed().stream()
                                    .filter(version -> version.expired().isEmpty())
                                    .map(version -> "v" + version.version())
                                    .collect(Collectors.joining(", "))
                            + ")");
        });
        return found;
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
