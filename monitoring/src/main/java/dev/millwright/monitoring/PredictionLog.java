package dev.millwright.monitoring;

import dev.millwright.core.MillwrightException;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.PredictionSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;

/**
 * Every answered request, as Parquet files by endpoint and day. Requests pass through a bounded ring; when the writer
 * falls behind, they are dropped and counted, never waited for. Not acknowledged state: a kill may lose what came within
 * {@link PredictionLogOptions#flushEvery}, and the next start records that as a {@linkplain #gaps gap}. Thread-safe.
 */
public final class PredictionLog implements PredictionSink, PredictionHistory, AutoCloseable {
    private final Path root;
    private final PredictionLogOptions options;
    private final InstantSource clock;
    private final List<PredictionObserver> observers;
    private final PredictionFiles files;
    private final LogMarker marker;
    /** The writer's, under {@code lock}. */
    private final PredictionTable table;

    /** The readers', under {@code reading}: a long read must not keep the writer from emptying the ring. */
    private final PredictionTable readTable;

    private final ReentrantLock reading = new ReentrantLock();
    /** Read: files are being read. Write: files are being replaced; put off while anybody reads. */
    private final ReentrantReadWriteLock replacing = new ReentrantReadWriteLock();

    private final EventRing ring;
    private final Thread writer;
    private final AtomicLong dropped = new AtomicLong();
    /** Held by whoever empties the ring or writes files. */
    private final ReentrantLock lock = new ReentrantLock();

    private final PendingPredictions pending;
    private long rowsWritten;
    private volatile Optional<String> lastFailure = Optional.empty();
    private volatile boolean closing;

    /**
     * How the log stands.
     *
     * @param dropped requests that are not in the log: no room, or the files could not be written
     * @param lastFailure what went wrong last, empty once a write has succeeded again
     */
    public record Status(long rowsWritten, long dropped, int waiting, Optional<String> lastFailure) {}

    private PredictionLog(
            Path root,
            PredictionLogOptions options,
            InstantSource clock,
            List<PredictionObserver> observers,
            ThreadFactory threads,
            PredictionTable table,
            PredictionTable readTable) {
        this.root = root;
        this.options = options;
        this.clock = clock;
        this.observers = List.copyOf(observers);
        this.files = new PredictionFiles(root);
        this.marker = new LogMarker(root);
        this.table = table;
        this.pending = new PendingPredictions(table);
        this.readTable = readTable;
        this.ring = new EventRing(options.capacity(), options.memory());
        this.writer = threads.newThread(this::writeUntilClosed);
    }

    /**
     * Opens the log, cleans up after a crash, and starts the writer.
     *
     * @param root {@code HOME/predictions}, owned by one process
     * @param observers see every prediction that isn't dropped, on the writer's thread
     * @param threads makes the writer's thread
     * @throws MillwrightException {@link MonitoringError#PREDICTION_LOG_FAILED}
     */
    public static PredictionLog open(
            Path root,
            PredictionLogOptions options,
            InstantSource clock,
            List<PredictionObserver> observers,
            ThreadFactory threads) {
        try {
            PredictionLog log = new PredictionLog(
                    root, options, clock, observers, threads, new PredictionTable(), new PredictionTable());
            log.marker.start(clock.instant());
            log.files.sweep();
            log.writer.start();
            return log;
        } catch (IOException e) {
            throw failed("open " + root, e);
        }
    }

    private static MillwrightException failed(String what, Exception e) {
        return new MillwrightException(
                MonitoringError.PREDICTION_LOG_FAILED,
                "prediction log: can't " + what + ": " + e.getMessage()
                        + " (expected: a readable and writable folder with room)",
                e);
    }

