package dev.millwright.data;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/** Finds the files of a lake that nothing refers to. A day's grace keeps clear of ingestions that are under way. */
final class Sweep {
    private static final Duration GRACE = Duration.ofDays(1);

    private final Path directory;
    private final LakeCatalog catalog;
    private final InstantSource clock;

    Sweep(Path directory, LakeCatalog catalog, InstantSource clock) {
        this.directory = directory;
        this.catalog = catalog;
        this.clock = clock;
    }

    int run() {
        int deleted = 0;
        try (Stream<Path> folders = Files.list(directory)) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                Optional<Table> table = catalog.find(String.valueOf(folder.getFileName()));
                Set<Path> referenced = table.map(this::referenced).orElse(Set.of());
                deleted += sweep(folder, referenced);
            }
        } catch (IOException e) {
            throw new MillwrightException(CoreError.IO_FAILED, directory + ": can't be swept: " + e.getMessage(), e);
        }
        return deleted;
    }

    private int sweep(Path folder, Set<Path> referenced) throws IOException {
        Instant limit = clock.instant().minus(GRACE);
        int deleted = 0;
        for (String part : List.of("data", "quarantine", "metadata")) {
            Path files = folder.resolve(part);
            if (!Files.isDirectory(files)) {
                continue;
            }
            try (Stream<Path> entries = Files.list(files)) {
                for (Path file : entries.filter(Files::isRegularFile).toList()) {
                    boolean old = Files.getLastModifiedTime(file).toInstant().isBefore(limit);
                    if (old && !referenced.contains(file) && Files.deleteIfExists(file)) {
                        deleted++;
                    }
                }
            }
        }
        return deleted;
    }

    private Set<Path> referenced(Table table) {
        Set<Path> paths = new HashSet<>();
        TableMetadata metadata = ((HasTableOperations) table).operations().current();
        paths.add(LocalFileIO.path(metadata.metadataFileLocation()));
        metadata.previousFiles().forEach(entry -> paths.add(LocalFileIO.path(entry.file())));
        for (Snapshot snapshot : table.snapshots()) {
            paths.add(LocalFileIO.path(snapshot.manifestListLocation()));
            for (ManifestFile manifest : snapshot.allManifests(table.io())) {
                paths.add(LocalFileIO.path(manifest.path()));
            }
            paths.addAll(Lake.files(table, snapshot));
            String quarantine = snapshot.summary().get("millwright.quarantine-file");
            if (quarantine != null) {
                paths.add(LocalFileIO.path(table.location()).resolve(quarantine));
            }
        }
        return paths;
    }
}
