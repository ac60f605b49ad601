package dev.millwright.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notes on disk from which a start sees that the process before was killed: a file that exists while the log is open. */
final class LogMarker {
    private final Path root;
    private final Path open;
    private final Path gaps;

    LogMarker(Path root) {
        this.root = root;
        this.open = root.resolve("open");
        this.gaps = root.resolve("gaps.txt");
    }

    /** The gap that the process before left, which is recorded from now on; empty when it closed the log. */
    Optional<LogGap> start(Instant now) throws IOException {
        Files.createDirectories(root);
        Optional<LogGap> gap = Optional.empty();
        if (Files.exists(open)) {
            gap = Optional.of(new LogGap(Instant.parse(Files.readString(open).strip()), now));
            Files.writeString(
                    gaps,
                    gap.get().from() + " " + gap.get().to() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND,
                    StandardOpenOption.SYNC);
        }
        reached(now);
        return gap;
    }

    /** Everything before {@code time} is written. */
    void reached(Instant time) throws IOException {
        Path aside = root.resolve("open.tmp");
        Files.writeString(aside, time + "\n");
        Files.move(aside, open, StandardCopyOption.ATOMIC_MOVE);
    }

    void end() throws IOException {
        Files.deleteIfExists(open);
    }

    List<LogGap> gaps() throws IOException {
        if (!Files.exists(gaps)) {
            return List.of();
        }
        List<LogGap> found = new ArrayList<>();
        for (String line : Files.readAllLines(gaps)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                found.add(
                        new LogGap(Instant.parse(line.substring(0, space)), Instant.parse(line.substring(space + 1))));
            }
        }
        return found;
    }
}
