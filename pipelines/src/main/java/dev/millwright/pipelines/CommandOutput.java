package dev.millwright.pipelines;

import dev.millwright.core.Progress;
import dev.millwright.pipelines.process.OutputLog;
import dev.millwright.pipelines.process.Watcher;
import dev.millwright.registry.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command prints: passed on to whoever watches the run, and kept for its artifact. A report of progress comes with each
 * look, so that a run that is cancelled, or whose process ends, stops here too. For one thread.
 */
final class CommandOutput implements Watcher {
    /** The artifact of the run that holds it. */
    static final String FILE = "output.log";

    private static final int LAST_LINES = 20;
    private static final int LONGEST_LINE = 4_000;
    private static final int BATCH = 100;
    private static final int SIGNALS = 128;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private final String step;
    private final RunListener listener;
    private final Progress progress;
    private final OutputLog log = new OutputLog();
    private long lines;

    CommandOutput(String step, RunListener listener, Progress progress) {
        this.step = step;
        this.listener = listener;
        this.progress = progress;
    }

    @Override
    public void printed(long first, List<String> printed) {
        log.add(printed);
        lines = first + printed.size() - 1;
        for (int from = 0; from < printed.size(); from += BATCH) {
            List<String> batch = new ArrayList<>(printed.subList(from, Math.min(printed.size(), from + BATCH)));
            batch.replaceAll(CommandOutput::shortened);
            listener.on(new RunEvent.StepPrinted(step, first + from, batch));
        }
    }

    private static String shortened(String line) {
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + " …";
    }

    @Override
    public void look(Duration elapsed) {
        progress.report("lines of output", lines, 0);
    }

    byte[] bytes() {
        return log.bytes();
    }

    /** How a command failed that ended with this code. */
    static String exit(int code) {
        if (code > SIGNALS) {
            return "was ended by signal " + (code - SIGNALS) + " (expected: an end of its own)."
                    + (code == SIGNALS + 9
                            ? " Signal 9 without a limit here often means that the machine ran out of memory."
                            : "");
        }
        return "ended with exit code " + code + " (expected: 0)."
                + switch (code) {
                    case NOT_FOUND -> " The shell did not find the program.";
                    case NOT_EXECUTABLE -> " The shell could not execute the program.";
                    default -> "";
                };
    }

    /** The last lines for an error message, and where the others are. */
    String end(Run run) {
        List<String> last = log.last(LAST_LINES);
        StringBuilder end = new StringBuilder();
        if (!last.isEmpty()) {
            end.append(" It printed last:");
            last.forEach(
                    line -> end.append(System.lineSeparator()).append("    ").append(shortened(line)));
        }
        return end.append(System.lineSeparator())
                .append("All of its output is ")
                .append(FILE)
                .append(" of run ")
                .append(run.id())
                .append('.')
                .toString();
    }
}
