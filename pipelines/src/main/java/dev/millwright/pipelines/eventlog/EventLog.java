package dev.millwright.pipelines.eventlog;

import dev.millwright.core.Column;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineError;
import dev.millwright.pipelines.eventlog.EventLogOptions.Durability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one endpoint, in files of a folder. Appending gives events a place; {@link #await} returns when they are as durable as
 * the options say. Whoever waits first writes what all have appended by then, so that many share one write.
 *
 * <p>While files can't be written, because the disk is full, say, nobody waits: frames stay in memory up to
 * {@link EventLogOptions#waitingBytes}, {@link #upkeep} tries again, and what goes beyond is counted as lost. Thread-safe.
 */
public final class EventLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final String ENDING = ".events";

    private final Path folder;
    private final EventLogOptions options;
    private final InstantSource clock;
    private final SegmentFiles files;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    /** Those that are not written any more, oldest first. */
    private final List<Segment> finished = new ArrayList<>();

    private final Deque<WaitingFrames> waiting = new ArrayDeque<>();
    /** The file that is written, as it was after the last write; its writer belongs to whoever has {@code writing}. */
    private Optional<Segment> current = Optional.empty();

    private @Nullable SegmentWriter writer;
    private boolean writing;
    private int readers;
    private long appended;
    private long onDisk;
    private long waitingBytes;
    private long lost;
    private long damagedBytes;
    private Optional<String> failure = Optional.empty();

    /**
     * How a log stands.
     *
     * @param events those in files
     * @param waitingEvents those that are not in a file yet
     * @param lostEvents those that had no room while files could not be written, since the start
     * @param damagedBytes of files, that are no events
     * @param failure why files can't be written
     */
    public record Status(
            long bytes,
            long events,
            long waitingEvents,
            long lostEvents,
            long damagedBytes,
            Optional<String> failure) {}

    private EventLog(Path folder, EventLogOptions options, InstantSource clock, SegmentFiles files) {
        this.folder = folder;
        this.options = options;
        this.clock = clock;
        this.files = files;
    }

    /**
     * Opens a log, after looking through its files. A torn last frame, as a kill leaves it, is cut off; other bytes that are no
     * frame are left out, and both are said.
     *
     * @param folder made with the first event
     * @throws MillwrightException {@link PipelineError#HOME_FAILED} when the files can't be read
     */
    public static EventLog open(Path folder, EventLogOptions options, InstantSource clock) {
        return open(folder, options, clock, SegmentFiles.ON_DISK);
    }

    static EventLog open(Path folder, EventLogOptions options, InstantSource clock, SegmentFiles files) {
        EventLog log = new EventLog(folder, options, clock, files);
        try {
            log.lookThrough();
        } catch (IOException e) {
            throw log.failed("can't be read", e);
        }
        return log;
    }

    private void lookThrough() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> found;
        try (Stream<Path> all = Files.list(folder)) {
            found = all.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        }
        for (Path file : found) {
            Optional<Segment.Look> look = Segment.look(file);
            boolean last = file.equals(found.getLast());
            if (look.isPresent()) {
                takeIn(look.get(), last);
            } else {
                setAside(file, last);
            }
        }
        appended = finished.isEmpty() ? 0 : finished.getLast().next();
        onDisk = appended;
    }

    private void takeIn(Segment.Look look, boolean last) throws IOException {
        Segment segment = look.segment();
        for (Segment.Damage damage : look.damages()) {
            if (last && damage.last()) {
                LOG.warn(
                        "{}: the last {} bytes are a part of what was being written when the process ended. They are cut off; no"
                                + " event in them was acknowledged.",
                        segment.file(),
                        damage.bytes());
                segment = segment.shortened(damage.at());
            } else {
                damagedBytes += damage.bytes();
                LOG.warn(
                        "{}: {} bytes from {} on are damaged (expected: events as they were written). The events in them are left"
                                + " out, those before and after are used. Check the disk; training anew from data that has the"
                                + " events fills the gap.",
                        segment.file(),
                        damage.bytes(),
                        damage.at());
            }
        }
        if (segment.held().count() > 0) {
            finished.add(segment);
        } else if (look.damages().stream().allMatch(Segment.Damage::last)) {
            Files.delete(segment.file());
        } else {
            Files.move(segment.file(), aside(segment.file()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void setAside(Path file, boolean last) throws IOException {
        if (last && Files.size(file) < SegmentHeader.LONGEST_TORN) {
            LOG.warn("{}: was being begun when the process ended; it has no events and is deleted.", file);
            Files.delete(file);
            return;
        }
        Path aside = aside(file);
        damagedBytes += Files.size(file);
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.warn(
                "{}: its header is damaged (expected: a file as it was written). It is set aside as {}, and its events are left out."
                        + " Check the disk; training anew from data that has the events fills the gap.",
                file,
                aside.getFileName());
    }

    private static Path aside(Path file) {
        return file.resolveSibling(file.getFileName() + ".damaged");
    }

    private MillwrightException failed(String what, IOException e) {
        return new MillwrightException(
                PipelineError.HOME_FAILED,
                "event log: " + folder + " " + what + ": " + e.getMessage()
                        + " (expected: a readable and writable folder)",
                e);
    }

    /**
     * Takes events, in their order. They are not durable before {@link #await} says so.
     *
     * @param columns those that the events may have
     * @return what to wait for
     */
    public Ticket append(List<Column> columns, List<LoggedEvent> events) {
        ByteBuffer frame = EventFrame.encode(columns, clock.instant(), events);
        lock.lock();
        try {
            if (failure.isPresent() && waitingBytes + frame.remaining() > options.waitingBytes()) {
                lost += events.size();
                return Ticket.LOST;
            }
            if (waiting.isEmpty() || !waiting.getLast().takes(columns, frame.remaining())) {
                waiting.add(new WaitingFrames(columns));
            }
            waiting.getLast().add(frame);
            waitingBytes += frame.remaining();
            appended += events.size();
            return new Ticket(appended);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Events that were appended.
     *
     * @param end the number after the last one
     */
    public record Ticket(long end) {
        private static final Ticket LOST = new Ticket(Long.MAX_VALUE);
    }

    /**
     * Returns when the events are durable, true, or when files can't be written at the moment, false.
     */
    public boolean await(Ticket ticket) {
        lock.lock();
        try {
            while (onDisk < ticket.end()) {
                if (failure.isPresent() || ticket.equals(Ticket.LOST)) {
                    return false;
                }
                if (writing) {
                    written.awaitUninterruptibly();
                } else {
                    writeWaiting();
                }
            }
            return options.durability() == Durability.PROCESS || failure.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** What is done with files, by one thread at a time, without the lock. */
    private interface FileWork {
        void run() throws IOException;
    }

    /** Does it while the lock, which is held, is free for others; afterwards the log says how that went. */
    private void withFiles(FileWork work) {
        writing = true;
        lock.unlock();
        Optional<IOException> problem = Optional.empty();
        try {
            work.run();
        } catch (IOException e) {
            problem = Optional.of(e);
        } finally {
            lock.lock();
            writing = false;
            written.signalAll();
        }
        if (problem.isPresent() && failure.isEmpty()) {
            LOG.warn(
                    "event log: {} can't be written: {} (expected: a writable folder with room). Events are still answered and"
                            + " remembered; up to {} MB of them wait in memory to be written, and would be lost with the process.",
                    folder,
                    problem.get().getMessage(),
                    options.waitingBytes() >> 20);
        } else if (problem.isEmpty() && failure.isPresent()) {
            LOG.warn("event log: {} can be written again; {} events were lost on the way.", folder, lost);
        }
        failure = problem.map(e -> String.valueOf(e.getMessage()));
    }

    private void writeWaiting() {
        Deque<WaitingFrames> taken = new ArrayDeque<>(waiting);
        waiting.clear();
        Written done = new Written(onDisk);
        try {
            withFiles(() -> {
                while (!taken.isEmpty()) {
                    write(taken.getFirst(), done);
                    WaitingFrames frames = taken.removeFirst();
                    done.end += frames.held().count();
                    done.bytes += frames.length();
                }
                if (options.durability() == Durability.DISK && writer != null) {
                    writer.sync();
                }
            });
        } finally {
            onDisk = done.end;
            waitingBytes -= done.bytes;
            finished.addAll(done.finished);
            current = Optional.ofNullable(writer).map(SegmentWriter::segment);
            while (!taken.isEmpty()) {
                waiting.addFirst(taken.removeLast());
            }
        }
    }

    /** How far a writer came. */
    private static final class Written {
        private final List<Segment> finished = new ArrayList<>();
        private long end;
        private long bytes;

        Written(long end) {
            this.end = end;
        }
    }

    private void write(WaitingFrames frames, Written done) throws IOException {
        SegmentWriter into = writer;
        Instant now = clock.instant();
        if (into == null || !into.takes(frames.columns(), options, now)) {
            finish(done.finished);
            Files.createDirectories(folder);
            Path file = folder.resolve("%020d".formatted(done.end) + ENDING);
            into = SegmentWriter.begin(files, file, new SegmentHeader(done.end, frames.columns()), now);
            writer = into;
        }
        into.write(frames);
    }

    /** Ends the file that is written. */
    private void finish(List<Segment> into) throws IOException {
        SegmentWriter ended = writer;
        writer = null;
        if (ended == null) {
            return;
        }
        Segment segment = ended.segment();
        if (segment.held().count() > 0) {
            into.add(segment);
            ended.close();
        } else {
            ended.close();
            Files.delete(segment.file());
        }
    }

    /** Brings to the disk what isn't there yet, tries again what failed, and ends a file that is old. To be called every second or so. */
    public void upkeep() {
        lock.lock();
        try {
            awaitFiles();
            if (!waiting.isEmpty()) {
                writeWaiting();
            }
            SegmentWriter open = writer;
            if (open == null || !waiting.isEmpty()) {
                return;
            }
            boolean old = !open.takes(open.segment().columns(), options, clock.instant());
            List<Segment> ended = new ArrayList<>();
            withFiles(() -> {
                if (old) {
                    finish(ended);
                } else {
                    open.sync();
                }
            });
            finished.addAll(ended);
            current = Optional.ofNullable(writer).map(SegmentWriter::segment);
        } finally {
            lock.unlock();
        }
    }

    private void awaitFiles() {
        while (writing) {
            written.awaitUninterruptibly();
        }
    }

    /**
     * Shows the events from a number on, as far as they were appended when it was called.
     *
     * @return the number of the event that comes next
     * @throws MillwrightException {@link PipelineError#HOME_FAILED}
     */
    public long read(long from, EventVisitor visitor) {
        List<Segment> segments;
        List<WaitingFrames> unwritten;
        long end;
        long inFiles;
        lock.lock();
        try {
            awaitFiles();
            segments = segments();
            unwritten = waiting.stream().map(WaitingFrames::copy).toList();
            inFiles = onDisk;
            end = appended;
            readers++;
        } finally {
            lock.unlock();
        }
        try {
            for (Segment segment : segments) {
                segment.read(from, visitor);
            }
            long next = inFiles;
            for (WaitingFrames frames : unwritten) {
                next = frames.read(next, from, visitor);
            }
            return end;
        } catch (IOException e) {
            throw failed("can't be read", e);
        } finally {
            endReading();
        }
    }

    private void endReading() {
        lock.lock();
        try {
            readers--;
        } finally {
            lock.unlock();
        }
    }

    /** Those with events, oldest first. */
    private List<Segment> segments() {
        return Stream.concat(finished.stream(), current.stream())
                .filter(segment -> segment.held().count() > 0)
                .toList();
    }

    /** Decides about a file of events, none of which has a later time than {@code newestMicros} or arrived after the other. */
    public interface Expiry {
        boolean isUseless(long newestMicros, long lastArrivedMicros);
    }

    /** Deletes files; the one that is written is not asked about. */
    public void expire(Expiry expiry) {
        List<Segment> expired;
        lock.lock();
        try {
            if (readers > 0) {
                return; // another time: a file that is being read can't be deleted everywhere
            }
            expired = finished.stream()
                    .filter(segment -> expiry.isUseless(
                            segment.held().newestMicros(), segment.held().lastArrivedMicros()))
                    .toList();
            finished.removeAll(expired);
        } finally {
            lock.unlock();
        }
        for (Segment segment : expired) {
            try {
                Files.deleteIfExists(segment.file());
            } catch (IOException e) {
                LOG.warn(
                        "event log: {} is of no use any more, but can't be deleted: {}",
                        segment.file(),
                        e.getMessage());
            }
        }
    }

    /** Whether an event in its files has an id. */
    public boolean hasIds() {
        lock.lock();
        try {
            return segments().stream().anyMatch(segment -> segment.held().ids() > 0);
        } finally {
            lock.unlock();
        }
    }

    /** When the first of the events was taken that it still has; now, when it has none. */
    public long oldestArrivalMicros() {
        lock.lock();
        try {
            awaitFiles();
            LongStream arrivals = LongStream.concat(
                    segments().stream().map(Segment::held).mapToLong(Extent::firstArrivedMicros),
                    waiting.stream().map(WaitingFrames::held).mapToLong(Extent::firstArrivedMicros));
            return arrivals.min().orElseGet(() -> EventFrame.micros(clock.instant()));
        } finally {
            lock.unlock();
        }
    }

    public Status status() {
        lock.lock();
        try {
            List<Segment> segments = segments();
            return new Status(
                    segments.stream().mapToLong(Segment::end).sum(),
                    segments.stream()
                            .mapToLong(segment -> segment.held().count())
                            .sum(),
                    appended - onDisk,
                    lost,
                    damagedBytes,
                    failure);
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits, and ends the file. */
    @Override
    public void close() {
        lock.lock();
        try {
            awaitFiles();
            if (!waiting.isEmpty()) {
                writeWaiting();
            }
            List<Segment> ended = new ArrayList<>();
            withFiles(() -> finish(ended));
            finished.addAll(ended);
            current = Optional.empty();
            if (appended > onDisk) {
                LOG.warn(
                        "event log: {}: {} events could not be written and are lost: {}",
                        folder,
                        appended - onDisk,
                        failure.orElse("no reason known"));
            }
        } finally {
            lock.unlock();
        }
    }
}
