package dev.millwright.data;

import dev.millwright.core.MillwrightException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
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
        Integer schema = earlier.snapshot().schemaId();
        if (schema != null && schema != operations.current().currentSchemaId()) {
            // Not an evolution, which would give columns that come back other ids than the files have.
            operations.commit(
                    operations.current(),
                    TableMetadata.buildFrom(operations.current())
                            .setCurrentSchema(schema)
                            .build());
        }
        OverwriteFiles overwrite = transaction.newOverwrite();
        List<DataFile> wanted = table.files(earlier.snapshot());
        List<DataFile> present = table.files(table.table().currentSnapshot());
        without(present, wanted).forEach(overwrite::deleteFile);
        without(wanted, present).forEach(overwrite::addFile);
        SnapshotSummary.restoring(earlier.snapshot(), step, reason).forEach(overwrite::set);
        commit(table.dataset() + ": step " + step, () -> {
            overwrite.commit();
            transaction.commitTransaction();
        });
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
