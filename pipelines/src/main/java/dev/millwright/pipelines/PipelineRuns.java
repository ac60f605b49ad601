package dev.millwright.pipelines;

import dev.millwright.core.ErrorKind;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Experiment;
import dev.millwright.registry.NewRun;
import dev.millwright.registry.PipelineRun;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import java.util.List;
import java.util.Optional;

/** Starts pipeline runs and goes on with interrupted ones. Thread-safe; each run takes the thread that calls. */
public final class PipelineRuns {
    private final Workshop workshop;

    public PipelineRuns(Workshop workshop) {
        this.workshop = workshop;
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
        PipelineFile file = PipelineReader.read(request.file(), request.text(), request.settings());
        return PipelineCheck.check(file, request.folder(), new KnownSources(workshop));
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

    /** Does the work of a started run, and records how it ended. */
    public Outcome follow(Started started, RunListener listener) {
        PipelineRunner runner = new PipelineRunner(workshop, started.pipeline(), started.run(), listener);
        Outcome outcome;
        try {
            runner.run();
            outcome = new Outcome(runner.summary("finished", Optional.empty()), Optional.empty());
            workshop.registry().steps().end(started.run().id(), RunStatus.FINISHED, Optional.empty());
        } catch (RuntimeException failed) {
            String message = Optional.ofNullable(failed.getMessage()).orElseGet(failed::toString);
            RunStatus status = status(failed);
            outcome = new Outcome(
                    runner.summary(status == RunStatus.REFUSED ? "refused" : "failed", Optional.of(message)),
                    Optional.of(failed));
            workshop.registry().steps().end(started.run().id(), status, Optional.of(message));
        }
        listener.on(new RunEvent.RunEnded(
                started.run().id(),
                outcome.summary().status(),
                outcome.summary().toJson()));
        return outcome;
    }

    private static RunStatus status(RuntimeException failed) {
        if (failed instanceof MillwrightException expected) {
            ErrorKind kind = expected.code().kind();
            if (kind == ErrorKind.DATA_REFUSED || kind == ErrorKind.GATE_REFUSED) {
                return RunStatus.REFUSED;
            }
        }
        return RunStatus.FAILED;
    }
}
