package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.stream.StreamMessage;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import java.util.Locale;

/**
 * The files of runs and model versions. They are found by name in the registry, never on the disk, and whatever they hold
 * is shown without scripts and without the rights of our own pages.
 */
final class ArtifactRoutes {
    private static final MediaType JSON = MediaType.JSON_UTF_8;
    private static final MediaType TEXT = MediaType.PLAIN_TEXT_UTF_8;

    private final Registry registry;

    private ArtifactRoutes(Registry registry) {
        this.registry = registry;
    }

    static void add(Routes routes, Registry registry) {
        ArtifactRoutes handlers = new ArtifactRoutes(registry);
        routes.get("/runs/{run}/artifacts/{*path}", handlers::ofRun);
        routes.get("/models/{model}/versions/{version}/artifacts/{*path}", handlers::ofVersion);
    }

    private HttpResponse ofRun(Call call) {
        Run run = registry.runs().load(call.path("run"));
        String path = call.path("path");
        return registry.runs()
                .findArtifact(run.id(), path)
                .map(file -> serve(path, file.artifact()))
                .orElseThrow(() -> missing(path));
    }

    private HttpResponse ofVersion(Call call) {
        ModelVersion version = registry.models().load(call.path("model"), call.pathNumber("version"));
        String path = call.path("path");
        Artifact artifact = version.artifacts().get(path);
        if (artifact == null) {
            throw missing(path);
        }
        return serve(path, artifact);
    }

    private static MillwrightException missing(String path) {
        return new MillwrightException(
                WebError.NO_SUCH_THING, "artifact: " + path + " (expected: one of those that the page lists)");
    }

    private HttpResponse serve(String path, Artifact artifact) {
        MediaType type = type(path);
        ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(type)
                .contentLength(artifact.size())
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, SafeHeaders.REPORT_POLICY)
                .set(HttpHeaderNames.ETAG, '"' + artifact.sha256() + '"');
        if (type.is(MediaType.OCTET_STREAM)) {
            String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
            headers.set(HttpHeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + name + '"');
        }
        return HttpResponse.of(
                headers.build(),
                StreamMessage.of(registry.artifacts().path(artifact)).map(HttpData.class::cast));
    }

    /** By the name alone: what was declared with the file is not trusted. */
    private static MediaType type(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        if (name.endsWith(".html")) {
            return MediaType.HTML_UTF_8;
        }
        if (name.endsWith(".json")) {
            return JSON;
        }
        return name.endsWith(".md") || name.endsWith(".txt") || name.endsWith(".yaml") || name.endsWith(".csv")
                ? TEXT
                : MediaType.OCTET_STREAM;
    }
}
