package dev.millwright.data;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of files, one file open at a time, with how far it has come. For one thread. */
final class LinesOfFiles implements AutoCloseable {
    private final List<Path> files;
    private final Charset charset;
    private int file = -1;
    private long bytesBefore;
    private @Nullable TextLines lines;

    /** Nothing is open yet. */
    LinesOfFiles(List<Path> files, Charset charset) {
        this.files = files;
        this.charset = charset;
    }

    /** Closes the file that is open and opens the next; null when there is none. */
    @Nullable
    TextLines openNext() {
        close();
        if (file + 1 >= files.size()) {
            return null;
        }
        TextLines opened = TextLines.open(files.get(++file), charset);
        lines = opened;
        return opened;
    }

    /** The place among the files of the one that is open, or was last. */
    int file() {
        return file;
    }

    Path path() {
        return files.get(file);
    }

    /** Bytes read of all files. */
    long bytesRead() {
        TextLines open = lines;
        return bytesBefore + (open == null ? 0 : open.bytesRead());
    }

    @Override
    public void close() {
        TextLines open = lines;
        if (open != null) {
            bytesBefore += open.bytesRead();
            open.close();
            lines = null;
        }
    }
}
