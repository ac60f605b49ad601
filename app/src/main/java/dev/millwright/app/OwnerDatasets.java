package dev.millwright.app;

import dev.millwright.pipelines.datasets.DatasetChanges;
import dev.millwright.pipelines.datasets.Expiry;
import dev.millwright.pipelines.datasets.ExpiryRequest;
import dev.millwright.pipelines.datasets.Replay;
import dev.millwright.pipelines.datasets.ReplayRequest;
import dev.millwright.registry.DatasetReference;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Has the process that owns the home change versions of datasets. */
record OwnerDatasets(OwnerClient owner) implements DatasetChanges {
    @Override
    public Tagged tag(DatasetReference version, String tag, Taken taken) {
        return owner.post(
                path(version.dataset(), "tags"),
                body(version, Map.of("tag", tag, "move", taken == Taken.MOVE)),
                Tagged.class);
    }

    @Override
    public Tagged untag(String dataset, String tag) {
        return owner.delete(path(dataset, "tags") + "/" + OwnerClient.part(tag), Tagged.class);
    }

    @Override
    public Restored rollBack(DatasetReference version, String reason) {
        return owner.post(path(version.dataset(), "rollback"), body(version, Map.of("reason", reason)), Restored.class);
    }

    @Override
    public Replay replay(ReplayRequest request) {
        Map<String, Object> body = new LinkedHashMap<>();
        request.file().ifPresent(file -> body.put("file", file.toString()));
        request.exported()
                .ifPresent(version -> body.put("version", version.choice().toString()));
        request.pipeline()
                .ifPresent(pipeline -> body.put(
                        "pipeline",
                        Map.of(
                                "file", pipeline.file(),
                                "folder", pipeline.folder().toString(),
                                "text", pipeline.text(),
                                "settings", pipeline.settings())));
        return owner.post(path(request.dataset(), "replay"), body, Replay.class);
    }

    @Override
    public Expiry expire(ExpiryRequest request) {
        Map<String, Object> body = new LinkedHashMap<>();
        request.version().ifPresent(version -> body.put("version", version));
        request.olderThan().map(Duration::toSeconds).ifPresent(seconds -> body.put("older_than_seconds", seconds));
        request.keep().ifPresent(keep -> body.put("keep", keep));
        body.put("force", request.needed() == ExpiryRequest.Needed.EXPIRE);
        body.put("dry_run", request.mode() == ExpiryRequest.Mode.ONLY_TELL);
        return owner.post(path(request.dataset(), "expire"), body, Expiry.class);
    }

    @Override
    public Compacted compact(String dataset) {
        return owner.postPatiently(path(dataset, "compact"), Map.of(), Compacted.class);
    }

    private static Map<String, Object> body(DatasetReference version, Map<String, Object> fields) {
        Map<String, Object> body = new LinkedHashMap<>(fields);
        if (!(version.choice() instanceof DatasetReference.Choice.Newest)) {
            body.put("version", version.choice().toString());
        }
        return body;
    }

    private static String path(String dataset, String what) {
        return "/api/v1/datasets/" + OwnerClient.part(dataset) + "/" + what;
    }
}
