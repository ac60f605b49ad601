package dev.millwright.data;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds the files of a lake that nothing refers to. A day's grace keeps clear of ingestions that are under way. */
final class Sweep {
    private static final Duration GRACE = Duration.ofDays(1);

    private final Path directory;
    private final Path temporary;
    private final LakeCatalog catalog;
    private final InstantSource clock;

    /** @param temporary where staging files lie, which a killed process leaves behind */
    Sweep(Path directory, Path temporary, LakeCatalog catalog, InstantSource clock) {
        this.directory = directory;
        this.temporary = temporary;
        this.catalog = catalog;
        this.clock = clock;
    }

    int run() {
        try {
            int deleted = delete(temporary, StagingFile::isOne);
            for (Path folder : folders()) {
                String dataset = String.valueOf(folder.getFileName());
                Optional<LakeTable> table = catalog.find(dataset).map(found -> new LakeTable(dataset, found));
                Set<Path> referenced = table.map(TableFiles::of).orElse(Set.of());
                for (String part : List.of("data", "quarantine", "repairs", "metadata")) {
                    deleted += delete(folder.resolve(part), file -> !referenced.contains(file));
                }
            }
            return deleted;
        } catch (IOException e) {
            throw new MillwrightException(CoreError.IO_FAILED, directory + ": can't be swept: " + e.getMessage(), e);
        }
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    /** Deletes the old files of a folder that {@code unwanted} says yes to. */
    private int delete(Path folder, Predicate<Path> unwanted) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        Instant limit = clock.instant().minus(GRACE);
        int deleted = 0;
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path file :
                    entries.filter(Files::isRegularFile).filter(unwanted).toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit) && Files.deleteIfExists(file)) {
                    deleted++;
                }
            }
        }
        return deleted;
    }
}
