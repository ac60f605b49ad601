package dev.millwright.app;

import dev.millwright.registry.HomeLock;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunDetails;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.Step;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists runs, or shows one. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        subcommands = CancelCommand.class,
        description = "List runs, newest first, or show one with its steps, params and metrics.",
        footer = {
            "",
            "Examples:",
            "  millwright runs",
            "  millwright runs 0199e2",
            "  millwright runs cancel 0199e2",
            "  millwright runs --pipeline churn --json"
        })
final class RunsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "The id of a run, or the beginning of one.")
    private @Nullable String run;

    @Option(names = "--pipeline", paramLabel = "NAME", description = "Only runs of this pipeline.")
    private @Nullable String pipeline;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    RunsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** A run with what it logged. */
    record Shown(Run run, RunDetails details, List<Step> steps) {}

    @Override
    public Integer call() {
        try (Registry registry = HomeReader.open(options.home())) {
            if (run != null) {
                show(registry, run);
            } else {
                list(registry);
            }
        }
        return ExitCode.DONE.number();
    }

    private void list(Registry registry) {
        RunFilter filter = RunFilter.ALL.kind(RunKind.PIPELINE);
        List<Run> runs = registry
                .runs()
                .list(pipeline == null ? filter : filter.pipeline(pipeline), limit, Optional.empty())
                .items()
                .stream()
                .map(this::asItIs)
                .toList();
        if (options.json()) {
            terminal.out().println(Json.pretty(Map.of("runs", runs)));
            return;
        }
        if (runs.isEmpty()) {
            terminal.out().println("No runs yet. Start with: millwright run FILE");
            return;
        }
        terminal.table(
                List.of("RUN", "PIPELINE", "STATUS", "STARTED", "TOOK"),
                runs.stream()
                        .map(each -> List.of(
                                each.id().substring(0, 12),
                                each.pipeline().orElse("—"),
                                each.status().name().toLowerCase(Locale.ROOT),
                                Times.stamp(each.started()),
                                Times.took(each.started(), each.ended())))
                        .toList());
    }

    /** A run that is on record as running, in a home that nobody holds, was interrupted; the next owner will write so. */
    private Run asItIs(Run run) {
        boolean alone =
                run.status() == RunStatus.RUNNING && run.kind() != RunKind.TRACKED && !HomeLock.isHeld(options.home());
        return alone
                ? new Run(
                        run.id(),
                        run.experimentId(),
                        run.name(),
                        run.kind(),
                        RunStatus.INTERRUPTED,
                        run.pipeline(),
                        run.parentId(),
                        run.started(),
                        run.ended(),
                        Optional.of("its process ended. Go on with: millwright run --resume " + run.id()),
                        run.user(),
                        run.artifactUri(),
                        run.lifecycle())
                : run;
    }

    private void show(Registry registry, String id) {
        Run found = asItIs(registry.runs().load(id));
        Shown shown = new Shown(
                found, registry.runs().details(found.id()), registry.steps().list(found.id()));
        if (options.json()) {
            terminal.out().println(Json.pretty(shown));
            return;
        }
        terminal.out()
                .println(terminal.bold(found.name()) + "  " + found.id() + "  "
                        + found.status().name().toLowerCase(Locale.ROOT));
        found.error().ifPresent(error -> terminal.out().println(terminal.red(error)));
        if (!shown.steps().isEmpty()) {
            terminal.out().println();
            terminal.table(
                    List.of("STEP", "STATUS", "TOOK"),
                    shown.steps().stream()
                            .map(step -> List.of(
                                    step.name(),
                                    step.status().name().toLowerCase(Locale.ROOT),
                                    Times.took(step.started(), step.ended())))
                            .toList());
        }
        terminal.out().println();
        terminal.table(
                List.of("METRIC", "VALUE"),
                shown.details().metrics().values().stream()
                        .map(metric -> List.of(metric.key(), String.format(Locale.ROOT, "%.6g", metric.value())))
                        .toList());
        terminal.out().println();
        terminal.table(
                List.of("PARAM", "VALUE"),
                shown.details().params().entrySet().stream()
                        .map(param -> List.of(param.getKey(), param.getValue()))
                        .toList());
    }
}