    @Override
    public void accept(PredictionEvent event) {
        if (closing || !ring.offer(event)) {
            dropped.incrementAndGet();
        }
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    public Status status() {
        lock.lock();
        try {
            return new Status(rowsWritten, dropped.get(), ring.size() + pending.events(), lastFailure);
        } finally {
            lock.unlock();
        }
    }

    /** Times for which predictions may be missing, oldest first. */
    public List<LogGap> gaps() {
        lock.lock();
        try {
            return marker.gaps();
        } catch (IOException e) {
            throw failed("read the gaps of " + root, e);
        } finally {
            lock.unlock();
        }
    }

    private void writeUntilClosed() {
        long nanos = options.flushEvery().toNanos();
        long due = System.nanoTime() + nanos;
        while (!closing) {
            // Short naps instead of a signal: a signal would cost every request a lock.
            LockSupport.parkNanos(Math.min(nanos, 20_000_000));
            boolean late = System.nanoTime() - due >= 0;
            lock.lock();
            try {
                drain();
                if (late || pending.rows() >= options.flushRows()) {
                    writePending();
                }
            } finally {
                lock.unlock();
            }
            if (late) {
                due = System.nanoTime() + nanos;
            }
        }
    }

    /** Writes what has come so far; files are durable when it returns. */
    public void flush() {
        lock.lock();
        try {
            drain();
            writePending();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all predictions. */
    public void empty() {
        lock.lock();
        replacing.writeLock().lock();
        try {
            drain();
            pending.forgetAll();
            files.deleteAll();
        } catch (SQLException e) {
            throw failed("empty " + root, e);
        } finally {
            replacing.writeLock().unlock();
            lock.unlock();
        }
    }

    private void drain() {
        PredictionEvent event = ring.poll();
        while (event != null && pending.events() < options.capacity()) {
            for (PredictionObserver observer : observers) {
                tell(observer, event);
            }
            add(event);
            if (pending.rows() >= options.flushRows()) {
                writePending();
            }
            event = ring.poll();
        }
    }

    private void add(PredictionEvent event) {
        int before = pending.events();
        try {
            pending.add(event);
        } catch (SQLException e) {
            dropped.addAndGet(before + 1L - pending.events());
            failed(e);
        }
    }

    private void failed(Exception e) {
        lastFailure = Optional.of(String.valueOf(e.getMessage()));
    }

    private void tell(PredictionObserver observer, PredictionEvent event) {
        try {
            observer.observe(event);
        } catch (RuntimeException e) {
            // An observer's defect must not cost the log its rows.
            lastFailure = Optional.of("observer: " + e);
        }
    }

    /** What can't be written is tried again, until it takes the room of what comes. */
    private void writePending() {
        Instant reached = clock.instant();
        try {
            for (PendingPredictions.Waiting waiting : pending.all()) {
                write(waiting);
                pending.forget(waiting);
                compact(waiting.group());
            }
            marker.reached(reached);
            lastFailure = Optional.empty();
        } catch (IOException | SQLException | MillwrightException e) {
            failed(e);
        }
        if (pending.events() >= options.capacity() || closing) {
            dropped.addAndGet(pending.events());
            try {
                pending.forgetAll();
            } catch (SQLException e) {
                failed(e);
            }
        }
    }

    private void write(PendingPredictions.Waiting waiting) throws IOException, SQLException {
        PredictionFiles.Group group = waiting.group();
        Path folder = files.folder(group.endpoint(), group.date());
        Files.createDirectories(folder);
        long number = files.next(folder);
        Path path = files.path(group, number, number);
        Path aside = folder.resolve(path.getFileName() + ".tmp");
        waiting.batch().write(aside);
        PredictionFiles.publish(aside, path);
        rowsWritten += waiting.batch().rows();
    }

    /** Merges files of about one size, so that a day ends with some dozens and a row is rewritten two or three times. */
    private void compact(PredictionFiles.Group group) throws IOException, SQLException {
        Path folder = files.folder(group.endpoint(), group.date());
        Map<Integer, List<PredictionFiles.Stored>> bySize = files.list(folder).stream()
                .filter(file -> file.version() == group.version() && file.role() == group.role())
                .collect(Collectors.groupingBy(file -> file.level(options.compactFiles())));
        for (List<PredictionFiles.Stored> alike : bySize.values()) {
            if (alike.size() >= options.compactFiles() && replacing.writeLock().tryLock()) {
                try {
                    merge(folder, group, alike);
                } finally {
                    replacing.writeLock().unlock();
                }
            }
        }
    }

    private void merge(Path folder, PredictionFiles.Group group, List<PredictionFiles.Stored> parts)
            throws IOException, SQLException {
        List<Path> paths = parts.stream().map(PredictionFiles.Stored::path).toList();
        Path merged =
                files.path(group, parts.getFirst().first(), parts.getLast().last());
        Path aside = folder.resolve(merged.getFileName() + ".tmp");
        table.merge(paths, aside);
        PredictionFiles.publish(aside, merged);
        paths.forEach(PredictionFiles::delete);
    }

    @Override
    public List<LoggedPredictions> read(String endpoint, Instant from, Instant to) {
        return read(endpoint, from, to, paths -> readTable.read(paths, from, to));
    }

    @Override
    public List<LoggedPredictions> read(String endpoint, Instant from, Instant to, Set<String> ids) {
        return read(endpoint, from, to, paths -> readTable.read(paths, from, to, ids));
    }

    /** Reads files of one version and role. */
    @FunctionalInterface
    private interface Reading {
        Optional<LoggedPredictions> of(List<Path> paths) throws SQLException;
    }

    private List<LoggedPredictions> read(String endpoint, Instant from, Instant to, Reading table) {
        reading.lock();
        replacing.readLock().lock();
        try {
            Map<String, List<Path>> byVersion = files.find(endpoint, from, to).stream()
                    .collect(Collectors.groupingBy(
                            file -> file.version() + " " + file.role(),
                            TreeMap::new,
                            Collectors.mapping(PredictionFiles.Stored::path, Collectors.toList())));
            List<LoggedPredictions> found = new ArrayList<>();
            for (List<Path> paths : byVersion.values()) {
                table.of(paths).ifPresent(found::add);
            }
            found.sort(Comparator.comparing(LoggedPredictions::version).thenComparing(LoggedPredictions::role));
            return found;
        } catch (SQLException e) {
            throw failed("read " + endpoint, e);
        } finally {
            replacing.readLock().unlock();
            reading.unlock();
        }
    }

    /**
     * The log's Parquet files of an endpoint for these times, for whoever reads them with an engine of their own. Small
     * files may be replaced by a merged one at any time: list again when one is gone.
     */
    public List<Path> files(String endpoint, Instant from, Instant to) {
        replacing.readLock().lock();
        try {
            return files.find(endpoint, from, to).stream()
                    .map(PredictionFiles.Stored::path)
                    .toList();
        } finally {
            replacing.readLock().unlock();
        }
    }

    /** Writes what is left and marks the log as closed; requests from here on are counted as dropped. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join();
            flush();
            if (lastFailure.isEmpty()) {
                marker.end();
            }
            table.close();
            reading.lock();
            try {
                readTable.close();
            } finally {
                reading.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | SQLException e) {
            throw failed("close " + root, e);
        }
    }
}
