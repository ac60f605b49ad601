package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.RunDesk.Ticket;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.pipelines.RunSummary;
import dev.millwright.pipelines.StepOutputs;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a pipeline file: from data to a deployed model. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Run a pipeline file: data, features, training, evaluation, gates, deployment. Steps whose inputs did not"
                        + " change are not done again. When a server holds the home, it does the work.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:unexpected failure",
            "2:the input is wrong (file, flag, column)",
            "3:data refused",
            "4:gate refused"
        },
        footer = {"", "Examples:", "  millwright run churn.yaml --set DATA=~/data", "  millwright run --resume"})
final class RunCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The pipeline file.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "What $${NAME} in the file stands for. A relative path starts at the current folder.")
    private List<String> settings = List.of();

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "RUN",
            description = "Go on with an interrupted or failed run, from its last finished step: the newest, or RUN.")
    private @Nullable String resume;

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((file == null) == (resume == null)) {
            throw new InvalidInputException("run: name either a FILE or --resume (expected: one of them).");
        }
        Optional<RunRequest> request = Optional.ofNullable(file).map(path -> PipelineInput.read(path, settings));
        RunView view = new RunView(terminal, InstantSource.system());
        while (true) {
            switch (HomeDoor.enter(options.home())) {
                case HomeDoor.Free(HomeLock lock) -> {
                    return asOwner(lock, request, view);
                }
                case HomeDoor.Held(OwnerInfo owner) -> {
                    Optional<String> run = handOver(owner, request);
                    if (run.isPresent()) {
                        view.announce(run.get());
                        return finished(new RunFollower(options.home(), terminal, view).follow(owner, run.get()));
                    }
                }
            }
        }
    }

    private Optional<String> resumed() {
        return Optional.ofNullable(resume).filter(id -> !id.isEmpty());
    }

    private int asOwner(HomeLock lock, Optional<RunRequest> request, RunView view) throws InterruptedException {
        try (OrderlyEnd end = new OrderlyEnd();
                OwnedHome home = OwnedHome.open(lock, 0, InstantSource.system())) {
            end.stop(home.desk());
            Ticket ticket = request.map(it -> home.desk().submit(it, view))
                    .orElseGet(() -> home.desk().resume(resumed(), view));
            view.announce(ticket.run());
            Outcome outcome = ticket.outcome().get();
            outcome.failure()
                    .filter(failure -> !(failure instanceof MillwrightException))
                    .ifPresent(defect -> defect.printStackTrace(terminal.err()));
            return finished(outcome.summary());
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the run could not be followed to its end", failed.getCause());
        }
    }

    /** The id of the run that the owner took; empty when the owner was gone before it was asked. */
    private Optional<String> handOver(OwnerInfo owner, Optional<RunRequest> request) {
        OwnerClient client = new OwnerClient(owner);
        try {
            String run = request.map(client::submit).orElseGet(() -> client.resume(resumed()));
            terminal.err().println(terminal.dim("process " + owner.pid() + " holds this home and does the work"));
            return Optional.of(run);
        } catch (OwnerClient.OwnerGone gone) {
            if (gone.mayHaveArrived()) {
                throw gone;
            }
            return Optional.empty();
        }
    }

    private int finished(RunSummary summary) {
        print(summary);
        summary.error().ifPresent(this::printError);
        return summary.errorKind().map(ExitCode::of).orElse(ExitCode.DONE).number();
    }

    private void printError(String message) {
        message.lines().forEach(line -> terminal.err().println(terminal.red("error: ") + line));
    }

    private void print(RunSummary summary) {
        summary.warnings().forEach(warning -> terminal.err().println(terminal.yellow("note: ") + warning));
        if (options.json()) {
            terminal.out().println(Json.pretty(summary));
            return;
        }
        summary.selection().stream()
                .flatMap(selection -> selection.features().stream())
                .forEach(fate -> terminal.err()
                        .println("    " + (fate.kept() ? terminal.green("✓ ") : terminal.dim("· ")) + fate.feature()
                                + "  " + terminal.dim((fate.kept() ? "" : "left out: ") + fate.reason())));
        summary.selection().flatMap(StepOutputs.Selected::sql).ifPresent(this::printView);
        summary.gates()
                .forEach(gate -> terminal.err()
                        .println("    " + (gate.passed() ? terminal.green("✓ ") : terminal.red("✗ ")) + gate.gate()
                                + "  " + terminal.dim(gate.reason())));
        terminal.out().println(resultLine(summary));
    }

    private void printView(String sql) {
        terminal.err()
                .println(terminal.dim(
                        "    the view with what was kept, to be written under 'sql' in place of 'related':"));
        sql.lines().forEach(line -> terminal.err().println(terminal.dim("    │ ") + line));
    }

    /** The one line of result. */
    static String resultLine(RunSummary summary) {
        StringBuilder line = new StringBuilder(summary.pipeline()).append(" ").append(summary.status());
        summary.model()
                .ifPresent(model -> line.append(": version ")
                        .append(model.version())
                        .append(" (")
                        .append(model.learner())
                        .append(")"));
        summary.metrics()
                .ifPresent(metrics -> summary.selectionMetric()
                        .ifPresent(name -> metrics.test()
                                .getOrDefault(name, Optional.empty())
                                .ifPresent(value ->
                                        line.append(String.format(Locale.ROOT, ", %s %.4f on test", name, value)))));
        summary.deployment()
                .ifPresent(deployed -> line.append(", ")
                        .append(deployed.status())
                        .append(" on endpoint ")
                        .append(deployed.endpoint()));
        return line.append("  [run ").append(summary.run(), 0, 12).append("]").toString();
    }
}
