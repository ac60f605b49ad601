package dev.millwright.app;

import dev.millwright.pipelines.RunEvent;
import dev.millwright.pipelines.RunListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Shows a run on the terminal: a line for each finished step and, while one is under way, a bar with rate and time left.
 * Where nobody can see a bar move, a plain line every ten seconds.
 */
final class RunView implements RunListener {
    private static final Duration REDRAW = Duration.ofMillis(80);
    private static final Duration PLAIN_LINE = Duration.ofSeconds(10);

    private final Terminal terminal;
    private final InstantSource clock;
    private Instant workStarted = Instant.EPOCH;
    private long doneBefore;
    private Instant drawn = Instant.EPOCH;
    private String work = "";
    private String step = "";
    private long nextLine = 1;

    RunView(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public synchronized void on(RunEvent event) {
        switch (event) {
            case RunEvent.StepStarted started -> start(started);
            case RunEvent.StepProgress progress -> progress(progress);
            case RunEvent.StepPrinted printed -> print(printed);
            case RunEvent.StepFinished finished -> finish(finished);
            case RunEvent.StepFailed failed -> fail(failed);
            case RunEvent.RunEnded ended -> clear();
        }
    }

    /** Says under which id the run is on record: with it, it can be gone on with whatever happens to this process. */
    synchronized void announce(String run) {
        clear();
        terminal.err().println(terminal.dim("run " + run));
    }

    private void start(RunEvent.StepStarted started) {
        step = started.step();
        drawn = terminal.isInteractive() ? Instant.EPOCH : clock.instant();
        work = "";
        nextLine = 1;
        if (terminal.isInteractive()) {
            draw(terminal.dim("  … " + started.step()));
        }
    }

    private void progress(RunEvent.StepProgress progress) {
        Instant now = clock.instant();
        if (!progress.what().equals(work)) {
            work = progress.what();
            workStarted = now;
            doneBefore = progress.done();
        }
        Duration pause = terminal.isInteractive() ? REDRAW : PLAIN_LINE;
        if (Duration.between(drawn, now).compareTo(pause) < 0) {
            return;
        }
        drawn = now;
        ProgressLine line = new ProgressLine(step, progress, doneBefore, Duration.between(workStarted, now));
        if (terminal.isInteractive()) {
            draw(line.within(terminal.columns() - 1));
        } else {
            terminal.err().println(line.within(Integer.MAX_VALUE));
        }
    }

    /** What a command prints, line by line; the bar is drawn anew below it. */
    private void print(RunEvent.StepPrinted printed) {
        clear();
        if (printed.first() > nextLine) {
            terminal.err()
                    .println(terminal.dim("    │ … " + (printed.first() - nextLine) + " lines are left out here"));
        }
        printed.lines().forEach(line -> terminal.err().println(terminal.dim("    │ ") + Terminal.printable(line)));
        nextLine = printed.first() + printed.lines().size();
        drawn = terminal.isInteractive() ? Instant.EPOCH : clock.instant();
    }

    private void finish(RunEvent.StepFinished finished) {
        clear();
        String time = finished.reused() ? "unchanged" : String.format(Locale.ROOT, "%.1f s", finished.seconds());
        terminal.err()
                .println(terminal.green("  ✓ ")
                        + String.format(
                                Locale.ROOT, "%-26s %9s  %s", finished.step(), time, terminal.dim(finished.summary())));
    }

    private void fail(RunEvent.StepFailed failed) {
        clear();
        terminal.err().println(terminal.red("  ✗ ") + failed.step());
    }

    /** The terminal is told not to wrap: a second line would stay behind when the first is drawn anew. */
    private void draw(String line) {
        clear();
        terminal.err().print("\033[?7l" + line + "\033[?7h");
        terminal.err().flush();
    }

    private void clear() {
        if (terminal.isInteractive()) {
            terminal.err().print("\r\033[2K");
        }
    }
}
