package dev.millwright.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.CoreError;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import dev.millwright.core.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Versioned datasets on local disk. A version is an Iceberg snapshot that holds exactly the rows of one ingestion; older
 * versions stay readable. A version exists whole or not at all, whatever happens to the process: files are synced, then
 * renamed, then committed to the catalog in {@code lake.db}, with the key of the step that made them.
 *
 * <p>Thread-safe; ingestions of one dataset wait for each other. One process at a time may write to a directory.
 */
public final class Lake implements AutoCloseable {
    private static final String STEP = "millwright.step";
    private static final String ROWS_READ = "millwright.rows-read";
    private static final String ROWS = "millwright.rows";
    private static final String QUARANTINED = "millwright.quarantined";
    private static final String QUARANTINE_FILE = "millwright.quarantine-file";
    private static final String REPORT = "millwright.report";
    private static final String CONTRACT = "millwright.contract";

    private final Path directory;
    private final DuckDb duck;
    private final InstantSource clock;
    private final LakeCatalog catalog;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, ReentrantLock> writing = new ConcurrentHashMap<>();

    public Lake(Path directory, DuckDb duck) {
        this(directory, duck, InstantSource.system());
    }

    /**
     * Opens a lake.
     *
     * @param directory made when absent
     * @param clock tells {@link #sweep} how old a file is
     */
    public Lake(Path directory, DuckDb duck, InstantSource clock) {
        this.directory = directory.toAbsolutePath().normalize();
        this.duck = duck;
        this.clock = clock;
        try {
            Files.createDirectories(this.directory);
        } catch (IOException e) {
            throw new MillwrightException(
                    CoreError.IO_FAILED, directory + " (expected: a folder that can be made): " + e.getMessage(), e);
        }
        this.catalog = new LakeCatalog(this.directory);
    }

    /**
     * A hash of everything that decides what {@link #ingest} stores: the bytes of the files, and the spec. Equal fingerprints
     * give equal versions.
     *
     * @return SHA-256, hexadecimal
     */
    public static String fingerprint(SourceSpec spec) {
        return fingerprint(
                spec, spec.expectations().stream().map(Expectation::text).toList());
    }

    /**
     * The fingerprint of a source whose expectations are not parsed yet, since its columns are not known.
     *
     * @param expectations their texts, in the order of the file; those in {@code spec} don't count
     */
    public static String fingerprint(SourceSpec spec, List<String> expectations) {
        return SourceFiles.fingerprint(spec, expectations);
    }

    /**
     * Reads a source into a new version, or finds the one that this step made before.
     *
     * @param stepKey names the step and its inputs; a second call with the same key does no work
     * @throws MillwrightException {@link DataError#EXPECTATION_FAILED} when the data is refused; nothing is stored then
     * @throws dev.millwright.core.InvalidInputException when the source can't be read, or its contract changes what the
     *     newest version promises in a way that its {@link Evolution} doesn't allow
     */
    public DatasetVersion ingest(SourceSpec spec, String stepKey, Progress progress) {
        ReentrantLock lock = writing.computeIfAbsent(spec.dataset(), _ -> new ReentrantLock());
        lock.lock();
        try {
            return find(spec.dataset(), stepKey).orElseGet(() -> store(spec, stepKey, progress));
        } finally {
            lock.unlock();
        }
    }

    private DatasetVersion store(SourceSpec spec, String stepKey, Progress progress) {
        try (Session session = duck.session()) {
            Ingestion.Outcome outcome = Ingestion.run(duck, session, spec, progress);
            requireAllowed(spec, new Outline(outcome.schema(), Inspection.Coverage.WHOLE, List.of()));
            String name = UUID.randomUUID() + ".parquet";
            Path folder = directory.resolve(spec.dataset());
            Optional<Path> quarantine = Optional.empty();
            if (outcome.quarantined() > 0) {
                Path file = folder.resolve("quarantine").resolve(name);
                Quarantine.write(session, outcome.staged(), file);
                quarantine = Optional.of(folder.relativize(file));
            }
            Transaction transaction = catalog.begin(spec.dataset(), outcome.schema(), spec.contract());
            Path file = folder.resolve("data").resolve(name);
            VersionFile.write(session, file, transaction.table().schema(), outcome.schema());
            commit(session, transaction, file, summary(spec, outcome, stepKey, quarantine));
        }
        return find(spec.dataset(), stepKey)
                .orElseThrow(() -> new MillwrightException(
                        DataError.LAKE_FAILED, spec.dataset() + ": the version of step " + stepKey + " is gone"));
    }

