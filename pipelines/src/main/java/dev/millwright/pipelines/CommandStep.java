package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import dev.millwright.data.Handover;
import dev.millwright.data.Split;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.pipelines.PipelineFile.Command;
import dev.millwright.pipelines.PipelineFile.MemoryLimit;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.pipelines.StepOutputs.Trained;
import dev.millwright.pipelines.TrainingVariables.Places;
import dev.millwright.pipelines.process.Ending;
import dev.millwright.pipelines.process.Limits;
import dev.millwright.pipelines.process.ProcessRecords;
import dev.millwright.pipelines.process.ShellCommand;
import dev.millwright.pipelines.process.ShellProcess;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.NewRun;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Lets a command train: hands it the rows, follows what it prints, keeps it within its limits, and takes over the model that it
 * leaves. What it logs, it logs to a run of its own under the pipeline's.
 */
final class CommandStep {
    /** What takes the place of a learner's name. */
    static final String NAME = "command";

    private final Workshop workshop;
    private final RunListener listener;

    CommandStep(Workshop workshop, RunListener listener) {
        this.workshop = workshop;
        this.listener = listener;
    }

    /** What the command is for. */
    record Assignment(
            String step,
            Run parent,
            CheckedPipeline pipeline,
            Command command,
            Featured featured,
            MetricSpec selection) {}

    private Registry registry() {
        return workshop.registry();
    }

    Trained train(Assignment assignment, TrainingRows rows, Progress progress) {
        Run run = registry()
                .runs()
                .create(NewRun.of(assignment.parent().experimentId(), NAME, RunKind.TRAINING)
                        .ofPipeline(assignment.pipeline().file().name())
                        .under(assignment.parent().id()));
        try {
            Trained trained = train(assignment, run, rows, progress);
            registry().runs().finish(run.id(), RunStatus.FINISHED, Optional.empty());
            return trained;
        } catch (RuntimeException | Error failed) {
            registry().runs().finish(run.id(), status(failed), Optional.of(String.valueOf(failed.getMessage())));
            throw failed;
        }
    }

    private static RunStatus status(Throwable failed) {
        if (failed instanceof MillwrightException known && known.code() == PipelineError.CANCELLED) {
            return RunStatus.KILLED;
        }
        return failed instanceof MillwrightException known && known.code() == PipelineError.STOPPED
                ? RunStatus.INTERRUPTED
                : RunStatus.FAILED;
    }

    private Trained train(Assignment assignment, Run run, TrainingRows rows, Progress progress) {
        try (CommandFolder folder =
                CommandFolder.make(workshop.layout().commands().resolve("work").resolve(run.id()))) {
            Handover handover = new Handover(
                    assignment.pipeline().plan().features(),
                    assignment.featured().task(),
                    Handover.freeLabel(assignment.pipeline().plan().features()));
            handOver(assignment, rows, handover, folder.places());
            CommandOutput output = new CommandOutput(assignment.step(), listener, progress);
            try {
                Ending ending = run(assignment, run, handover, folder.places(), output);
                folder.files()
                        .forEach((path, file) -> registry()
                                .runs()
                                .addArtifact(
                                        run.id(),
                                        path,
                                        registry().artifacts().put(file),
                                        CommandFolder.mediaType(path)));
                requireSuccess(assignment.command(), ending, run, output);
            } finally {
                registry()
                        .runs()
                        .addArtifact(
                                run.id(),
                                CommandOutput.FILE,
                                registry().artifacts().put(output.bytes()),
                                "text/plain");
            }
            return taken(assignment, run, rows);
        }
    }

    private void handOver(Assignment assignment, TrainingRows rows, Handover handover, Places places) {
        handover.write(workshop.duck(), rows.file(), Split.TRAIN, places.train());
        handover.write(workshop.duck(), rows.file(), Split.VALIDATION, places.validation());
        CommandFolder.write(
                places.signature(),
                CommandSignature.json(
                        handover,
                        assignment.featured(),
                        assignment.selection(),
                        assignment.pipeline().file().train().seed()));
    }

