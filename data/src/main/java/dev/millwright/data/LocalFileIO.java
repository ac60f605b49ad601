package dev.millwright.data;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * Iceberg's files on the local file system, with {@code java.nio} only, so that Hadoop need not be there. A file is synced
 * when it is closed, and so is its folder when it was new: what a catalog points at is on disk. Thread-safe.
 */
final class LocalFileIO implements FileIO {
    @Serial
    private static final long serialVersionUID = 1;

    /** Takes plain paths and {@code file:} URIs. */
    static Path path(String location) {
        return location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
    }

    @Override
    public InputFile newInputFile(String location) {
        return new In(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
        return new Out(location);
    }

    @Override
    public void deleteFile(String location) {
        try {
            Files.deleteIfExists(path(location));
        } catch (IOException e) {
            throw new UncheckedIOException(location + ": can't be deleted", e);
        }
    }

    private record In(String location) implements InputFile {
        @Override
        public long getLength() {
            try {
                return Files.size(path(location));
            } catch (NoSuchFileException e) {
                throw new NotFoundException(e, "%s: no such file", location);
            } catch (IOException e) {
                throw new UncheckedIOException(location + ": has no length", e);
            }
        }

        @Override
        public SeekableInputStream newStream() {
            try {
                return new Reading(FileChannel.open(path(location), StandardOpenOption.READ));
            } catch (NoSuchFileException e) {
                throw new NotFoundException(e, "%s: no such file", location);
            } catch (IOException e) {
                throw new UncheckedIOException(location + ": can't be opened", e);
            }
        }

        @Override
        public boolean exists() {
            return Files.exists(path(location));
        }
    }

    private record Out(String location) implements OutputFile {
        @Override
        public PositionOutputStream create() {
            return open(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public PositionOutputStream createOrOverwrite() {
            return open(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        }

        private PositionOutputStream open(OpenOption... options) {
            Path file = path(location);
            try {
                Path folder = file.toAbsolutePath().getParent();
                if (folder != null) {
                    Files.createDirectories(folder);
                }
                return new Writing(file, FileChannel.open(file, options));
            } catch (FileAlreadyExistsException e) {
                throw new AlreadyExistsException(e, "%s: exists already", location);
            } catch (IOException e) {
                throw new UncheckedIOException(location + ": can't be written", e);
            }
        }

        @Override
        public InputFile toInputFile() {
            return new In(location);
        }
    }

    private static final class Reading extends SeekableInputStream {
        private final FileChannel channel;
        private final java.io.InputStream stream;

        Reading(FileChannel channel) {
            this.channel = channel;
            this.stream = Channels.newInputStream(channel);
        }

        @Override
        public long getPos() throws IOException {
            return channel.position();
        }

        @Override
        public void seek(long position) throws IOException {
            channel.position(position);
        }

        @Override
        public int read() throws IOException {
            return stream.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return stream.read(buffer, offset, length);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static final class Writing extends PositionOutputStream {
        private final Path file;
        private final FileChannel channel;
        private final OutputStream stream;
        private long written; // Iceberg asks for it after closing, too

        Writing(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
            this.stream = Channels.newOutputStream(channel);
        }

        @Override
        public long getPos() {
            return written;
        }

        @Override
        public void write(int b) throws IOException {
            stream.write(b);
            written++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            stream.write(bytes, offset, length);
            written += length;
        }

        @Override
        public void close() throws IOException {
            if (channel.isOpen()) {
                channel.force(true);
                channel.close();
                Path folder = file.toAbsolutePath().getParent();
                if (folder != null) {
                    DurableFiles.syncFolder(folder);
                }
            }
        }
    }
}
