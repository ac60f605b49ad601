package dev.millwright.pipelines.process;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.process.ProcessTable.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Notes which commands run, one small file each, so that the next owner of a home can end what one that was killed left running.
 * A mark is noted before its command starts, and its process as soon as it has one. Thread-safe.
 */
public final class ProcessRecords {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Path folder;
    private final ProcessTable table;

    /**
     * The records in {@code folder}, which is made when there is something to note.
     *
     * @param folder for nothing else
     */
    public ProcessRecords(Path folder) {
        this(folder, ProcessTable.ofThisMachine());
    }

    ProcessRecords(Path folder, ProcessTable table) {
        this.folder = folder;
        this.table = table;
    }

    /** A process: its id, when it began, and in which start of the machine. */
    private record Root(long pid, long start, String epoch) {
        static Optional<Root> parse(String text) {
            String[] parts = text.strip().split(" ", -1);
            return parts.length < 3
                    ? Optional.empty()
                    : Optional.of(new Root(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]));
        }

        boolean is(Entry entry, String now) {
            return entry.pid() == pid && entry.start() == start && epoch.equals(now);
        }

        @Override
        public String toString() {
            return pid + " " + start + " " + epoch;
        }
    }

    ProcessTable table() {
        return table;
    }

    /** Notes that a command with this mark is about to start. */
    void announce(String mark) {
        write(mark, "");
    }

    /** Notes which process it became. */
    void note(String mark, long pid) {
        table.list().stream()
                .filter(entry -> entry.pid() == pid)
                .findFirst()
                .ifPresent(entry -> write(mark, new Root(pid, entry.start(), table.epoch()).toString()));
    }

    private void write(String mark, String text) {
        Path aside = folder.resolve("." + mark);
        try {
            Files.createDirectories(folder);
            Files.writeString(aside, text);
            Files.move(
                    aside, folder.resolve(mark), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    /** Notes that nothing of the command runs any more. */
    void forget(String mark) {
        try {
            Files.deleteIfExists(folder.resolve(mark));
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    /**
     * Ends whatever is left of the commands on record, and takes them off it. For the one owner of the records, before it starts
     * any itself.
     *
     * @return how many commands had left something running
     */
    public int endOrphans() {
        int orphans = 0;
        try {
            for (String mark : marks()) {
                orphans += endOrphan(mark) ? 1 : 0;
                forget(mark);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt(); // what is left stays on record
        }
        return orphans;
    }

    private List<String> marks() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException | UncheckedIOException failed) {
            throw failure(new IOException(failed));
        }
    }

    private boolean endOrphan(String mark) throws InterruptedException {
        Optional<Entry> root = root(mark)
                .flatMap(noted -> table.list().stream()
                        .filter(entry -> noted.is(entry, table.epoch()))
                        .findFirst());
        OptionalLong session = root.filter(entry -> entry.session() == entry.pid())
                .map(entry -> OptionalLong.of(entry.pid()))
                .orElse(OptionalLong.empty());
        ProcessTree tree = new ProcessTree(table, mark, session);
        root.ifPresent(entry -> tree.add(entry.pid()));
        boolean left = !tree.running().isEmpty();
        if (left) {
            var _ = tree.end(PATIENCE);
        }
        return left;
    }

    private Optional<Root> root(String mark) {
        try {
            return Root.parse(Files.readString(folder.resolve(mark)));
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    private MillwrightException failure(IOException cause) {
        return new MillwrightException(
                CoreError.IO_FAILED,
                folder + ": " + cause.getMessage()
                        + " (expected: a writable folder with free space). Make room, then retry.",
                cause);
    }
}
