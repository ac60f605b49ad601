package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files of a home that only its user may read, and that are on the disk when they are said to be. */
final class HomeDirectory {
    private HomeDirectory() {}

    /** Creates the directory, readable by its user only, unless it exists; returns its real path. */
    static Path create(Path home) {
        try {
            if (!Files.isDirectory(home)) {
                Files.createDirectories(parent(home));
                Files.createDirectories(home, permissions(home.toAbsolutePath(), "rwx------"));
            }
            return home.toRealPath();
        } catch (IOException failed) {
            throw failure(home, failed);
        }
    }

    /** The directory that {@code path} is in; the root is in itself. */
    static Path parent(Path path) {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }

    /** The attribute for a new file, none where the file system knows no such permissions. */
    static FileAttribute<?>[] permissions(Path near, String permissions) {
        boolean posix = near.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Makes names that were created or renamed in {@code directory} survive a power loss. */
    static void sync(Path directory) throws IOException {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return; // Windows opens no directories; NTFS journals names
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static MillwrightException failure(Path path, IOException cause) {
        return new MillwrightException(
                RegistryError.STORAGE_FAILED,
                path + ": " + cause + " (expected: a writable disk with free space). Make room, then retry.",
                cause);
    }
}
