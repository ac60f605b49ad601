package dev.millwright.data;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/** The versions of one dataset: the snapshots of its Iceberg table that this lake made. A look at one moment. */
record LakeTable(String dataset, Table table) {
    /** One that this lake made. */
    record Made(Snapshot snapshot, SnapshotSummary summary) {
        long id() {
            return snapshot.snapshotId();
        }

        /** Grows from version to version. */
        long place() {
            return summary.place().orElseGet(snapshot::sequenceNumber);
        }
    }

    /** All of them, the oldest first. */
    List<Made> made() {
        return StreamSupport.stream(table.snapshots().spliterator(), false)
                .flatMap(snapshot -> SnapshotSummary.of(snapshot).map(summary -> new Made(snapshot, summary)).stream())
                .sorted(Comparator.comparingLong(Made::place)
                        .thenComparingLong(made -> made.snapshot().sequenceNumber()))
                .toList();
    }

    /** The one that is current; empty when that was made by another program. */
    Optional<Made> newest() {
        return Optional.ofNullable(table.currentSnapshot()).flatMap(snapshot -> find(snapshot.snapshotId()));
    }

    /** @throws MillwrightException {@link DataError#VERSION_NOT_FOUND} */
    DatasetVersion newestVersion() {
        return newest().map(this::version)
                .orElseThrow(() -> new MillwrightException(
                        DataError.VERSION_NOT_FOUND,
                        dataset + ": the newest snapshot was made by another program (expected: one that a run made)"));
    }

    /** The newest that was made under this key. */
    Optional<Made> find(String stepKey) {
        return made().stream()
                .filter(made -> made.summary().step().equals(stepKey))
                .reduce((first, second) -> second);
    }

    Optional<Made> find(long snapshot) {
        return Optional.ofNullable(table.snapshot(snapshot))
                .flatMap(found -> SnapshotSummary.of(found).map(summary -> new Made(found, summary)));
    }

    /** @throws MillwrightException {@link DataError#VERSION_NOT_FOUND} */
    Made load(long snapshot) {
        return find(snapshot)
                .orElseThrow(() -> new MillwrightException(
                        DataError.VERSION_NOT_FOUND,
                        dataset + ": version " + snapshot + " (expected: one that exists)"));
    }

    DatasetVersion version(Made made) {
        return new DatasetVersion(
                dataset,
                made.id(),
                columns(made),
                files(made.snapshot()).stream().map(LakeTable::path).toList(),
                made.summary().rowsRead(),
                made.summary().rows(),
                made.summary().quarantined());
    }

    /** Those that users see. */
    dev.millwright.core.Schema columns(Made made) {
        return LakeCatalog.schema(schema(made.snapshot()));
    }

    VersionDetails details(Made made) {
        List<DataFile> files = files(made.snapshot());
        return new VersionDetails(
                version(made),
                Instant.ofEpochMilli(made.snapshot().timestampMillis()),
                layout(made.snapshot(), files),
                files.stream()
                        .map(file ->
                                new VersionDetails.StoredFile(path(file), file.recordCount(), file.fileSizeInBytes()))
                        .toList());
    }

    Layout layout(Made made) {
        return layout(made.snapshot(), files(made.snapshot()));
    }

    private Layout layout(Snapshot snapshot, List<DataFile> files) {
        if (files.isEmpty()) {
            return Layout.NONE;
        }
        DataFile last = files.getLast();
        return TableLayout.of(spec(last), order(last), schema(snapshot));
    }

    PartitionSpec spec(DataFile file) {
        return Optional.ofNullable(table.specs().get(file.specId())).orElseGet(PartitionSpec::unpartitioned);
    }

    SortOrder order(DataFile file) {
        return Optional.ofNullable(file.sortOrderId())
                .map(table.sortOrders()::get)
                .orElseGet(SortOrder::unsorted);
    }

    /** The data files of a snapshot, in the order of their names. */
    List<DataFile> files(Snapshot snapshot) {
        List<DataFile> files = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
            tasks.forEach(task -> files.add(task.file()));
        } catch (IOException e) {
            throw new MillwrightException(
                    DataError.LAKE_FAILED,
                    table.name() + ": the files of " + snapshot.snapshotId() + " can't be listed",
                    e);
        }
        return files.stream().sorted(Comparator.comparing(LakeTable::path)).toList();
    }

    static Path path(DataFile file) {
        return LocalFileIO.path(file.location());
    }

    private Schema schema(Snapshot snapshot) {
        Schema schema = table.schemas().get(snapshot.schemaId());
        if (schema == null) {
            throw new MillwrightException(
                    DataError.LAKE_FAILED,
                    table.name() + ": version " + snapshot.snapshotId() + " has lost its schema (expected: one)");
        }
        return schema;
    }
}
