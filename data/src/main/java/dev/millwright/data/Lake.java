package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.CoreError;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import dev.millwright.core.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.expressions.Expressions;

/**
 * Versioned datasets on local disk. A version is an Iceberg snapshot that holds exactly the rows of one ingestion; older
 * versions stay readable. A version exists whole or not at all, whatever happens to the process: files are synced, then
 * renamed, then committed to the catalog in {@code lake.db}, with the key of the step that made them.
 *
 * <p>Thread-safe; ingestions of one dataset wait for each other. One process at a time may write to a directory.
 */
public final class Lake implements AutoCloseable {
    private final Path directory;
    private final DuckDb duck;
    private final InstantSource clock;
    private final LakeCatalog catalog;
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
                spec, spec.expectations().stream().map(Expected::unread).toList());
    }

    /**
     * The fingerprint of a source whose expectations are not parsed yet, since its columns are not known.
     *
     * @param expectations in the order of the file; those in {@code spec} don't count
     */
    public static String fingerprint(SourceSpec spec, List<Expected.Unread> expectations) {
        return SourceFiles.fingerprint(spec, expectations);
    }

    /**
     * Reads a source into a new version, or finds the one that this step made before.
     *
     * @param stepKey names the step and its inputs; a second call with the same key does no work, but looks at freshness again
     * @throws MillwrightException {@link DataError#EXPECTATION_FAILED} when the data is refused; nothing is stored then
     * @throws dev.millwright.core.InvalidInputException when the source can't be read, or its contract changes what the
     *     newest version promises in a way that its {@link Evolution} doesn't allow
     */
    public DatasetVersion ingest(SourceSpec spec, String stepKey, Progress progress) {
        return ingest(spec, Map.of(), stepKey, progress);
    }

    /**
     * Reads a source whose expectations refer to other tables.
     *
     * @param tables a version of each such table
     * @param stepKey names those versions, too
     * @see #ingest(SourceSpec, String, Progress)
     */
    public DatasetVersion ingest(
            SourceSpec spec, Map<String, DatasetVersion> tables, String stepKey, Progress progress) {
        return alone(spec.dataset(), () -> {
            Optional<DatasetVersion> known = find(spec.dataset(), stepKey);
            known.ifPresent(version -> requireFresh(spec, version));
            return known.orElseGet(() -> store(spec, tables, stepKey, progress));
        });
    }

    /** The expectations that time has broken since a version was made: those on freshness. */
    public List<ExpectationResult> overdue(SourceSpec spec, DatasetVersion version) {
        try (Session session = duck.session()) {
            return ExpectationChecks.overdue(session, spec, relation(version), clock.instant());
        }
    }

    /** @throws MillwrightException {@link DataError#EXPECTATION_FAILED} when time has made a version too old for its expectations */
    public void requireFresh(SourceSpec spec, DatasetVersion version) {
        ExpectationChecks.refuse(spec.dataset(), overdue(spec, version));
    }

    private DatasetVersion store(
            SourceSpec spec, Map<String, DatasetVersion> tables, String stepKey, Progress progress) {
        try (Session session = duck.session()) {
            Ingestion.Outcome outcome = Ingestion.run(duck, session, spec, surroundings(spec, tables), progress);
            requireAllowed(spec, new Outline(outcome.schema(), Inspection.Coverage.WHOLE, List.of()));
            spec.layout().require(outcome.schema(), spec.contract());
            Path folder = directory.resolve(spec.dataset());
            Optional<String> quarantine = Optional.empty();
            if (outcome.quarantined() > 0) {
                Path file = folder.resolve("quarantine").resolve(UUID.randomUUID() + ".parquet");
                Quarantine.write(session, file);
                quarantine = Optional.of(folder.relativize(file).toString());
            }
            Transaction transaction = catalog.begin(spec.dataset(), outcome.schema(), spec.contract(), spec.layout());
            List<DataFile> files = VersionFiles.write(
                    session,
                    folder.resolve("data"),
                    transaction.table(),
                    Ingestion.rows(outcome.schema(), Ingestion.KEPT),
                    outcome.schema(),
                    clock.millis());
            SnapshotSummary summary = SnapshotSummary.of(
                    stepKey, Reading.of(spec, tables), outcome, quarantine, storedRepairs(spec.dataset()));
            commit(transaction, files, summary);
        }
        return find(spec.dataset(), stepKey).orElseThrow(() -> gone(spec.dataset(), stepKey));
    }

    private static MillwrightException gone(String dataset, String stepKey) {
        return new MillwrightException(
                DataError.LAKE_FAILED,
                dataset + ": the version of step " + stepKey + " is gone (expected: it was just made)");
    }

    /**
     * Refuses a source whose contract changes what the newest version promises in a way that its {@link Evolution} doesn't
     * allow; {@link #ingest} would.
     *
     * @param found the columns of the source
     * @throws dev.millwright.core.InvalidInputException naming each column, what was promised and what is promised now
     */
    public void requireAllowed(SourceSpec spec, Outline found) {
        findTable(spec.dataset())
                .ifPresent(table -> table.newest()
                        .ifPresent(newest -> new EvolutionCheck(spec)
                                .require(newest.summary().parsedContract(), table.columns(newest), found)));
    }

    private Optional<LakeTable.Made> newest(String dataset) {
        return findTable(dataset).flatMap(LakeTable::newest);
    }

    private Optional<SnapshotSummary.StoredRepairs> storedRepairs(String dataset) {
        return newest(dataset).flatMap(made -> made.summary().repairs());
    }

    /** A hash of the rows that were repaired by hand and that an ingestion would take; empty when there are none. */
    public Optional<String> repairs(String dataset) {
        return storedRepairs(dataset).map(SnapshotSummary.StoredRepairs::mark);
    }

    /**
     * Judges rows again that the newest version set aside, some of them repaired. Those that pass join a new version; of the others
     * it says what is wrong with them now. Nothing is stored when nothing has changed, so a file can be replayed twice.
     *
     * @throws dev.millwright.core.InvalidInputException when the file is none of rows that were exported
     * @throws MillwrightException {@link DataError#EXPECTATION_FAILED} when with these rows the dataset is refused
     */
    public Replayed replay(ReplayOrder order) {
        return alone(
                order.dataset(),
                () -> new LakeReplay(
                                table(order.dataset()),
                                order,
                                directory.resolve(order.dataset()),
                                name -> table(name).newestVersion())
                        .run(duck, catalog, clock));
    }

    /** A version that was made by replaying rows that an earlier one set aside. */
    public record ReplayMade(long snapshot, long replayed, String mark) {}

    /** All replays of a dataset whose versions are there, the oldest first. */
    public List<ReplayMade> replays(String dataset) {
        return findTable(dataset).stream()
                .flatMap(table -> table.made().stream())
                .filter(made -> made.summary().replaced().isEmpty())
                .flatMap(made -> made.summary().replays().stream()
                        .map(replays -> new ReplayMade(made.id(), replays.snapshot(), replays.mark())))
                .toList();
    }

    /**
     * Writes the rows that a version set aside into a file, in which they can be repaired.
     *
     * @param name of the version, as the file says it
     * @param target CSV, TSV or JSON lines by its ending; replaced when it is there
     */
    public void exportQuarantine(DatasetVersion version, String name, Path target) {
        Optional<Path> file = summary(version).quarantineFile().map(directory.resolve(version.dataset())::resolve);
        try (Session session = duck.session()) {
            if (file.isPresent() && !Quarantine.hasIds(session, file.get())) {
                throw new InvalidInputException("dataset: " + version.dataset() + "@" + name
                        + ": its rows have no ids (expected: a version that was read since rows have). Run its pipeline"
                        + " first.");
            }
            Quarantine.load(session, file);
            QuarantineExport.write(session, version.schema(), name, target);
        }
    }

    private Surroundings surroundings(SourceSpec spec, Map<String, DatasetVersion> tables) {
        List<DatasetVersion> versions = versions(spec.dataset());
        Map<String, Surroundings.Relation> relations = new HashMap<>();
        tables.forEach((name, version) -> relations.put(name, relation(version)));
        return new Surroundings(
                versions.isEmpty() ? Optional.empty() : Optional.of(relation(versions.getLast())),
                relations,
                newest(spec.dataset()).flatMap(made -> made.summary().repairs(directory.resolve(spec.dataset()))),
                clock.instant());
    }

    static Surroundings.Relation relation(DatasetVersion version) {
        return new Surroundings.Relation(version.schema(), reference(version));
    }

    private void commit(Transaction transaction, List<DataFile> files, SnapshotSummary summary) {
        OverwriteFiles overwrite = transaction.newOverwrite().overwriteByRowFilter(Expressions.alwaysTrue());
        files.forEach(overwrite::addFile);
        summary.properties().forEach(overwrite::set);
        TableChange.commit("lake: " + directory + ", step " + summary.step(), () -> {
            overwrite.commit();
            transaction.commitTransaction();
        });
    }

    /**
     * Makes the rows of an earlier version the newest ones: a new version, which has the same files. Found again under its key, it
     * is not made again.
     *
     * @param reason why, kept with the version
     */
    public DatasetVersion restore(DatasetVersion earlier, String stepKey, String reason) {
        return alone(earlier.dataset(), () -> {
            if (find(earlier.dataset(), stepKey).isEmpty()) {
                LakeTable table = table(earlier.dataset());
                new TableChange(table).restore(table.load(earlier.snapshot()), stepKey, reason);
            }
            return find(earlier.dataset(), stepKey).orElseThrow(() -> gone(earlier.dataset(), stepKey));
        });
    }

    /** A rollback that was made here. */
    public record Rollback(long snapshot, long restored, String reason) {}

    /** All rollbacks of a dataset whose versions are there, the oldest first. */
    public List<Rollback> rollbacks(String dataset) {
        return findTable(dataset).stream()
                .flatMap(table -> table.made().stream())
                .filter(made -> made.summary().replaced().isEmpty())
                .flatMap(made -> made.summary().restored().stream()
                        .map(restored -> new Rollback(made.id(), restored.snapshot(), restored.reason())))
                .toList();
    }

    /** A version whose files were written anew: the snapshot that holds it, and the one that held it before. */
    public record Replacement(long snapshot, long replaced, String cause) {}

    /** All replacements of a dataset whose snapshots are there, the earliest first. */
    public List<Replacement> replacements(String dataset) {
        return findTable(dataset).stream()
                .flatMap(table -> table.made().stream())
                .flatMap(made -> made.summary().replaced().stream()
                        .map(replaced -> new Replacement(made.id(), replaced.snapshot(), replaced.cause())))
                .toList();
    }

    /**
     * Writes the rows of the newest version anew, in as few files as its layout allows. It is the same version, in another snapshot;
     * {@link #expire} gives the old one up.
     *
     * @return empty when there is nothing to gain
     */
    public Optional<DatasetVersion> compact(DatasetVersion version) {
        return alone(version.dataset(), () -> {
            LakeTable table = table(version.dataset());
            LakeTable.Made made = table.load(version.snapshot());
            if (!VersionFiles.canBeFewer(table.table(), table.files(made.snapshot()))) {
                return Optional.empty();
            }
            long compacted;
            try (Session session = duck.session()) {
                compacted = new TableChange(table)
                        .replace(
                                made,
                                SnapshotSummary.replacing(made, "compacted"),
                                TableChange.Rows.KEPT,
                                shaped -> VersionFiles.write(
                                        session,
                                        directory.resolve(version.dataset()).resolve("data"),
                                        shaped,
                                        "SELECT * FROM " + tableReference(version),
                                        version.schema(),
                                        clock.millis()));
            }
            return Optional.of(load(version.dataset(), compacted));
        });
    }

    /** Puts a tag on a version, an Iceberg ref; it moves when it is on another one. */
    public void tag(DatasetVersion version, String name) {
        alone(version.dataset(), () -> {
            LakeTable table = table(version.dataset());
            new TableChange(table).tag(name, table.load(version.snapshot()).id());
            return name;
        });
    }

    /** Takes a tag away; nothing happens when it is not there. */
    public void untag(String dataset, String name) {
        alone(dataset, () -> {
            findTable(dataset)
                    .map(TableChange::new)
                    .filter(change -> change.tags().containsKey(name))
                    .ifPresent(change -> change.untag(name));
            return name;
        });
    }

    /** The snapshots that have a tag, by tag. */
    public Map<String, Long> tags(String dataset) {
        return findTable(dataset).map(TableChange::new).map(TableChange::tags).orElse(Map.of());
    }

    /** The snapshots of the versions that are there. */
    public Set<Long> snapshots(String dataset) {
        return findTable(dataset).stream()
                .flatMap(table -> table.made().stream())
                .map(LakeTable.Made::id)
                .collect(Collectors.toSet());
    }

    /** What giving versions up made room for. */
    public record Freed(int files, long bytes) {}

    /**
     * Gives versions up: with their tags they are gone at once, and so are files that no other version has. What a kill leaves
     * of these, {@link #sweep} deletes. The newest version can't be given up.
     */
    public Freed expire(String dataset, Collection<Long> snapshots) {
        return alone(dataset, () -> {
            LakeTable table = table(dataset);
            if (snapshots.contains(table.table().currentSnapshot().snapshotId())) {
                throw new IllegalArgumentException("snapshots: " + snapshots + " (expected: not the newest)");
            }
            TableFiles.Deleted deleted = new TableChange(table).expire(snapshots);
            return new Freed(deleted.files(), deleted.bytes());
        });
    }

    private <T> T alone(String dataset, Supplier<T> work) {
        ReentrantLock lock = writing.computeIfAbsent(dataset, _ -> new ReentrantLock());
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** The newest version that was made under this key. */
    public Optional<DatasetVersion> find(String dataset, String stepKey) {
        return findTable(dataset).flatMap(table -> table.find(stepKey).map(table::version));
    }

    /** Empty when there is no such version, or no more. */
    public Optional<DatasetVersion> find(String dataset, long snapshot) {
        return findTable(dataset).flatMap(table -> table.find(snapshot).map(table::version));
    }

    /** @throws MillwrightException {@link DataError#VERSION_NOT_FOUND} */
    public DatasetVersion load(String dataset, long snapshot) {
        LakeTable table = table(dataset);
        return table.version(table.load(snapshot));
    }

    /** All versions, the oldest first; none when there is no such dataset. */
    public List<DatasetVersion> versions(String dataset) {
        return findTable(dataset)
                .map(table -> table.made().stream().map(table::version).toList())
                .orElse(List.of());
    }

    /** How a version lies on disk. */
    public VersionDetails details(DatasetVersion version) {
        LakeTable table = table(version.dataset());
        return table.details(table.load(version.snapshot()));
    }

    /** The names of the datasets that have a version. */
    public List<String> datasets() {
        return catalog.datasets();
    }

    /** What the checks found when the version was read. */
    public DatasetReport report(DatasetVersion version) {
        return summary(version).parsedReport();
    }

    /** What the checks found in each version of a dataset, by its snapshot; none when there is no such dataset. */
    public Map<Long, DatasetReport> reports(String dataset) {
        Map<Long, DatasetReport> reports = new HashMap<>();
        findTable(dataset)
                .ifPresent(table -> table.made()
                        .forEach(made -> reports.put(made.id(), made.summary().parsedReport())));
        return reports;
    }

    /** What the checks found in one version; empty when there is no such version, or no more. */
    public Optional<DatasetReport> findReport(String dataset, long snapshot) {
        return findTable(dataset)
                .flatMap(table -> table.find(snapshot))
                .map(made -> made.summary().parsedReport());
    }

    private SnapshotSummary summary(DatasetVersion version) {
        return table(version.dataset()).load(version.snapshot()).summary();
    }

    /** What the source promised of the version's columns; nothing, of one that was made when contracts were not kept. */
    public Contract contract(DatasetVersion version) {
        return summary(version).parsedContract();
    }

    /** The rows that were set aside, in the order of the source, at most {@code limit}. */
    public List<QuarantinedRow> quarantine(DatasetVersion version, int limit) {
        return summary(version)
                .quarantineFile()
                .map(file -> {
                    try (Session session = duck.session()) {
                        return Quarantine.read(
                                session, directory.resolve(version.dataset()).resolve(file), limit);
                    }
                })
                .orElse(List.of());
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
     * How one version differs from an earlier one; reads all rows of both.
     *
     * @param key columns that tell rows apart; when there are none, those that an expectation found unique in both versions
     * @throws dev.millwright.core.InvalidInputException when columns of {@code key} are unknown or don't tell rows apart
     */
    public DatasetDiff diff(DatasetVersion before, DatasetVersion after, List<String> key) {
        List<String> chosen = key.isEmpty() ? knownKey(before, after) : key;
        try (Session session = duck.session()) {
            return new VersionComparison(
                            session,
                            new VersionComparison.Side(before.schema(), tableReference(before)),
                            new VersionComparison.Side(after.schema(), tableReference(after)))
                    .run(chosen);
        }
    }

    private List<String> knownKey(DatasetVersion before, DatasetVersion after) {
        List<List<String>> earlier = report(before).keys(before.schema());
        return report(after).keys(after.schema()).stream()
                .filter(earlier::contains)
                .filter(key -> key.stream()
                        .allMatch(name ->
                                before.schema().find(name).equals(after.schema().find(name))))
                .findFirst()
                .orElse(List.of());
    }

    /**
     * A version as a table in DuckDB SQL: a parenthesised SELECT of its columns, TIMESTAMP ones as naive UTC, and
     * {@code _row_id}.
     */
    public String tableReference(DatasetVersion version) {
        return reference(version);
    }

    private static String reference(DatasetVersion version) {
        List<String> columns = new ArrayList<>();
        for (Column column : version.schema().columns()) {
            String name = Sql.identifier(column.name());
            columns.add(column.type() == ColumnType.TIMESTAMP ? "timezone('UTC', " + name + ") AS " + name : name);
        }
        columns.add(ReservedColumns.ROW_ID);
        return "(SELECT " + String.join(", ", columns) + " FROM " + files(version) + ")";
    }

    /** What stands in FROM for the files of a version, as they are. */
    static String files(DatasetVersion version) {
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

    private Optional<LakeTable> findTable(String dataset) {
        return catalog.find(dataset).map(table -> new LakeTable(dataset, table));
    }

    private LakeTable table(String dataset) {
        return findTable(dataset)
                .orElseThrow(() -> new MillwrightException(
                        DataError.VERSION_NOT_FOUND,
                        "dataset: " + dataset + " (expected: one that was ingested)."
                                + Words.suggestion(dataset, catalog.datasets())));
    }

    @Override
    public void close() {
        catalog.close();
    }
}
