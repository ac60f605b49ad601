package dev.millwright.pipelines.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Linux's {@code /proc}, as proc(5) describes it. A process that ends while it is looked at is one that is not there. */
record ProcTable(Path root) implements ProcessTable {
    private static final Path ROOT = Path.of("/proc");
    private static final long KIBIBYTE = 1024;
    /** Places in {@code stat} after the name, which may hold anything and stands in brackets. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int START = 19;

    static boolean isThere() {
        return Files.isReadable(ROOT.resolve("self/stat"));
    }

    static ProcTable ofThisMachine() {
        return new ProcTable(ROOT);
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(root, "[0-9]*")) {
            for (Path process : processes) {
                entry(process).ifPresent(entries::add);
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            throw new IllegalStateException(root + " was readable a moment ago", unreadable);
        }
        return entries;
    }

    private Optional<Entry> entry(Path process) {
        return read(process.resolve("stat")).map(stat -> {
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            String state = fields[STATE];
            return new Entry(
                    Long.parseLong(process.getFileName().toString()),
                    Long.parseLong(fields[PARENT]),
                    Long.parseLong(fields[SESSION]),
                    Long.parseLong(fields[START]),
                    !state.equals("Z") && !state.equals("X"));
        });
    }

    @Override
    public boolean hasVariable(long pid, String variable) {
        return read(root.resolve(Long.toString(pid)).resolve("environ"))
                .filter(environ -> Arrays.asList(environ.split("\0", -1)).contains(variable))
                .isPresent();
    }

    @Override
    public OptionalLong memory(Collection<Long> pids) {
        return OptionalLong.of(sum(pids, "status", "VmRSS:"));
    }

    @Override
    public OptionalLong memorySharedOnce(Collection<Long> pids) {
        return OptionalLong.of(sum(pids, "smaps_rollup", "Pss:"));
    }

    private long sum(Collection<Long> pids, String file, String field) {
        return pids.stream()
                .map(pid -> root.resolve(Long.toString(pid)).resolve(file))
                .flatMap(path -> read(path).stream())
                .flatMap(String::lines)
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
                .sum();
    }

    @Override
    public String epoch() {
        return read(root.resolve("sys/kernel/random/boot_id"))
                .map(String::strip)
                .orElse("");
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
