package dev.millwright.monitoring;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.PredictionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of the prediction log: {@code ENDPOINT/date=YYYY-MM-DD/vVERSION-ROLE-FIRST[-LAST].parquet}. A file holds
 * rows of one version, and so of one shape. Numbers count the writes of a folder; a merged file bears the range of those
 * that it replaces, and while it is there they count as deleted: so a crash between its birth and their end leaves no
 * row twice.
 */
final class PredictionFiles {
    private static final Pattern NAME = Pattern.compile("v(\\d+)-([a-z]+)-(\\d+)(?:-(\\d+))?\\.parquet");

    private final Path root;

    PredictionFiles(Path root) {
        this.root = root;
    }

    /** What rows of one file have in common. */
    record Group(String endpoint, LocalDate date, int version, PredictionEvent.Role role) {
        static Group of(PredictionEvent event) {
            return new Group(
                    event.endpoint(), LocalDate.ofInstant(event.time(), ZoneOffset.UTC), event.version(), event.role());
        }
    }

    /** A file and the writes that it holds, both ends inclusive. */
    record Stored(Path path, int version, PredictionEvent.Role role, long first, long last) {
        /** How often files of this size came about by merging {@code fanIn} smaller ones. */
        int level(int fanIn) {
            return (int) Math.floor(Math.log(last - first + 1.0) / Math.log(fanIn) + 1e-9);
        }

        boolean covers(Stored other) {
            return version == other.version
                    && role == other.role
                    && !path.equals(other.path)
                    && first <= other.first
                    && other.last <= last
                    && last - first > other.last - other.first;
        }
    }

    Path folder(String endpoint, LocalDate date) {
        return root.resolve(endpoint).resolve("date=" + date);
    }

    Path path(Group group, long first, long last) {
        String numbers = first == last
                ? String.format(Locale.ROOT, "%09d", first)
                : String.format(Locale.ROOT, "%09d-%09d", first, last);
        return folder(group.endpoint(), group.date())
                .resolve("v" + group.version() + "-" + group.role().name().toLowerCase(Locale.ROOT) + "-" + numbers
                        + ".parquet");
    }

    /** The valid files of a folder, by version, role and number. */
    List<Stored> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            List<Stored> all = paths.map(PredictionFiles::parse)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(Stored::version)
                            .thenComparing(Stored::role)
                            .thenComparing(Stored::first)
                            .thenComparing(Stored::last, Comparator.reverseOrder()))
                    .toList();
            return uncovered(all);
        } catch (IOException e) {
            throw failed("list " + folder, e);
        } catch (UncheckedIOException e) {
            throw failed("list " + folder, new IOException(e));
        }
    }

    /** Those that no other one covers; of files by version, role and number, wider ones first. */
    private static List<Stored> uncovered(List<Stored> all) {
        List<Stored> found = new ArrayList<>();
        for (Stored file : all) {
            // Ranges don't overlap but for one within the other, so that only the last one kept can cover it.
            if (found.isEmpty() || !found.getLast().covers(file)) {
                found.add(file);
            }
        }
        return found;
    }

    private static Optional<Stored> parse(Path path) {
        Matcher matcher = NAME.matcher(path.getFileName().toString());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long first = Long.parseLong(matcher.group(3));
        return Optional.of(new Stored(
                path,
                Integer.parseInt(matcher.group(1)),
                PredictionEvent.Role.valueOf(matcher.group(2).toUpperCase(Locale.ROOT)),
                first,
                matcher.group(4) == null ? first : Long.parseLong(matcher.group(4))));
    }

    /** Files that may hold predictions of these times, by day. */
    List<Stored> find(String endpoint, Instant from, Instant to) {
        LocalDate first = LocalDate.ofInstant(from, ZoneOffset.UTC);
        LocalDate last = LocalDate.ofInstant(to, ZoneOffset.UTC);
        return folders(endpoint).stream()
                .filter(folder -> {
                    LocalDate date =
                            LocalDate.parse(folder.getFileName().toString().substring("date=".length()));
                    return !date.isBefore(first) && !date.isAfter(last);
                })
                .flatMap(folder -> list(folder).stream())
                .toList();
    }

    /** The days of an endpoint, oldest first. */
    List<Path> folders(String endpoint) {
        return children(root.resolve(endpoint)).stream()
                .filter(path -> path.getFileName().toString().matches("date=\\d{4}-\\d{2}-\\d{2}"))
                .toList();
    }

    List<String> endpoints() {
        return children(root).stream()
                .filter(Files::isDirectory)
                .map(path -> path.getFileName().toString())
                .toList();
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw failed("list " + folder, e);
        }
    }

    /** The number of the folder's next write. */
    long next(Path folder) {
        return list(folder).stream().mapToLong(Stored::last).max().orElse(0) + 1;
    }

    /** Deletes what a crash left: half-written files, and those that a merged one replaces. */
    void sweep() {
        for (String endpoint : endpoints()) {
            for (Path folder : folders(endpoint)) {
                List<Path> valid = list(folder).stream().map(Stored::path).toList();
                List<Path> orphans = new ArrayList<>(children(folder));
                orphans.removeAll(valid);
                orphans.stream()
                        .filter(path -> path.toString().endsWith(".tmp")
                                || path.toString().endsWith(".parquet"))
                        .forEach(PredictionFiles::delete);
            }
        }
    }

    /** Deletes the files of all endpoints. */
    void deleteAll() {
        for (String endpoint : endpoints()) {
            for (Path folder : folders(endpoint)) {
                children(folder).forEach(PredictionFiles::delete);
                delete(folder);
            }
        }
    }

    static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failed("delete " + path, e);
        }
    }

    /** Makes {@code aside}, which is complete, the file {@code path}; durable when it returns. */
    static void publish(Path aside, Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
        Path folder = path.getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder)) {
                channel.force(true);
            }
        }
    }

    static MillwrightException failed(String what, IOException e) {
        return new MillwrightException(
                CoreError.IO_FAILED,
                "prediction log: can't " + what + ": " + e.getMessage() + " (expected: a readable and writable folder)",
                e);
    }
}
