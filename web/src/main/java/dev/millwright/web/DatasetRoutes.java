package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.InvalidInputException;
import dev.millwright.pipelines.datasets.DatasetChanges;
import dev.millwright.pipelines.datasets.DatasetChanges.Compacted;
import dev.millwright.pipelines.datasets.DatasetChanges.Restored;
import dev.millwright.pipelines.datasets.DatasetChanges.Tagged;
import dev.millwright.pipelines.datasets.DatasetChanges.Taken;
import dev.millwright.pipelines.datasets.Expiry;
import dev.millwright.pipelines.datasets.ExpiryRequest;
import dev.millwright.pipelines.datasets.ExpiryRequest.Mode;
import dev.millwright.pipelines.datasets.ExpiryRequest.Needed;
import dev.millwright.pipelines.datasets.Replay;
import dev.millwright.pipelines.datasets.ReplayRequest;
import dev.millwright.registry.DatasetReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may be done to versions of datasets. */
final class DatasetRoutes {
    private final DatasetChanges datasets;

    private DatasetRoutes(DatasetChanges datasets) {
        this.datasets = datasets;
    }

    static void add(Routes routes, DatasetChanges datasets) {
        DatasetRoutes handlers = new DatasetRoutes(datasets);
        routes.post(
                "/api/v1/datasets/{dataset}/tags",
                Operation.answers(Topic.DATASETS, "Tags a version", Tagged.class)
                        .takes(Tagging.class),
                handlers::tag);
        routes.delete(
                "/api/v1/datasets/{dataset}/tags/{tag}",
                Operation.answers(Topic.DATASETS, "Takes a tag away", Tagged.class),
                call -> Json.respond(datasets.untag(call.path("dataset"), call.path("tag"))));
        routes.post(
                "/api/v1/datasets/{dataset}/rollback",
                Operation.answers(Topic.DATASETS, "Makes the rows of an earlier version the newest", Restored.class)
                        .takes(Rollback.class),
                handlers::rollBack);
        routes.post(
                "/api/v1/datasets/{dataset}/expire",
                Operation.answers(Topic.DATASETS, "Gives up the rows of versions that nobody needs", Expiry.class)
                        .takes(ExpiryWish.class),
                handlers::expire);
        routes.post(
                "/api/v1/datasets/{dataset}/compact",
                Operation.answers(Topic.DATASETS, "Writes the newest version into fewer files", Compacted.class),
                handlers::compact);
        routes.post(
                "/api/v1/datasets/{dataset}/replay",
                Operation.answers(Topic.DATASETS, "Takes rows in that had been set aside and pass by now", Replay.class)
                        .takes(ReplayWish.class),
                handlers::replay);
    }

    /**
     * A tag to be set.
     *
     * @param version as people write it: {@code v3}, another tag, or a time; the newest when none is said
     * @param move it when it is on another version
     */
    record Tagging(
            @Nullable String tag,
            @Nullable String version,
            @Nullable Boolean move) {}

    private HttpResponse tag(Call call) {
        Tagging wanted = Json.read(call.body(), Tagging.class);
        if (wanted.tag() == null) {
            throw new InvalidInputException("body: (expected: tag)");
        }
        return Json.respond(datasets.tag(
                reference(call, wanted.version()),
                wanted.tag(),
                Boolean.TRUE.equals(wanted.move()) ? Taken.MOVE : Taken.REFUSE));
    }

    /** The version to go back to, and why. */
    record Rollback(@Nullable String version, @Nullable String reason) {}

    private HttpResponse rollBack(Call call) {
        Rollback wanted = Json.read(call.body(), Rollback.class);
        return Json.respond(datasets.rollBack(
                reference(call, wanted.version()),
                wanted.reason() == null || wanted.reason().isBlank() ? "by hand" : wanted.reason()));
    }

    /**
     * Which rows to judge again.
     *
     * @param file of repaired rows, on this machine
     * @param version that they were exported from; what the file says when none is said
     * @param pipeline whose contract and expectations to judge by
     */
    record ReplayWish(@Nullable String file, @Nullable String version, ControlRoutes.@Nullable Submission pipeline) {}

    private HttpResponse replay(Call call) {
        ReplayWish wish = Json.read(call.body(), ReplayWish.class);
        Optional<Path> file = Optional.ofNullable(wish.file()).map(Path::of);
        if (file.filter(path -> !path.isAbsolute()).isPresent()) {
            throw new InvalidInputException("body: file: " + wish.file() + " (expected: an absolute path)");
        }
        return Json.respond(datasets.replay(new ReplayRequest(
                call.path("dataset"),
                file,
                Optional.ofNullable(wish.version()).map(version -> reference(call, version)),
                Optional.ofNullable(wish.pipeline()).map(ControlRoutes.Submission::request))));
    }

    private static DatasetReference reference(Call call, @Nullable String version) {
        return DatasetReference.parse(call.path("dataset") + (version == null ? "" : "@" + version));
    }

    private HttpResponse compact(Call call) {
        call.context().clearRequestTimeout();
        return Json.respond(datasets.compact(call.path("dataset")));
    }

    /**
     * Which versions may go.
     *
     * @param version this one alone
     * @param olderThanSeconds only those that were recorded longer ago
     * @param keep so many of the newest stay
     * @param force versions go that a model, a tag or an endpoint needs, too
     * @param dryRun nothing happens
     */
    record ExpiryWish(
            @Nullable Integer version,
            @Nullable Long olderThanSeconds,
            @Nullable Integer keep,
            @Nullable Boolean force,
            @Nullable Boolean dryRun) {}

    private HttpResponse expire(Call call) {
        ExpiryWish wish = Json.read(call.body(), ExpiryWish.class);
        return Json.respond(datasets.expire(new ExpiryRequest(
                call.path("dataset"),
                Optional.ofNullable(wish.version()),
                Optional.ofNullable(wish.olderThanSeconds()).map(Duration::ofSeconds),
                Optional.ofNullable(wish.keep()),
                Boolean.TRUE.equals(wish.force()) ? Needed.EXPIRE : Needed.KEEP,
                Boolean.TRUE.equals(wish.dryRun()) ? Mode.ONLY_TELL : Mode.CARRY_OUT)));
    }
}
