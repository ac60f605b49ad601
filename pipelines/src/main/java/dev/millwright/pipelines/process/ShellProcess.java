package dev.millwright.pipelines.process;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A command at work, in a session of its own where the system has {@code setsid}. One thread does everything: it reads what is
 * printed, looks at time and memory five times a second, and ends the whole tree when the command is over, whatever the reason.
 */
public final class ShellProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 40;
    private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();
    private static final int BUFFER = 64 << 10;
    private static final int READS_A_LOOK = 32;
    private static final List<String> SETSID = List.of("/usr/bin/setsid", "/bin/setsid");

    private final Process process;
    private final ProcessTree tree;
    private final Limits limits;
    private final Watcher watcher;
    private final OutputLines output = new OutputLines();
    private final byte[] buffer = new byte[BUFFER];
    private final long started = System.nanoTime();
    private long lines;

    private ShellProcess(Process process, ProcessTree tree, Limits limits, Watcher watcher) {
        this.process = process;
        this.tree = tree;
        this.limits = limits;
        this.watcher = watcher;
    }

    /** Whether memory can be told on this machine, so that a limit of it can be kept. */
    public static boolean canLimitMemory() {
        return ProcTable.isThere();
    }

    /**
     * Runs a command to its end; nothing of it runs any more when this returns or throws. It reads nothing: its input is empty.
     *
     * @throws MillwrightException {@link CoreError#IO_FAILED} when it can't be started
     * @throws InterruptedException when the thread is interrupted; what runs is then ended at once
     */
    public static Ending run(ShellCommand command, Limits limits, ProcessRecords records, Watcher watcher)
            throws InterruptedException {
        String mark = UUID.randomUUID().toString();
        records.announce(mark);
        Optional<String> setsid = setsid();
        Process process = start(command, mark, setsid);
        ProcessTree tree = new ProcessTree(
                records.table(), mark, setsid.isPresent() ? OptionalLong.of(process.pid()) : OptionalLong.empty());
        ShellProcess shell = new ShellProcess(process, tree, limits, watcher);
        Duration patience = PATIENCE;
        try {
            tree.add(process.pid());
            records.note(mark, process.pid());
            return shell.follow();
        } catch (InterruptedException hurried) {
            patience = Duration.ZERO;
            throw hurried;
        } finally {
            if (tree.end(patience).isEmpty()) {
                records.forget(mark); // else the next owner tries again
            }
            shell.readRest();
        }
    }

    private static Optional<String> setsid() {
        return SETSID.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst();
    }

    private static Process start(ShellCommand command, String mark, Optional<String> setsid) {
        List<String> words = new ArrayList<>(setsid.stream().toList());
        words.addAll(List.of("sh", "-c", command.line()));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(command.folder().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        builder.environment().put(ProcessTree.VARIABLE, mark);
        try {
            return builder.start();
        } catch (IOException failed) {
            throw new MillwrightException(
                    CoreError.IO_FAILED,
                    "command: could not be started in " + command.folder() + ": " + failed.getMessage()
                            + " (expected: a folder that is there, and sh).",
                    failed);
        }
    }

    private Ending follow() throws InterruptedException {
        long nextLook = started;
        while (process.isAlive()) {
            boolean silent = readSome();
            if (System.nanoTime() - nextLook >= 0) {
                nextLook = System.nanoTime() + LOOK_NANOS;
                Optional<Ending> excess = look();
                if (excess.isPresent()) {
                    return excess.get();
                }
            }
            if (silent) {
                var _ = process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        return new Ending.Exited(process.exitValue());
    }

    private Optional<Ending> look() {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
        watcher.look(elapsed);
        if (elapsed.compareTo(limits.time()) > 0) {
            return Optional.of(new Ending.OutOfTime());
        }
        if (limits.memory().isEmpty()) {
            var _ = tree.running(); // remembered: later on they may have let go of their parents
            return Optional.empty();
        }
        OptionalLong excess = tree.findExcess(limits.memory().getAsLong());
        return excess.isPresent() ? Optional.of(new Ending.OutOfMemory(excess.getAsLong())) : Optional.empty();
    }

    /** Reads what is there without waiting, within bounds: who prints without end must not keep us from its limits. */
    private boolean readSome() {
        boolean silent = true;
        for (int i = 0; i < READS_A_LOOK && read(); i++) {
            silent = false;
        }
        return silent;
    }

    /** Reads what was printed until the tree ended. Not before that: what still holds the pipe could go on for ever. */
    private void readRest() {
        boolean more = true;
        while (more) {
            more = read();
        }
        output.rest().ifPresent(line -> tell(List.of(line)));
    }

    private boolean read() {
        try {
            InputStream stream = process.getInputStream();
            int there = Math.min(buffer.length, stream.available());
            int count = there > 0 ? stream.read(buffer, 0, there) : 0;
            if (count > 0) {
                tell(output.take(buffer, count));
            }
            return count > 0;
        } catch (IOException closed) {
            return false; // the other end is gone: there is no more to come
        }
    }

    private void tell(List<String> printed) {
        if (!printed.isEmpty()) {
            watcher.printed(lines + 1, printed);
            lines += printed.size();
        }
    }
}
