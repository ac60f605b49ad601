package dev.millwright.pipelines;

import dev.millwright.core.ErrorKind;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.Experiment;
import dev.millwright.registry.NewRun;
import dev.millwright.registry.PipelineRun;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.StepStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Starts pipeline runs and goes on with interrupted ones. Thread-safe; each run takes the thread that calls. */
public final class PipelineRuns {
    /** The artifact of a run that holds what it came to. */
    static final String SUMMARY = "summary.json";

    private static final int LATEST = 100;
    /** How often a step may begin before its run is left to a person. */
    private static final int ATTEMPTS = 5;

    private final Workshop workshop;

    public PipelineRuns(Workshop workshop) {
        this.workshop = workshop;
    }

    /**
     * Ends what commands of a dead owner left running, and removes their files. For the new owner of a home, before it starts
     * any run.
     *
     * @return how many commands were still running
     */
    public static int endOrphans(HomeLayout layout) {
        return CommandStep.recover(layout);
    }

    /**
     * What a run came to.
     *
     * @param failure what stopped it, if anything
     */
    public record Outcome(RunSummary summary, Optional<RuntimeException> failure) {}

    /**
     * Finds every mistake without doing any work.
     *
     * @throws InvalidInputException with all of them
     */
    public CheckedPipeline check(RunRequest request) {
        try (SourceLook look = new KnownSources(workshop)) {
            return PipelineReader.readAndCheck(
                    request.file(),
                    request.text(),
                    request.settings(),
                    file -> PipelineCheck.check(file, request.folder(), look));
        }
    }

    /** Checks the file and records the start of its run; {@link #follow} does the work. */
    public Started start(RunRequest request) {
        CheckedPipeline pipeline = check(request);
        String name = pipeline.file().name();
        Experiment experiment = workshop.registry().experiments().findOrCreate(name);
        PipelineRun run = workshop.registry()
                .steps()
                .start(
                        NewRun.of(experiment.id(), name, RunKind.PIPELINE).ofPipeline(name),
                        request.text(),
                        request.stored());
        return new Started(run.run(), pipeline);
    }

    /** A run that is recorded and whose file was found right. */
    public record Started(Run run, CheckedPipeline pipeline) {}

    /**
     * Sets an interrupted, failed or killed run going again, from its last finished step.
     *
     * @param idOrPrefix of the run; the newest interrupted one when empty
     */
    public Started resume(Optional<String> idOrPrefix) {
        String id = idOrPrefix
                .map(prefix -> workshop.registry().runs().load(prefix).id())
                .orElseGet(this::newestInterrupted);
        PipelineRun stored = workshop.registry().steps().load(id);
        CheckedPipeline pipeline = check(RunRequest.restored(stored.fileText(), stored.settings()));
        return new Started(workshop.registry().steps().resume(id).run(), pipeline);
    }

    private String newestInterrupted() {
        List<PipelineRun> resumable = workshop.registry().steps().resumable();
        if (resumable.isEmpty()) {
            throw new MillwrightException(
                    PipelineError.NOT_RESUMABLE,
                    "--resume: no run was interrupted (expected: one). Start a new one with 'run FILE'.");
        }
        return resumable.getFirst().id();
    }

    /** The interrupted runs that should go on by themselves, the oldest first. */
    List<PipelineRun> interrupted() {
        return workshop.registry().steps().resumable().reversed().stream()
                .filter(run -> !isSuperseded(run) && !isStuck(run))
                .toList();
    }

    /** Whether a later run of the pipeline came to an end, or is on its way. */
    private boolean isSuperseded(PipelineRun interrupted) {
        RunFilter same = RunFilter.ALL.kind(RunKind.PIPELINE).pipeline(interrupted.pipeline());
        return workshop.registry().runs().list(same, LATEST, Optional.empty()).items().stream()
                .anyMatch(run ->
                        run.started().isAfter(interrupted.run().started()) && run.status() != RunStatus.INTERRUPTED);
    }

