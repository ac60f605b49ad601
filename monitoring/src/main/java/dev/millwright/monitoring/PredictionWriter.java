package dev.millwright.monitoring;

import dev.millwright.monitoring.PredictionFiles.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/** Makes batches into files. For one thread at a time. */
final class PredictionWriter {
    private final PredictionFiles files;
    private final PredictionTable table;
    /** Held while a folder is being looked at; nobody replaces files meanwhile. */
    private final Lock looking;

    private final Consumer<Group> written;
    private final Deque<PredictionBatch> unwritten = new ArrayDeque<>();
    private final AtomicLong rowsWritten = new AtomicLong();

    /**
     * A writer into these files.
     *
     * @param written is told of each new file's group
     */
    PredictionWriter(PredictionFiles files, PredictionTable table, Lock looking, Consumer<Group> written) {
        this.files = files;
        this.table = table;
        this.looking = looking;
        this.written = written;
    }

    /** May be asked by any thread. */
    long rowsWritten() {
        return rowsWritten.get();
    }

    void take(Collection<PredictionBatch> batches) {
        unwritten.addAll(batches);
    }

    /** What it took and has not written. */
    Held unwritten() {
        return unwritten.stream().map(PredictionBatch::held).reduce(Held.NOTHING, Held::plus);
    }

    /** Writes what it took; when that fails, what is left can be tried again. Files are durable when it returns. */
    void writeAll() throws IOException, SQLException {
        for (PredictionBatch batch = unwritten.peek(); batch != null; batch = unwritten.peek()) {
            write(batch);
            unwritten.remove();
            rowsWritten.addAndGet(batch.held().rows());
            written.accept(batch.group());
            batch.release();
        }
    }

    void forgetAll() {
        while (!unwritten.isEmpty()) {
            unwritten.remove().release();
        }
    }

    private void write(PredictionBatch batch) throws IOException, SQLException {
        Group group = batch.group();
        Path folder = files.folder(group.endpoint(), group.date());
        Files.createDirectories(folder);
        long number = next(folder);
        Path path = files.path(group, number, number);
        Path aside = folder.resolve(path.getFileName() + ".tmp");
        table.write(batch, aside);
        try {
            PredictionFiles.publish(aside, path);
        } catch (IOException failed) {
            // It may be there, and not be durable: the next try would write it once more, under another name.
            Files.deleteIfExists(path);
            throw failed;
        }
    }

    private long next(Path folder) {
        looking.lock();
        try {
            return files.next(folder);
        } finally {
            looking.unlock();
        }
    }
}
