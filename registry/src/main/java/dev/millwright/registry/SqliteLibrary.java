package dev.millwright.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/**
 * SQLite's native library, unpacked once under {@code HOME/native/sqlite-VERSION}. Left to itself the driver unpacks and
 * compares it at each start, in the temporary directory: a third of a second that a short command has not got.
 */
final class SqliteLibrary {
    /** The driver's own setting; it reads it when the first connection is made. */
    private static final String PATH = "org.sqlite.lib.path";

    private SqliteLibrary() {}

    /** Unpacks the library unless it is there, and points the driver at it unless somebody did already. */
    static void use(Path home) {
        String platform = OSInfo.getNativeLibFolderPathForCurrentOS().replace('/', '-');
        Path directory = home.resolve("native").resolve("sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + platform);
        Path library = directory.resolve(LibraryLoaderUtil.getNativeLibName());
        if (System.getProperty(PATH) != null) {
            return;
        }
        try {
            if (Files.exists(library) || unpack(library)) {
                System.setProperty(PATH, directory.toString());
            }
        } catch (IOException failed) {
            throw HomeDirectory.failure(library, failed);
        }
    }

    /** Points the driver at the library that the owner of the home unpacked, if it did. */
    static void useIfPresent(Path home) {
        if (Files.isDirectory(home.resolve("native")) && Files.isWritable(home)) {
            use(home);
        }
    }

    /** Returns whether the driver brings a library for this platform; without one it has ways of its own. */
    private static boolean unpack(Path library) throws IOException {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try (InputStream stream = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (stream == null) {
                return false;
            }
            Path directory = HomeDirectory.parent(library);
            Files.createDirectories(directory);
            Path aside = directory.resolve(UUID.randomUUID() + ".new");
            try (FileChannel channel =
                    FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                stream.transferTo(Channels.newOutputStream(channel));
                channel.force(true); // a library cut short by a power loss would stop every later start
            }
            Files.move(aside, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        }
    }
}
