package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The style sheet, the scripts and the icon: read once, and named by their content so that browsers may keep them. */
final class Assets {
    private static final MediaType CSS = MediaType.parse("text/css; charset=utf-8");
    private static final MediaType JAVASCRIPT = MediaType.parse("text/javascript; charset=utf-8");
    private static final String HTMX = "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js";
    private static final Map<MediaType, List<String>> OWN = Map.of(
            CSS,
            List.of("millwright.css", "charts.css", "files.css"),
            JAVASCRIPT,
            List.of(
                    "millwright.js",
                    "charts.js",
                    "chart-frame.js",
                    "chart-curves.js",
                    "chart-table.js",
                    "chart-parallel.js",
                    "chart-scatter.js"),
            MediaType.SVG_UTF_8,
            List.of("icon.svg"));

    private final Map<String, Asset> assets;
    private final String version;

    private record Asset(MediaType type, byte[] content) {}

    private Assets(Map<String, Asset> assets) {
        this.assets = assets;
        this.version = hash(assets);
    }

    static Assets load() {
        Map<String, Asset> assets = new TreeMap<>();
        OWN.forEach((type, names) ->
                names.forEach(name -> assets.put(name, new Asset(type, read("/dev/millwright/web/static/" + name)))));
        assets.put("htmx.js", new Asset(JAVASCRIPT, read(HTMX)));
        return new Assets(assets);
    }

    /** Part of every asset's address; changes with any of them. */
    String version() {
        return version;
    }

    HttpResponse serve(String name) {
        Asset asset = assets.get(name);
        if (asset == null) {
            throw new MillwrightException(
                    WebError.NO_SUCH_THING, "file: " + name + " (expected: one of " + assets.keySet() + ")");
        }
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(asset.type())
                .set(HttpHeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable")
                .build();
        return HttpResponse.of(headers, HttpData.wrap(asset.content()));
    }

    private static byte[] read(String resource) {
        try (InputStream stream = Assets.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + ": not in the program (expected: packed by the build)");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    private static String hash(Map<String, Asset> assets) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            assets.values().forEach(asset -> digest.update(asset.content()));
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