    private Ending run(Assignment assignment, Run run, Handover handover, Places places, CommandOutput output) {
        Command command = assignment.command();
        Map<String, String> task = new TreeMap<>(TrainingVariables.of(
                run,
                handover,
                assignment.featured(),
                assignment.pipeline().file().train().seed(),
                places));
        task.putAll(workshop.tracking().variables(run));
        Limits limits = new Limits(
                command.timeLimit(),
                command.memoryLimit()
                        .map(MemoryLimit::bytes)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()));
        try {
            return ShellProcess.run(
                    new ShellCommand(
                            command.line().text(),
                            assignment.pipeline().folder(),
                            TrainingVariables.all(System.getenv(), task, command.environment())),
                    limits,
                    new ProcessRecords(processes(workshop.layout())),
                    output);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new MillwrightException(PipelineError.STOPPED, "the process that holds the home ended", hurried);
        }
    }

    private static Path processes(HomeLayout layout) {
        return layout.commands().resolve("processes");
    }

    private static void requireSuccess(Command command, Ending ending, Run run, CommandOutput output) {
        Optional<String> problem = switch (ending) {
            case Ending.Exited(int code) -> code == 0 ? Optional.empty() : Optional.of(CommandOutput.exit(code));
            case Ending.OutOfTime() ->
                Optional.of("took longer than " + Text.duration(command.timeLimit())
                        + " and was ended (expected: less, or a longer train.time_limit).");
            case Ending.OutOfMemory(long reached) ->
                Optional.of("and what it started held " + Text.bytes(reached) + " and was ended (expected: at most "
                        + Text.bytes(command.memoryLimit().orElseThrow().bytes())
                        + ", or a higher train.memory_limit).");
        };
        if (problem.isPresent()) {
            throw new MillwrightException(
                    ending instanceof Ending.Exited ? PipelineError.COMMAND_FAILED : PipelineError.COMMAND_LIMIT,
                    "train.run: '" + command.line().text().strip() + "' " + problem.get() + output.end(run));
        }
    }

    private Trained taken(Assignment assignment, Run run, TrainingRows rows) {
        CommandModel.Usable usable = new CommandModel(registry())
                .take(
                        run,
                        assignment.pipeline().plan().features(),
                        assignment.featured(),
                        rows.split(Split.TRAIN),
                        rows.split(Split.VALIDATION));
        double score = rows.split(Split.VALIDATION).rows() == 0
                ? Double.NaN
                : assignment.selection().compute(rows.split(Split.VALIDATION).labels(), usable.validation());
        if (!Double.isNaN(score)) {
            registry()
                    .runs()
                    .logMetric(
                            run.id(),
                            "validation_" + assignment.selection().name(),
                            score,
                            workshop.clock().instant(),
                            0);
        }
        Artifact onnx = registry().artifacts().put(usable.model().onnx());
        Artifact parity = registry().artifacts().put(usable.parity().toJson());
        registry().runs().addArtifact(run.id(), "millwright/model.onnx", onnx, "application/octet-stream");
        registry().runs().addArtifact(run.id(), "millwright/parity.json", parity, "application/json");
        Map<String, Object> parameters = new TreeMap<>(registry().runs().params(run.id()));
        parameters.put("command", assignment.command().line().text().strip());
        return new Trained(
                NAME, run.id(), onnx, parity, usable.model().signature(), parameters, Scores.finite(score), List.of());
    }

    /** Ends what commands of a dead owner left running, and removes their files. For the new owner, before it starts any. */
    static int recover(HomeLayout layout) {
        int orphans = new ProcessRecords(processes(layout)).endOrphans();
        CommandFolder.removeAll(layout.commands().resolve("work"));
        return orphans;
    }
}
