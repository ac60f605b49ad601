package dev.millwright.data;

import dev.millwright.core.MillwrightException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;

/** Changes which versions a dataset has and what they are called; each is one commit to the catalog. */
record TableChange(LakeTable table) {
    /**
     * Does a commit.
     *
     * @param what names it, for whoever has to look whether it was made
     */
    static void commit(String what, Runnable work) {
        try {
            work.run();
        } catch (CommitFailedException e) {
            throw new MillwrightException(
                    DataError.LAKE_BUSY,
                    what + ": the lake was changed by another writer (expected: one process); try again",
                    e);
        } catch (CommitStateUnknownException e) {
            throw new MillwrightException(
                    DataError.LAKE_BUSY,
                    what + ": whether the commit was made is not known; look for it before trying again",
                    e);
        }
    }

    /** Puts a tag on a snapshot, or moves it there. */
    void tag(String name, long snapshot) {
        change(
                "tag " + name,
                builder -> builder.setRef(name, SnapshotRef.tagBuilder(snapshot).build()));
    }

    void untag(String name) {
        change("tag " + name, builder -> builder.removeRef(name));
    }

    /** Makes the rows of an earlier snapshot the newest ones; the new snapshot has the same files, and the same columns. */
    void restore(LakeTable.Made earlier, String step, String reason) {
        Transaction transaction = table.table().newTransaction();
        TableOperations operations = operations(transaction.table());
        List<DataFile> wanted = table.files(earlier.snapshot());
        shape(operations, earlier.snapshot(), wanted.getLast());
        OverwriteFiles overwrite = transaction.newOverwrite();
        List<DataFile> present = table.files(table.table().currentSnapshot());
        without(present, wanted).forEach(overwrite::deleteFile);
        without(wanted, present).forEach(overwrite::addFile);
        SnapshotSummary.restoring(earlier.snapshot(), step, reason).forEach(overwrite::set);
        commit(table.dataset() + ": step " + step, () -> {
            overwrite.commit();
            transaction.commitTransaction();
        });
    }

    /** What happens to the rows of a version when its files are written anew. */
    enum Rows {
        /** They are the same. */
        KEPT,
        CHANGED
    }

    /**
     * Puts other files in the place of a snapshot's: a snapshot that has its columns, its tags and its place among the versions. The
     * old one is to be given up once nobody reads it.
     *
     * @param summary what the new snapshot says of itself
     * @param files writes them for a table of these columns and this layout
     * @return the id of the new snapshot
     */
    long replace(LakeTable.Made old, Map<String, String> summary, Rows rows, Function<Table, List<DataFile>> files) {
        Transaction transaction = table.table().newTransaction();
        TableOperations operations = operations(transaction.table());
        TableMetadata before = operations.current();
        boolean newest = table.table().currentSnapshot().snapshotId() == old.id();
        List<DataFile> present = table.files(table.table().currentSnapshot());
        if (!newest) {
            shape(operations, old.snapshot(), table.files(old.snapshot()).getLast());
        }
        stage(transaction, newest, rows, present, files.apply(transaction.table()), summary);
        long made = newestOf(operations.current());
        TableMetadata.Builder builder = TableMetadata.buildFrom(operations.current())
                .setCurrentSchema(before.currentSchemaId())
                .setDefaultPartitionSpec(before.defaultSpecId())
                .setDefaultSortOrder(before.defaultSortOrderId());
        tags().forEach((tag, snapshot) -> {
            if (snapshot == old.id()) {
                builder.setRef(tag, SnapshotRef.tagBuilder(made).build());
            }
        });
        TableMetadata whole = builder.build();
        if (!whole.changes().isEmpty()) {
            operations.commit(operations.current(), whole);
        }
        commit(table.dataset() + ": rewrite " + old.id(), transaction::commitTransaction);
        return made;
    }

    private static void stage(
            Transaction transaction,
            boolean newest,
            Rows rows,
            List<DataFile> present,
            List<DataFile> written,
            Map<String, String> summary) {
        if (newest && rows == Rows.KEPT) {
            RewriteFiles rewrite = transaction.newRewrite();
            present.forEach(rewrite::deleteFile);
            written.forEach(rewrite::addFile);
            summary.forEach(rewrite::set);
            rewrite.commit();
            return;
        }
        OverwriteFiles overwrite = transaction.newOverwrite();
        present.forEach(overwrite::deleteFile);
        written.forEach(overwrite::addFile);
        summary.forEach(overwrite::set);
        if (!newest) {
            overwrite.stageOnly();
        }
        overwrite.commit();
    }

    private static long newestOf(TableMetadata metadata) {
        return metadata.snapshots().stream()
                .max(Comparator.comparingLong(Snapshot::sequenceNumber))
                .orElseThrow()
                .snapshotId();
    }

    /** Gives the table the columns and the layout that it had. */
    private void shape(TableOperations operations, Snapshot snapshot, DataFile last) {
        TableMetadata current = operations.current();
        TableMetadata.Builder builder = TableMetadata.buildFrom(current)
                .setDefaultPartitionSpec(table.spec(last).specId())
                .setDefaultSortOrder(table.order(last).orderId());
        Integer schema = snapshot.schemaId();
        if (schema != null && schema != current.currentSchemaId()) {
            // Not an evolution, which would give columns that come back other ids than the files have.
            builder.setCurrentSchema(schema);
        }
        TableMetadata shaped = builder.build();
        if (!shaped.changes().isEmpty()) {
            operations.commit(current, shaped);
        }
    }

    private static List<DataFile> without(List<DataFile> files, List<DataFile> others) {
        Set<Path> known = others.stream().map(LakeTable::path).collect(Collectors.toSet());
        return files.stream()
                .filter(file -> !known.contains(LakeTable.path(file)))
                .toList();
    }

    /** Gives snapshots up, with the tags that are on them, and deletes the files that no other one has. */
    TableFiles.Deleted expire(Collection<Long> snapshots) {
        Set<Path> files = new HashSet<>();
        for (long id : snapshots) {
            Snapshot snapshot = table.table().snapshot(id);
            if (snapshot != null) {
                files.addAll(TableFiles.of(table, snapshot));
            }
        }
        if (files.isEmpty()) {
            return TableFiles.Deleted.NONE;
        }
        change("expire", builder -> builder.removeSnapshots(snapshots));
        table.table().refresh();
        files.removeAll(TableFiles.of(table));
        return TableFiles.delete(files);
    }

    /** Tags by name, with the snapshots that they are on. */
    Map<String, Long> tags() {
        return table.table().refs().entrySet().stream()
                .filter(ref -> ref.getValue().isTag())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, ref -> ref.getValue().snapshotId()));
    }

    private void change(String what, UnaryOperator<TableMetadata.Builder> change) {
        TableOperations operations = operations(table.table());
        TableMetadata current = operations.current();
        TableMetadata changed = change.apply(TableMetadata.buildFrom(current)).build();
        commit(table.dataset() + ": " + what, () -> operations.commit(current, changed));
    }

    private static TableOperations operations(org.apache.iceberg.Table table) {
        return ((HasTableOperations) table).operations();
    }
}