    /**
     * Refuses a source whose contract changes what the newest version promises in a way that its {@link Evolution} doesn't
     * allow; {@link #ingest} would.
     *
     * @param found the columns of the source
     * @throws dev.millwright.core.InvalidInputException naming each column, what was promised and what is promised now
     */
    public void requireAllowed(SourceSpec spec, Outline found) {
        newest(spec.dataset())
                .ifPresent(version -> new EvolutionCheck(spec)
                        .require(contract(version), version.schema(), found.schema(), found.coverage()));
    }

    private Optional<DatasetVersion> newest(String dataset) {
        return catalog.find(dataset)
                .flatMap(table -> Optional.ofNullable(table.currentSnapshot())
                        .filter(snapshot -> snapshot.summary().containsKey(STEP))
                        .map(snapshot -> version(dataset, table, snapshot)));
    }

    private Map<String, String> summary(
            SourceSpec spec, Ingestion.Outcome outcome, String stepKey, Optional<Path> quarantine) {
        Map<String, String> summary = new java.util.LinkedHashMap<>();
        summary.put(STEP, stepKey);
        summary.put(ROWS_READ, Long.toString(outcome.staged().rowsRead()));
        summary.put(ROWS, Long.toString(outcome.kept()));
        summary.put(QUARANTINED, Long.toString(outcome.quarantined()));
        quarantine.ifPresent(file -> summary.put(QUARANTINE_FILE, file.toString()));
        summary.put(CONTRACT, ContractJson.write(spec.contract()));
        try {
            summary.put(REPORT, json.writeValueAsString(outcome.report()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is plain records", e);
        }
        return summary;
    }

    private void commit(Session session, Transaction transaction, Path file, Map<String, String> summary) {
        var overwrite = transaction
                .newOverwrite()
                .overwriteByRowFilter(Expressions.alwaysTrue())
                .addFile(VersionFile.describe(session, file, transaction.table().schema()));
        summary.forEach(overwrite::set);
        try {
            overwrite.commit();
            transaction.commitTransaction();
        } catch (CommitFailedException e) {
            throw new MillwrightException(
                    DataError.LAKE_BUSY,
                    "lake: " + directory + " was changed by another writer (expected: one process); try again",
                    e);
        } catch (CommitStateUnknownException e) {
            throw new MillwrightException(
                    DataError.LAKE_BUSY,
                    "lake: " + directory + ": whether the commit was made is not known; look for step "
                            + summary.get(STEP) + " before trying again",
                    e);
        }
    }

    /** The newest version that was made under this key. */
    public Optional<DatasetVersion> find(String dataset, String stepKey) {
        return catalog.find(dataset)
                .flatMap(table -> snapshots(table).stream()
                        .filter(snapshot -> stepKey.equals(snapshot.summary().get(STEP)))
                        .reduce((first, second) -> second)
                        .map(snapshot -> version(dataset, table, snapshot)));
    }

    /** @throws MillwrightException {@link DataError#VERSION_NOT_FOUND} */
    public DatasetVersion load(String dataset, long snapshot) {
        Table table = table(dataset);
        return version(dataset, table, snapshot(dataset, table, snapshot));
    }

    /** All versions, the oldest first; none when there is no such dataset. */
    public List<DatasetVersion> versions(String dataset) {
        return catalog.find(dataset)
                .map(table -> snapshots(table).stream()
                        .map(snapshot -> version(dataset, table, snapshot))
                        .toList())
                .orElse(List.of());
    }

    /** The names of the datasets that have a version. */
    public List<String> datasets() {
        return catalog.datasets();
    }

    /** What the checks found when the version was read. */
    public DatasetReport report(DatasetVersion version) {
        Table table = table(version.dataset());
        String text =
                snapshot(version.dataset(), table, version.snapshot()).summary().get(REPORT);
        try {
            return json.readValue(text, DatasetReport.class);
        } catch (JsonProcessingException e) {
            throw new MillwrightException(
                    DataError.LAKE_FAILED,
                    version.dataset() + ": the report of " + version.snapshot() + " is broken",
                    e);
        }
    }

    /** What the source promised of the version's columns; nothing, of one that was made when contracts were not kept. */
    public Contract contract(DatasetVersion version) {
        String json = snapshot(version.dataset(), table(version.dataset()), version.snapshot())
                .summary()
                .get(CONTRACT);
        return json == null ? Contract.NONE : ContractJson.read(json);
    }

    /** The rows that were set aside, in the order of the source, at most {@code limit}. */
    public List<QuarantinedRow> quarantine(DatasetVersion version, int limit) {
        Table table = table(version.dataset());
        String file =
                snapshot(version.dataset(), table, version.snapshot()).summary().get(QUARANTINE_FILE);
        if (file == null) {
            return List.of();
        }
        try (Session session = duck.session()) {
            return Quarantine.read(session, directory.resolve(version.dataset()).resolve(file), limit);
        }
    }

    /** What the columns of a version look like; reads all of it. */
    public List<ColumnProfile> profile(DatasetVersion version) {
        try (Session session = duck.session()) {
            return new Profiler(session)
                    .profile(
                            files(version),
                            version.schema().columns().stream()
                                    .map(column -> new Profiler.Expression(column, Sql.identifier(column.name())))
                                    .toList());
        }
    }

    /**
     * A version as a table in DuckDB SQL: a parenthesised SELECT of its columns, TIMESTAMP ones as naive UTC, and
     * {@code _row_id}.
     */
    public String tableReference(DatasetVersion version) {
        List<String> columns = new ArrayList<>();
        for (Column column : version.schema().columns()) {
            String name = Sql.identifier(column.name());
            columns.add(column.type() == ColumnType.TIMESTAMP ? "timezone('UTC', " + name + ") AS " + name : name);
        }
        columns.add(ReservedColumns.ROW_ID);
        return "(SELECT " + String.join(", ", columns) + " FROM " + files(version) + ")";
    }

    private static String files(DatasetVersion version) {
        return "read_parquet(["
                + version.files().stream().map(Sql::globLiteral).collect(Collectors.joining(", "))
                + "], hive_partitioning=false)";
    }

    /**
     * Deletes files that no version refers to and that are older than a day: what an interrupted ingestion left behind.
     *
     * @return how many were deleted
     */
    public int sweep() {
        return new Sweep(directory, duck.temporary(), catalog, clock).run();
    }

    private Table table(String dataset) {
        return catalog.find(dataset)
                .orElseThrow(() -> new MillwrightException(
                        DataError.VERSION_NOT_FOUND,
                        "dataset: " + dataset + " (expected: one that was ingested)."
                                + Words.suggestion(dataset, catalog.datasets())));
    }

    private static Snapshot snapshot(String dataset, Table table, long id) {
        Snapshot snapshot = table.snapshot(id);
        if (snapshot == null) {
            throw new MillwrightException(
                    DataError.VERSION_NOT_FOUND, dataset + ": version " + id + " (expected: one that exists)");
        }
        return snapshot;
    }

    /** Those that this lake made, oldest first. */
    private static List<Snapshot> snapshots(Table table) {
        return StreamSupport.stream(table.snapshots().spliterator(), false)
                .filter(snapshot -> snapshot.summary().containsKey(STEP))
                .sorted(java.util.Comparator.comparingLong(Snapshot::sequenceNumber))
                .toList();
    }

    /** The data files of a snapshot, in the order of their names. */
    static List<Path> files(Table table, Snapshot snapshot) {
        List<Path> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
            for (FileScanTask task : tasks) {
                files.add(LocalFileIO.path(task.file().location()));
            }
        } catch (IOException e) {
            throw new MillwrightException(
                    DataError.LAKE_FAILED,
                    table.name() + ": the files of " + snapshot.snapshotId() + " can't be listed",
                    e);
        }
        return files.stream().sorted().toList();
    }

    private static org.apache.iceberg.Schema schema(Table table, Snapshot snapshot) {
        org.apache.iceberg.Schema schema = table.schemas().get(snapshot.schemaId());
        if (schema == null) {
            throw new MillwrightException(
                    DataError.LAKE_FAILED,
                    table.name() + ": version " + snapshot.snapshotId() + " has lost its schema (expected: one)");
        }
        return schema;
    }

    private static DatasetVersion version(String dataset, Table table, Snapshot snapshot) {
        Map<String, String> summary = snapshot.summary();
        return new DatasetVersion(
                dataset,
                snapshot.snapshotId(),
                LakeCatalog.schema(schema(table, snapshot)),
                files(table, snapshot),
                Long.parseLong(summary.getOrDefault(ROWS_READ, "0")),
                Long.parseLong(summary.getOrDefault(ROWS, "0")),
                Long.parseLong(summary.getOrDefault(QUARANTINED, "0")));
    }

    @Override
    public void close() {
        catalog.close();
    }
}
