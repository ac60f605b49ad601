package dev.millwright.monitoring;

import dev.millwright.core.MillwrightException;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.PredictionSink;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Every answered request, as Parquet files by endpoint and day. Requests pass through a bounded ring, which one thread empties many
 * times a second; another one writes files, and a third makes small ones into large ones, so that long work delays nobody.
 * When a thread falls behind, predictions are dropped and counted, never waited for. Not acknowledged state: a kill may lose what came within
 * {@link PredictionLogOptions#flushEvery}, and the next start records that as a {@linkplain #gaps gap}. Thread-safe.
 */
public final class PredictionLog implements PredictionSink, PredictionHistory, AutoCloseable {
    /** How long the ring is left alone: a signal instead would cost every request a lock. */
    private static final long NAP = Duration.ofMillis(20).toNanos();

    private final Path root;
    private final PredictionLogOptions options;
    private final InstantSource clock;
    private final List<PredictionObserver> observers;
    private final PredictionFiles files;
    private final LogMarker marker;
    private final EventRing ring;
    private final AtomicLong dropped = new AtomicLong();
    private volatile Optional<String> lastFailure = Optional.empty();
    private volatile boolean closing;

    /** Held by whoever empties the ring; never for long. Fair: a busy collector would take it again before the writer gets it. */
    private final ReentrantLock collecting = new ReentrantLock(true);

    private final PendingPredictions pending = new PendingPredictions();
    /** What was handed to the writer, and is not in files yet. */
    private Held handedOver = Held.NOTHING;

    /** Held by whoever writes files; taken before {@code collecting}. */
    private final ReentrantLock writing = new ReentrantLock();

    private final PredictionTable table = new PredictionTable();
    private final PredictionWriter writer;

    /** Held by whoever merges files; taken before {@code writing}. */
    private final ReentrantLock merging = new ReentrantLock();

    private final PredictionMerger merger;
    private final PredictionReader reader;
    /** Read: files are being read. Write: files are being replaced. */
    private final ReentrantReadWriteLock replacing = new ReentrantReadWriteLock();

    private final Thread collectorThread;
    private final Thread writerThread;
    private final Thread mergerThread;

    /**
     * How the log stands.
     *
     * @param dropped requests that are not in the log: no room, or the files could not be written
     * @param lastFailure what went wrong last, empty once a write has succeeded again
     */
    public record Status(long rowsWritten, long dropped, int waiting, Optional<String> lastFailure) {}

    /**
     * Who makes the log's threads.
     *
     * @param collector of the one that takes predictions over, many times a second
     * @param writer of the one that writes files, which needs a part of a core under load
     * @param merger of the one that makes small files into large ones, which has time until the next day
     */
    public record LogThreads(ThreadFactory collector, ThreadFactory writer, ThreadFactory merger) {}

    private PredictionLog(
            Path root,
            PredictionLogOptions options,
            InstantSource clock,
            List<PredictionObserver> observers,
            LogThreads threads) {
        this.root = root;
        this.options = options;
        this.clock = clock;
        this.observers = List.copyOf(observers);
        this.files = new PredictionFiles(root);
        this.marker = new LogMarker(root);
        this.ring = new EventRing(options.capacity(), options.memory());
        this.merger = new PredictionMerger(files, options.compactFiles(), replacing);
        this.writer = new PredictionWriter(files, table, replacing.readLock(), merger::written);
        this.reader = new PredictionReader(files, replacing);
        this.collectorThread = threads.collector().newThread(this::collectUntilClosed);
        this.writerThread = threads.writer().newThread(this::writeUntilClosed);
        this.mergerThread = threads.merger().newThread(this::mergeUntilClosed);
    }

    /**
     * Opens the log, cleans up after a crash, and starts its threads.
     *
     * @param root {@code HOME/predictions}, owned by one process
     * @param observers see every prediction that the ring had room for, one at a time
     * @throws MillwrightException {@link MonitoringError#PREDICTION_LOG_FAILED}
     */
    public static PredictionLog open(
            Path root,
            PredictionLogOptions options,
            InstantSource clock,
            List<PredictionObserver> observers,
            LogThreads threads) {
        try {
            PredictionLog log = new PredictionLog(root, options, clock, observers, threads);
            log.marker.start(clock.instant());
            log.files.sweep();
            log.collectorThread.start();
            log.writerThread.start();
            log.mergerThread.start();
            return log;
        } catch (IOException e) {
            throw failed("open " + root, e);
        }
    }

    static MillwrightException failed(String what, Exception e) {
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
        collecting.lock();
        try {
            int waiting = ring.size() + held().events();
            return new Status(writer.rowsWritten(), dropped.get(), waiting, lastFailure);
        } finally {
            collecting.unlock();
        }
    }

    /** Times for which predictions may be missing, oldest first. */
    public List<LogGap> gaps() {
        try {
            return marker.gaps();
        } catch (IOException e) {
            throw failed("read the gaps of " + root, e);
        }
    }

    private void collectUntilClosed() {
        while (!closing) {
            LockSupport.parkNanos(NAP);
            collecting.lock();
            try {
                collect();
                // Not while the writer is at it, or can't write: then it comes back by itself.
                if (pending.held().rows() >= options.flushRows() && handedOver.events() == 0) {
                    LockSupport.unpark(writerThread);
                }
            } catch (RuntimeException e) {
                failed(e);
            } finally {
                collecting.unlock();
            }
        }
    }

    private void writeUntilClosed() {
        while (!closing) {
            LockSupport.parkNanos(options.flushEvery().toNanos());
            write();
        }
    }

    private void mergeUntilClosed() {
        while (!closing) {
            LockSupport.parkNanos(options.flushEvery().toNanos());
            merge();
        }
    }

    /** Writes what has come so far, and merges files; they are durable when it returns. */
    public void flush() {
        write();
        merge();
    }

    /** Forgets all predictions. */
    public void empty() {
        merging.lock();
        writing.lock();
        replacing.writeLock().lock();
        collecting.lock();
        try {
            handOver();
            writer.forgetAll();
            handedOver = Held.NOTHING;
            files.deleteAll();
        } finally {
            collecting.unlock();
            replacing.writeLock().unlock();
            writing.unlock();
            merging.unlock();
        }
    }

    /** Takes over what the ring holds now; what comes meanwhile is for the next time. */
    private void collect() {
        for (int left = ring.size(); left > 0; left--) {
            PredictionEvent event = ring.poll();
            if (event == null) {
                return;
            }
            for (PredictionObserver observer : observers) {
                tell(observer, event);
            }
            if (hasRoom()) {
                add(event);
            } else {
                dropped.incrementAndGet();
            }
        }
    }

    private boolean hasRoom() {
        return pending.held().events() + handedOver.events() < options.capacity()
                && pending.held().bytes() + handedOver.bytes() < options.memory();
    }

    /** What the ring gave, and is not in files yet. */
    private Held held() {
        return pending.held().plus(handedOver);
    }

    private void add(PredictionEvent event) {
        try {
            pending.add(event);
        } catch (RuntimeException | OutOfMemoryError e) {
            dropped.incrementAndGet();
            failed(e);
        }
    }

    private void failed(Throwable e) {
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

    /** What can't be written is tried again; until that succeeds, what comes is kept together, as far as there is room. */
    private void write() {
        writing.lock();
        try {
            writer.writeAll();
            Instant reached = clock.instant();
            collecting.lock();
            try {
                handOver();
            } finally {
                collecting.unlock();
            }
            writer.writeAll();
            marker.reached(reached);
            lastFailure = Optional.empty();
        } catch (IOException | SQLException | RuntimeException e) {
            failed(e);
        } finally {
            settle();
            writing.unlock();
        }
    }

    private void merge() {
        merging.lock();
        try {
            merger.mergeAll();
        } catch (RuntimeException e) {
            // Merges that are cut short are done by the next start.
            if (!closing) {
                failed(e);
            }
        } finally {
            merging.unlock();
        }
    }

    /** Under both locks. */
    private void handOver() {
        collect();
        writer.take(pending.takeAll());
        handedOver = writer.unwritten();
    }

    private void settle() {
        collecting.lock();
        try {
            handedOver = writer.unwritten();
        } finally {
            collecting.unlock();
        }
    }

    @Override
    public List<LoggedPredictions> read(String endpoint, Instant from, Instant to) {
        return reader.read(endpoint, from, to);
    }

    @Override
    public List<LoggedPredictions> read(String endpoint, Instant from, Instant to, Set<String> ids) {
        return reader.read(endpoint, from, to, ids);
    }

    /**
     * The log's Parquet files of an endpoint for these times, for whoever reads them with an engine of their own. Small
     * files may be replaced by a merged one at any time: list again when one is gone.
     */
    public List<Path> files(String endpoint, Instant from, Instant to) {
        return reader.files(endpoint, from, to);
    }

    /** Writes what is left and marks the log as closed; requests from here on are counted as dropped. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        LockSupport.unpark(collectorThread);
        LockSupport.unpark(writerThread);
        LockSupport.unpark(mergerThread);
        try (reader;
                table) {
            collectorThread.join();
            writerThread.join();
            endMerging();
            write();
            if (lastFailure.isEmpty()) {
                marker.end();
            }
            dropped.addAndGet(ring.size() + held().events());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | SQLException e) {
            throw failed("close " + root, e);
        }
    }

    /** A merge that is only just about to begin is broken off when it has. */
    private void endMerging() throws InterruptedException, SQLException {
        do {
            merger.cancel();
        } while (!mergerThread.join(Duration.ofMillis(50)));
    }
}
