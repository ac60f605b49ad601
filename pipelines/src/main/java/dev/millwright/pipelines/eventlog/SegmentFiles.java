package dev.millwright.pipelines.eventlog;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes the files of a log. */
@FunctionalInterface
interface SegmentFiles {
    SegmentFiles ON_DISK = file -> FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /** A new file, to be written. */
    FileChannel create(Path file) throws IOException;
}
