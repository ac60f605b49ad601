package dev.millwright.web.mlflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.registry.ArtifactFiles;
import dev.millwright.registry.ClientFile;
import dev.millwright.registry.ClientFiles;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.web.mlflow.Surface.Call;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Files: those of the artifact root by path, and those of runs, logged models and model versions. */
final class ArtifactCalls {
    private static final String ROOT = "/2.0/mlflow-artifacts/artifacts";

    private final Registry registry;
    private final ArtifactFiles files;
    private final ClientFiles kept;
    private final Surface surface;

    private ArtifactCalls(Surface surface, Registry registry) {
        this.surface = surface;
        this.registry = registry;
        this.files = registry.artifactFiles();
        this.kept = registry.clientFiles();
    }

    static void add(Surface surface, Registry registry) {
        ArtifactCalls calls = new ArtifactCalls(surface, registry);
        surface.get(ROOT, call -> calls.list(call.fields().text("path").orElse("")));
        surface.unbounded(HttpMethod.PUT, ROOT + "/{*path}", calls::upload);
        surface.raw(HttpMethod.GET, ROOT + "/{*path}", calls::download);
        surface.delete(ROOT + "/{*path}", call -> calls.delete(path(call.context())));
        surface.get("/2.0/mlflow/artifacts/list", calls::ofRun);
        surface.get("/2.0/mlflow/logged-models/{model_id}/artifacts/directories", calls::ofLoggedModel);
        surface.rawAtRoot(HttpMethod.GET, "/get-artifact", calls::runFile);
        surface.rawAtRoot(HttpMethod.GET, "/model-versions/get-artifact", calls::versionFile);
    }

    /** Reads the body as it comes, in constant memory; a body that breaks off leaves nothing behind. */
    private HttpResponse upload(ServiceRequestContext context, HttpRequest request) {
        return surface.later(context, () -> {
            String path = path(context);
            try (InputStream body =
                    request.toInputStream(part -> part instanceof HttpData data ? data : HttpData.empty())) {
                files.put(path, body);
            } catch (IOException broken) {
                throw new Refusal(
                        Refusal.Code.BAD_REQUEST,
                        path + ": the upload broke off (expected: all of it). Send it again.");
            }
            return Answers.empty();
        });
    }

    private static String path(ServiceRequestContext context) {
        String path = context.pathParam("path");
        if (path == null) {
            throw new IllegalArgumentException("path: none in the route of " + context.path());
        }
        if (String.valueOf(context.rawPath()).contains(ROOT + "//")) {
            throw Refusal.invalid("Invalid path: /" + path + " (expected: a relative path)");
        }
        return path;
    }

    private HttpResponse download(ServiceRequestContext context, HttpRequest request) {
        return surface.later(context, () -> send(context, Registry.ARTIFACT_ROOT, path(context)));
    }

    /** Streams the file with a path below a URI. */
    private HttpResponse send(ServiceRequestContext context, String uri, String path) {
        context.clearRequestTimeout();
        ClientFile file = kept.find(uri, path)
                .orElseThrow(() -> new Refusal(
                        Refusal.Code.RESOURCE_DOES_NOT_EXIST,
                        "artifact: " + path + " (expected: a file that was logged)"));
        String name = path.substring(path.lastIndexOf('/') + 1);
        String type = URLConnection.guessContentTypeFromName(name);
        return HttpResponse.of(
                ResponseHeaders.builder(HttpStatus.OK)
                        .contentType(type == null ? MediaType.OCTET_STREAM : MediaType.parse(type))
                        .contentLength(file.size())
                        .set(
                                HttpHeaderNames.CONTENT_DISPOSITION,
                                "attachment; filename*=UTF-8''"
                                        + URLEncoder.encode(name, StandardCharsets.UTF_8)
                                                .replace("+", "%20"))
                        .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                        .build(),
                StreamMessage.of(file.file()));
    }

    private HttpResponse list(String directory) {
        ObjectNode answer = Answers.object();
        fill(answer.putArray("files"), files.list(trimmed(directory)), "");
        return Answers.respond(answer);
    }

    private static String trimmed(String directory) {
        return directory.endsWith("/") ? directory.substring(0, directory.length() - 1) : directory;
    }

    private static void fill(ArrayNode array, List<ArtifactFiles.Entry> entries, String prefix) {
        for (ArtifactFiles.Entry entry : entries) {
            ObjectNode file =
                    array.addObject().put("path", prefix + entry.name()).put("is_dir", entry.isDirectory());
            if (!entry.isDirectory()) {
                file.put("file_size", entry.size());
            }
        }
    }

    private HttpResponse delete(String path) {
        files.delete(trimmed(path));
        return Answers.empty();
    }

    private HttpResponse ofRun(Call call) {
        Run run = registry.tracking().load(call.fields().runId()).run();
        return under(run.artifactUri(), call.fields().text("path").orElse(""));
    }

    private HttpResponse ofLoggedModel(Call call) {
        LoggedModel model = registry.loggedModels().load(call.path("model_id"));
        return under(
                model.artifactUri(),
                call.fields().text("artifact_directory_path").orElse(""));
    }

    /** The files in a directory under a URI, with their paths from there. */
    private HttpResponse under(String uri, String directory) {
        String inside = trimmed(directory);
        ObjectNode answer = Answers.object().put("root_uri", uri);
        fill(answer.putArray("files"), kept.list(uri, inside), inside.isEmpty() ? "" : inside + "/");
        return Answers.respond(answer);
    }

    private HttpResponse runFile(ServiceRequestContext context, HttpRequest request) {
        return surface.later(context, () -> {
            Fields fields = Fields.ofQuery(context.queryParams());
            Run run = registry.tracking().load(fields.runId()).run();
            return send(context, run.artifactUri(), fields.requiredText("path"));
        });
    }

    private HttpResponse versionFile(ServiceRequestContext context, HttpRequest request) {
        return surface.later(context, () -> {
            Fields fields = Fields.ofQuery(context.queryParams());
            ModelVersion version =
                    registry.registeredModels().loadVersion(fields.requiredText("name"), ModelCalls.version(fields));
            return send(context, ModelCalls.downloadUri(registry, version), fields.requiredText("path"));
        });
    }
}
