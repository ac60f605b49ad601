package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.millwright.core.Actor;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.CacheReader;
import dev.millwright.pipelines.Deployments;
import dev.millwright.pipelines.ModelImport;
import dev.millwright.pipelines.RunDesk;
import dev.millwright.pipelines.RunJournal;
import dev.millwright.pipelines.RunListener;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.pipelines.StepOutputs.Deployed;
import dev.millwright.serving.cache.CacheOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What starts work or changes what serves. Where nobody logs in, each call needs the token that only the home's user can read, so
 * that no other user of the machine, and no page in a browser, can make it.
 */
final class ControlRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RunDesk runs;
    private final Deployments deployments;
    private final ModelImport models;

    private ControlRoutes(RunDesk runs, Deployments deployments, ModelImport models) {
        this.runs = runs;
        this.deployments = deployments;
        this.models = models;
    }

    static void add(Routes routes, RunDesk runs, Deployments deployments, ModelImport models) {
        ControlRoutes handlers = new ControlRoutes(runs, deployments, models);
        routes.post(
                "/api/v1/runs",
                Operation.answers(Topic.RUNS, "Starts a run of a pipeline file", Started.class)
                        .takes(Submission.class)
                        .status(202),
                handlers::submit);
        routes.post(
                "/api/v1/runs/resume",
                Operation.answers(Topic.RUNS, "Goes on with a run that was interrupted", Started.class)
                        .takes(Resumption.class)
                        .status(202),
                handlers::resume);
        routes.post(
                "/api/v1/runs/{run}/cancel",
                Operation.answers(Topic.RUNS, "Ends a run", Started.class)
                        .takes(Reason.class)
                        .status(202),
                handlers::cancel);
        routes.get(
                "/api/v1/runs/{run}/events",
                Operation.answers(Topic.RUNS, "What a run says while it is at work; waits for more", RunEvents.class)
                        .number("after", "Only those after the one with this number."),
                handlers::events);
        routes.post(
                "/api/v1/endpoints/{endpoint}/rollback",
                Operation.answers(Topic.ENDPOINTS, "Brings back the version before", RolledBack.class)
                        .takes(Reason.class),
                handlers::rollBack);
        routes.post(
                "/api/v1/endpoints/{endpoint}/deploy",
                Operation.answers(Topic.ENDPOINTS, "Rolls out a model version", Deployed.class)
                        .takes(Deployment.class),
                handlers::deploy);
        routes.post(
                "/api/v1/endpoints/{endpoint}/cache",
                Operation.answers(Topic.ENDPOINTS, "Keeps answers of an endpoint, or no more", Caching.class)
                        .takes(CacheWish.class),
                handlers::cache);
        routes.post(
                "/api/v1/models/import",
                Operation.answers(
                                Topic.MODELS,
                                "Registers an ONNX file or an inference graph of this machine",
                                ModelImport.Imported.class)
                        .takes(ModelFile.class),
                handlers::importModel);
    }

    /** A run to start: the folder is where relative paths in the text begin. */
    record Submission(
            @Nullable String file,
            @Nullable String folder,
            @Nullable String text,
            @Nullable Map<String, String> settings) {
        RunRequest request() {
            if (file == null
                    || folder == null
                    || text == null
                    || !Path.of(folder).isAbsolute()) {
                throw new InvalidInputException("body: (expected: file, text, and folder as an absolute path)");
            }
            return new RunRequest(file, Path.of(folder), text, settings == null ? Map.of() : settings);
        }
    }

    /** A run to go on with; the newest interrupted one when {@code run} is empty. */
    record Resumption(@Nullable String run) {}

    /** The id of a run that was told something. */
    private record Started(String run) {}

    /** Part of what a run says; for the document. */
    private record RunEvents(List<NumberedEvent> events) {}

    /** One thing that it says, in fields that depend on what it is. */
    private record NumberedEvent(long number, Map<String, Object> event) {}

    /** The version that serves again. */
    private record RolledBack(String endpoint, int version) {}

    /** Why something is changed by hand. */
    record Reason(@Nullable String reason) {}

    private HttpResponse submit(Call call) {
        Submission submission = Json.read(call.body(), Submission.class);
        return Json.respond(
                HttpStatus.ACCEPTED,
                new Started(runs.submit(submission.request(), RunListener.NONE).run()));
    }

    private HttpResponse resume(Call call) {
        String run = Json.read(call.body(), Resumption.class).run();
        return Json.respond(
                HttpStatus.ACCEPTED,
                new Started(runs.resume(Optional.ofNullable(run).filter(id -> !id.isEmpty()), RunListener.NONE)
                        .run()));
    }

    private HttpResponse cancel(Call call) {
        return Json.respond(HttpStatus.ACCEPTED, new Started(runs.cancel(call.path("run"), reason(call))));
    }

    static String reason(Call call) {
        String reason = Json.read(call.body(), Reason.class).reason();
        return reason == null || reason.isBlank() ? "by hand" : reason;
    }

    private HttpResponse events(Call call) {
        String run = call.path("run");
        RunJournal journal = runs.find(run)
                .orElseThrow(() -> new MillwrightException(
                        WebError.NO_SUCH_THING,
                        "run: " + run + " is not one of this process (expected: one that it does or did)"));
        try {
            List<RunJournal.Entry> entries = journal.after(call.number("after", 0), PATIENCE);
            return Json.respond(Map.of("events", entries));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Json.respond(Map.of("events", List.of()));
        }
    }

    /** A file of this machine to register, {@code .yaml} for an inference graph; the model is the file's name when none is said. */
    record ModelFile(
            @Nullable String file,
            @Nullable String model,
            @Nullable Boolean tensors) {}

    private HttpResponse importModel(Call call) {
        ModelFile wanted = Json.read(call.body(), ModelFile.class);
        if (wanted.file() == null
                || wanted.model() == null
                || !Path.of(wanted.file()).isAbsolute()) {
            throw new InvalidInputException("body: (expected: model, and file as an absolute path)");
        }
        return Json.respond(models.add(
                Path.of(wanted.file()),
                wanted.model(),
                Boolean.TRUE.equals(wanted.tensors())
                        ? ModelImport.Serving.TENSORS
                        : ModelImport.Serving.ROWS_IF_POSSIBLE,
                Actor.current().orElse("")));
    }

    /** How answers are to be kept, written as in a pipeline file; not at all when {@code off}. */
    record CacheWish(
            @Nullable String size,
            @Nullable String age,
            @Nullable String memory,
            @Nullable Boolean off) {}

    /**
     * How answers of an endpoint are kept.
     *
     * @param cache null when they are not
     */
    record Caching(String endpoint, @Nullable Kept cache) {
        /** Answers and bytes at most, and for how many seconds. */
        record Kept(long size, long ageSeconds, long memory) {}
    }

    private HttpResponse cache(Call call) {
        CacheWish wish = Json.read(call.body(), CacheWish.class);
        Optional<CacheOptions> options = Boolean.TRUE.equals(wish.off())
                ? Optional.empty()
                : Optional.of(CacheReader.read(
                        Optional.ofNullable(wish.size()),
                        Optional.ofNullable(wish.age()),
                        Optional.ofNullable(wish.memory())));
        deployments.setCache(call.path("endpoint"), options);
        return Json.respond(new Caching(
                call.path("endpoint"),
                options.map(kept -> new Caching.Kept(kept.size(), kept.age().toSeconds(), kept.memory()))
                        .orElse(null)));
    }

    /** A version to roll out; how, as in a pipeline file, unless as its forerunner's pipeline says. */
    record Deployment(
            @Nullable String model,
            @Nullable Integer version,
            @Nullable String rollout) {}

    private HttpResponse deploy(Call call) {
        Deployment wanted = Json.read(call.body(), Deployment.class);
        if (wanted.model() == null || wanted.version() == null) {
            throw new InvalidInputException("body: (expected: model, and version as a number)");
        }
        return Json.respond(deployments.deployByHand(
                call.path("endpoint"), wanted.model(), wanted.version(), Optional.ofNullable(wanted.rollout())));
    }

    private HttpResponse rollBack(Call call) {
        String endpoint = call.path("endpoint");
        int version = deployments.rollBack(endpoint, reason(call));
        return Json.respond(new RolledBack(endpoint, version));
    }
}
