package dev.millwright.monitoring;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;

/** Reads the files of the prediction log, with an engine of its own: a long read keeps nobody from writing. Thread-safe. */
final class PredictionReader implements AutoCloseable {
    private final PredictionFiles files;
    /** The table is for one thread at a time. */
    private final ReentrantLock reading = new ReentrantLock();

    private final PredictionTable table = new PredictionTable();
    private final ReentrantReadWriteLock replacing;

    /**
     * A reader of these files.
     *
     * @param replacing whose write lock is held while files are replaced
     */
    PredictionReader(PredictionFiles files, ReentrantReadWriteLock replacing) {
        this.files = files;
        this.replacing = replacing;
    }

    List<LoggedPredictions> read(String endpoint, Instant from, Instant to) {
        return read(endpoint, from, to, paths -> table.read(paths, from, to));
    }

    List<LoggedPredictions> read(String endpoint, Instant from, Instant to, Set<String> ids) {
        return read(endpoint, from, to, paths -> table.read(paths, from, to, ids));
    }

    /** Reads files of one version and role. */
    @FunctionalInterface
    private interface Reading {
        Optional<LoggedPredictions> of(List<Path> paths) throws SQLException;
    }

    private List<LoggedPredictions> read(String endpoint, Instant from, Instant to, Reading each) {
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
                each.of(paths).ifPresent(found::add);
            }
            found.sort(Comparator.comparing(LoggedPredictions::version).thenComparing(LoggedPredictions::role));
            return found;
        } catch (SQLException e) {
            throw PredictionLog.failed("read " + endpoint, e);
        } finally {
            replacing.readLock().unlock();
            reading.unlock();
        }
    }

    List<Path> files(String endpoint, Instant from, Instant to) {
        replacing.readLock().lock();
        try {
            return files.find(endpoint, from, to).stream()
                    .map(PredictionFiles.Stored::path)
                    .toList();
        } finally {
            replacing.readLock().unlock();
        }
    }

    @Override
    public void close() throws SQLException {
        reading.lock();
        try {
            table.close();
        } finally {
            reading.unlock();
        }
    }
}
