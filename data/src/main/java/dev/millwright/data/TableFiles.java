package dev.millwright.data;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;

/** Which files of a dataset something still refers to. */
final class TableFiles {
    private TableFiles() {}

    /** Files that were deleted. */
    record Deleted(int files, long bytes) {
        static final Deleted NONE = new Deleted(0, 0);

        Deleted and(Deleted others) {
            return new Deleted(files + others.files, bytes + others.bytes);
        }
    }

    /** Of all snapshots, and the metadata. */
    static Set<Path> of(LakeTable table) {
        Set<Path> paths = new HashSet<>();
        TableMetadata metadata =
                ((HasTableOperations) table.table()).operations().current();
        paths.add(LocalFileIO.path(metadata.metadataFileLocation()));
        metadata.previousFiles().forEach(entry -> paths.add(LocalFileIO.path(entry.file())));
        table.table().snapshots().forEach(snapshot -> paths.addAll(of(table, snapshot)));
        return paths;
    }

    /** Of one snapshot: its rows, the rows that were set aside, and the lists of these files. */
    static Set<Path> of(LakeTable table, Snapshot snapshot) {
        Set<Path> paths = new HashSet<>();
        paths.add(LocalFileIO.path(snapshot.manifestListLocation()));
        for (ManifestFile manifest : snapshot.allManifests(table.table().io())) {
            paths.add(LocalFileIO.path(manifest.path()));
        }
        table.files(snapshot).forEach(file -> paths.add(LakeTable.path(file)));
        Path folder = LocalFileIO.path(table.table().location());
        SnapshotSummary.of(snapshot).ifPresent(summary -> {
            summary.quarantineFile().ifPresent(file -> paths.add(folder.resolve(file)));
            summary.repairs().ifPresent(repairs -> paths.add(folder.resolve(repairs.file())));
        });
        return paths;
    }

    /** Deletes files; those that are gone already don't count. */
    static Deleted delete(Set<Path> files) {
        Deleted deleted = Deleted.NONE;
        for (Path file : files) {
            try {
                long bytes = Files.isRegularFile(file) ? Files.size(file) : 0;
                if (Files.deleteIfExists(file)) {
                    deleted = deleted.and(new Deleted(1, bytes));
                }
            } catch (IOException e) {
                throw new MillwrightException(
                        CoreError.IO_FAILED,
                        file + ": can't be deleted (expected: a writable folder): " + e.getMessage(),
                        e);
            }
        }
        return deleted;
    }
}
