package dev.millwright.monitoring;

import dev.millwright.core.MillwrightException;
import dev.millwright.monitoring.PredictionFiles.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;

/**
 * Makes small files into larger ones, so that a day ends with some dozens of them, unless they are large, and a row is rewritten
 * two or three times. It merges for one thread at a time; any may say what was written.
 */
final class PredictionMerger {
    /** How long to wait until readers are looked at again. */
    private static final long LOOK = Duration.ofMillis(20).toNanos();

    /** Merged files of more bytes, on average, stay as they are: merging many of them would take long, and gain nothing. */
    private static final long LARGE = 8 << 20;

    private final PredictionFiles files;
    private final int compactFiles;
    /** Read: files are being read. Write: files are being replaced. */
    private final ReentrantReadWriteLock replacing;

    private final Set<Group> touched = ConcurrentHashMap.newKeySet();

    private volatile Optional<PredictionTable> merging = Optional.empty();
    private volatile boolean cancelled;

    PredictionMerger(PredictionFiles files, int compactFiles, ReentrantReadWriteLock replacing) {
        this.files = files;
        this.compactFiles = compactFiles;
        this.replacing = replacing;
    }

    /** There is a new file of this group. */
    void written(Group group) {
        touched.add(group);
    }

    /**
     * Merges what there is to merge where something was written since the last time. What fails, and what is being read, is for the
     * next time, and keeps nothing else from being merged.
     *
     * @throws MillwrightException {@link MonitoringError#PREDICTION_LOG_FAILED}, the first of what failed
     */
    void mergeAll() {
        List<MillwrightException> failures = new ArrayList<>();
        for (Group group : List.copyOf(touched)) {
            touched.remove(group);
            try {
                merge(group);
            } catch (IOException | SQLException | RuntimeException e) {
                touched.add(group);
                failures.add(PredictionLog.failed("merge files of " + group.endpoint(), e));
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** Ends the merge that is under way, if any, and begins no other. By any thread; to be repeated until it has ended. */
    void cancel() throws SQLException {
        cancelled = true;
        Optional<PredictionTable> table = merging;
        if (table.isPresent()) {
            table.get().cancel();
        }
    }

    private void merge(Group group) throws IOException, SQLException {
        Path folder = files.folder(group.endpoint(), group.date());
        Map<Integer, List<PredictionFiles.Stored>> byLevel = files.list(folder).stream()
                .filter(file -> file.version() == group.version() && file.role() == group.role())
                .collect(Collectors.groupingBy(file -> file.level(compactFiles)));
        for (Map.Entry<Integer, List<PredictionFiles.Stored>> level : byLevel.entrySet()) {
            List<PredictionFiles.Stored> alike = level.getValue();
            if (alike.size() < compactFiles || cancelled) {
                continue;
            }
            if (replacing.getReadLockCount() > 0) {
                touched.add(group);
            } else if (level.getKey() == 0 || areSmall(alike)) {
                merge(folder, group, alike);
            }
        }
    }

    private static boolean areSmall(List<PredictionFiles.Stored> files) throws IOException {
        long bytes = 0;
        for (PredictionFiles.Stored file : files) {
            bytes += Files.size(file.path());
        }
        return bytes / files.size() < LARGE;
    }

    private void merge(Path folder, Group group, List<PredictionFiles.Stored> parts) throws IOException, SQLException {
        List<Path> paths = parts.stream().map(PredictionFiles.Stored::path).toList();
        Path merged =
                files.path(group, parts.getFirst().first(), parts.getLast().last());
        Path aside = folder.resolve(merged.getFileName() + ".tmp");
        try {
            write(paths, aside);
            if (lockForReplacing()) {
                try {
                    PredictionFiles.publish(aside, merged);
                    paths.forEach(PredictionFiles::delete);
                } finally {
                    replacing.writeLock().unlock();
                }
            }
        } finally {
            PredictionFiles.delete(aside);
        }
    }

    /** With an engine of its own each time: it gives all its memory back. */
    private void write(List<Path> parts, Path aside) throws SQLException {
        try (PredictionTable table = new PredictionTable()) {
            merging = Optional.of(table);
            table.merge(parts, aside);
        } finally {
            merging = Optional.empty();
        }
    }

    /** Waits for those who read. It doesn't queue, as those who came later would have to wait for it. False when it was cancelled. */
    private boolean lockForReplacing() {
        while (!replacing.writeLock().tryLock()) {
            if (cancelled) {
                return false;
            }
            LockSupport.parkNanos(LOOK);
        }
        return true;
    }
}
