package dev.millwright.data;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.function.Consumer;

/** Files that are there whole or not at all, whatever happens to the process. Thread-safe. */
public final class DurableFiles {
    private DurableFiles() {}

    /**
     * Lets {@code writer} write aside, syncs, and renames to {@code target}, replacing what was there.
     *
     * @throws MillwrightException {@link CoreError#IO_FAILED} when the folder can't be written or is full
     */
    public static void write(Path target, Consumer<Path> writer) {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException("target: " + target + " (expected: a file in a folder)");
        }
        Path aside = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(folder);
            try {
                writer.accept(aside);
                syncFile(aside);
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                syncFolder(folder);
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (IOException e) {
            throw new MillwrightException(
                    CoreError.IO_FAILED,
                    target + ": can't be written (expected: a writable folder with free space): " + e.getMessage(),
                    e);
        }
    }

    private static void syncFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes a rename outlive a power cut. Windows can't open folders, and needs no such call. */
    public static void syncFolder(Path folder) throws IOException {
        if (java.io.File.separatorChar == '/') {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
