package dev.millwright.pipelines.scoring;

import dev.millwright.core.CoreError;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder beside an unfinished output: {@code OUT.parts/rows/part-000000.parquet}, …, and what they were made from in
 * {@code manifest.json}. One process holds it. A part is there whole or not at all.
 */
final class PartsFolder implements AutoCloseable {
    private static final String SUFFIX = ".parts";
    private static final String LOCK = "lock";
    private static final String MANIFEST = "manifest.json";
    private static final Set<String> OURS = Set.of(LOCK, MANIFEST, "rows", "typed", "tmp", "replaced");

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private PartsFolder(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /** Where the parts of an output are. */
    static Path beside(Path out) {
        return out.resolveSibling(out.getFileName() + SUFFIX);
    }

    /** @throws MillwrightException when another process writes the same output */
    static PartsFolder hold(Path out) {
        Path folder = beside(out);
        try {
            requireOurs(folder);
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new InvalidInputException("--out: " + out
                        + " is being written by another process (expected: one at a time). Wait for it, or choose another"
                        + " name.");
            }
            return new PartsFolder(folder, channel, lock);
        } catch (IOException unwritable) {
            throw failed(folder, unwritable);
        }
    }

    /** Refuses a folder of somebody else's, for what is in it goes in the end. */
    private static void requireOurs(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        for (Path child : children(folder)) {
            String name = String.valueOf(child.getFileName());
            if (!OURS.contains(name) && !name.endsWith(".tmp")) {
                throw new InvalidInputException(folder + " holds " + name
                        + ", which scoring didn't write (expected: a folder for its parts). Choose another --out.");
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    /** What the parts that are there were made from. */
    Optional<ScoringManifest> manifest() {
        return ScoringManifest.find(folder.resolve(MANIFEST));
    }

    /** Begins anew: whatever is there is gone. */
    void begin(ScoringManifest manifest) {
        try {
            for (Path path : children(folder)) {
                if (!path.endsWith(LOCK)) {
                    delete(path);
                }
            }
            Files.createDirectories(rows());
        } catch (IOException unwritable) {
            throw failed(folder, unwritable);
        }
        manifest.write(folder.resolve(MANIFEST));
    }

    /** Goes on: what a killed process was writing is gone, what it finished stays. */
    void goOn() {
        try {
            delete(temporary());
            delete(typed());
            Files.createDirectories(rows());
            for (Path path : children(rows())) {
                if (!String.valueOf(path.getFileName()).startsWith("part-")) {
                    delete(path);
                }
            }
        } catch (IOException unwritable) {
            throw failed(folder, unwritable);
        }
    }

    Path rows() {
        return folder.resolve("rows");
    }

    /** For parts with the types of the output. */
    Path typed() {
        return folder.resolve("typed");
    }

    /** For what doesn't outlive the process. */
    Path temporary() {
        return folder.resolve("tmp");
    }

    /** For an output that is replaced. */
    Path replaced() {
        return folder.resolve("replaced");
    }

    Path part(int number) {
        return rows().resolve(String.format(Locale.ROOT, "part-%06d.parquet", number));
    }

    boolean has(int number) {
        return Files.isRegularFile(part(number));
    }

    /** Whether any part is finished. */
    boolean hasParts() {
        try {
            return Files.isDirectory(rows()) && !children(rows()).isEmpty();
        } catch (IOException unreadable) {
            throw failed(folder, unreadable);
        }
    }

    /** Removes everything when no part was finished. */
    void removeUnlessUsed() {
        if (!hasParts()) {
            remove();
        }
    }

    /** Removes everything. */
    void remove() {
        try {
            delete(folder);
        } catch (IOException unwritable) {
            throw failed(folder, unwritable);
        }
    }

    static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(path)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.deleteIfExists(each);
        }
    }

    static MillwrightException failed(Path folder, IOException cause) {
        return new MillwrightException(
                CoreError.IO_FAILED,
                folder + ": can't be written (expected: a writable folder with free space): " + cause.getMessage(),
                cause);
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException unexpected) {
            throw failed(folder, unexpected);
        }
    }
}
