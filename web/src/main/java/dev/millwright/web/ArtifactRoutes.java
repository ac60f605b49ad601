package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.stream.StreamMessage;
import dev.millwright.registry.ClientFile;
import dev.millwright.registry.Registry;
import dev.millwright.web.page.Paths;
import java.util.Locale;
import java.util.Map;

/**
 * The bytes of the files of runs and model versions. Whatever they hold is shown without scripts and without the rights of our
 * own pages; what a browser could take for a document of another kind is downloaded.
 */
final class ArtifactRoutes {
    private static final String ANYTHING = "*/*";
    private static final MediaType TEXT = MediaType.PLAIN_TEXT_UTF_8;
    /** By the end of the name alone: what was declared with the file is not trusted. */
    private static final Map<String, MediaType> SHOWN = Map.ofEntries(
            Map.entry("html", MediaType.HTML_UTF_8),
            Map.entry("htm", MediaType.HTML_UTF_8),
            Map.entry("json", MediaType.JSON_UTF_8),
            Map.entry("md", TEXT),
            Map.entry("txt", TEXT),
            Map.entry("log", TEXT),
            Map.entry("yaml", TEXT),
            Map.entry("yml", TEXT),
            Map.entry("csv", TEXT),
            Map.entry("tsv", TEXT),
            Map.entry("png", MediaType.PNG),
            Map.entry("jpg", MediaType.JPEG),
            Map.entry("jpeg", MediaType.JPEG),
            Map.entry("gif", MediaType.GIF),
            Map.entry("webp", MediaType.WEBP),
            Map.entry("svg", MediaType.SVG_UTF_8));

    private final Registry registry;

    private ArtifactRoutes(Registry registry) {
        this.registry = registry;
    }

    static void add(Routes routes, Registry registry) {
        ArtifactRoutes handlers = new ArtifactRoutes(registry);
        routes.get(
                "/runs/{run}/artifacts/{*path}",
                Operation.gives(Topic.RUNS, "A file of a run", ANYTHING).query("download", "Not to be shown."),
                handlers::ofRun);
        routes.get(
                "/models/{model}/versions/{version}/artifacts/{*path}",
                Operation.gives(Topic.MODELS, "A file of a model version", ANYTHING)
                        .query("download", "Not to be shown."),
                handlers::ofVersion);
    }

    private HttpResponse ofRun(Call call) {
        return serve(call, FileShelf.of(registry, registry.runs().load(call.path("run"))));
    }

    private HttpResponse ofVersion(Call call) {
        return serve(
                call, FileShelf.of(registry, registry.models().load(call.path("model"), call.pathNumber("version"))));
    }

    private static HttpResponse serve(Call call, FileShelf shelf) {
        String path = call.path("path");
        ClientFile file = shelf.find(path).orElseThrow(() -> FilePages.missing(path));
        String name = path.substring(path.lastIndexOf('/') + 1);
        MediaType type = type(name);
        ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(type)
                .contentLength(file.size())
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, SafeHeaders.REPORT_POLICY);
        file.sha256().ifPresent(hash -> headers.set(HttpHeaderNames.ETAG, '"' + hash + '"'));
        if (type.is(MediaType.OCTET_STREAM) || call.query("download").isPresent()) {
            headers.set(HttpHeaderNames.CONTENT_DISPOSITION, "attachment; filename*=UTF-8''" + Paths.part(name));
        }
        // A large file may take longer to fetch than a page to make.
        call.context().clearRequestTimeout();
        return HttpResponse.of(headers.build(), StreamMessage.of(file.file()).map(HttpData.class::cast));
    }

    private static MediaType type(String name) {
        String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return SHOWN.getOrDefault(end, MediaType.OCTET_STREAM);
    }
}
