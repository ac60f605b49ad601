package dev.millwright.app;

import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineError;
import dev.millwright.pipelines.RunListener;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends a run that waits or is under way. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description =
                "End a run that waits or is under way: at once when it waits or a command trains, else at its next step."
                        + " Whatever its command started ends too. 'run --resume' goes on with it.",
        footer = {"", "Example:", "  millwright runs cancel 0199e2 --reason 'wrong data'"})
final class CancelCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "RUN", description = "The id of the run, or the beginning of it.")
    private String run = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "by hand",
            description = "Why, for the record (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    CancelCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        HomeReader.requireState(options.home());
        switch (HomeDoor.enter(options.home())) {
            case HomeDoor.Free(HomeLock lock) -> {
                lock.close();
                throw new MillwrightException(
                        PipelineError.NOTHING_TO_CANCEL,
                        "run: " + run + ": no process holds " + options.home()
                                + " (expected: one that does the run). Nothing runs, so there is nothing to cancel.");
            }
            case HomeDoor.Held(OwnerInfo owner) -> cancel(new OwnerClient(owner));
        }
        return ExitCode.DONE.number();
    }

    private void cancel(OwnerClient owner) {
        String id = owner.cancel(run, reason);
        String status = owner.follow(id, RunListener.NONE)
                .map(summary -> summary.status())
                .orElse("killed");
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("run", id, "status", status)));
        } else {
            terminal.out()
                    .println(
                            status.equals("killed")
                                    ? "run " + id + " is cancelled. Go on with: millwright run --resume " + id
                                    : "run " + id + " was over before it could be cancelled: " + status);
        }
    }
}