    /** Whether a step of the run seems to take the process down with it each time. */
    private boolean isStuck(PipelineRun interrupted) {
        return workshop.registry().steps().list(interrupted.id()).stream()
                .anyMatch(step -> step.status() == StepStatus.INTERRUPTED && step.attempt() >= ATTEMPTS);
    }

    /** Records why an interrupted run does not go on by itself. */
    void recordNotResumed(String id, String reason) {
        workshop.registry().events().record("resumption.refused", id, Map.of("reason", reason));
    }

    /** The run with this id, or with the only id that starts so. */
    Run load(String idOrPrefix) {
        return workshop.registry().runs().load(idOrPrefix);
    }

    /** Ends a run whose work does not begin. */
    void end(Started started, RunStatus status, String reason) {
        workshop.registry().steps().end(started.run().id(), status, Optional.of(reason));
    }

    /** Does the work of a started run, and records how it ended. */
    public Outcome follow(Started started, RunListener listener) {
        PipelineRunner runner = new PipelineRunner(workshop, started.pipeline(), started.run(), listener);
        Outcome outcome;
        try {
            runner.run();
            outcome = new Outcome(runner.summary("finished", Optional.empty()), Optional.empty());
        } catch (RuntimeException failed) {
            outcome = failed(runner, failed);
        } catch (Error failed) { // the process goes on, so the run must not look as if it did
            outcome = failed(runner, new IllegalStateException(failed.toString(), failed));
        }
        try {
            record(started.run().id(), outcome);
        } catch (RuntimeException unrecorded) {
            outcome = failed(runner, unrecorded);
        }
        listener.on(new RunEvent.RunEnded(
                started.run().id(),
                outcome.summary().status(),
                outcome.summary().toJson()));
        return outcome;
    }

    private static Outcome failed(PipelineRunner runner, RuntimeException failure) {
        ErrorKind kind = failure instanceof MillwrightException expected
                ? expected.code().kind()
                : ErrorKind.INTERNAL;
        String message = Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
        return new Outcome(
                runner.summary(
                        status(failure).name().toLowerCase(Locale.ROOT),
                        Optional.of(new SummaryBuilder.Failure(message, kind))),
                Optional.of(failure));
    }

    /** Stores what the run came to, then that it ended: whoever sees the end finds the summary. */
    private void record(String id, Outcome outcome) {
        try {
            Artifact summary = workshop.registry()
                    .artifacts()
                    .put(outcome.summary().toJson().getBytes(StandardCharsets.UTF_8));
            workshop.registry().runs().addArtifact(id, SUMMARY, summary, "application/json");
        } finally {
            workshop.registry()
                    .steps()
                    .end(
                            id,
                            outcome.failure().map(PipelineRuns::status).orElse(RunStatus.FINISHED),
                            outcome.summary().error());
        }
    }

    /** What a run came to, once it has ended. */
    public static Optional<RunSummary> findSummary(Registry registry, String id) {
        RunStatus status = registry.runs().load(id).status();
        if (status == RunStatus.RUNNING || status == RunStatus.INTERRUPTED) {
            return Optional.empty();
        }
        return registry.runs()
                .findArtifact(id, SUMMARY)
                .map(file -> RunSummary.fromJson(
                        new String(registry.artifacts().read(file.artifact()), StandardCharsets.UTF_8)));
    }

    private static RunStatus status(RuntimeException failed) {
        if (!(failed instanceof MillwrightException expected)) {
            return RunStatus.FAILED;
        }
        if (expected.code() == PipelineError.STOPPED) {
            return RunStatus.INTERRUPTED;
        }
        if (expected.code() == PipelineError.CANCELLED) {
            return RunStatus.KILLED;
        }
        return switch (expected.code().kind()) {
            case DATA_REFUSED, GATE_REFUSED -> RunStatus.REFUSED;
            case USER, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT, UNAVAILABLE, RESOURCE, INTERNAL ->
                RunStatus.FAILED;
        };
    }
}
