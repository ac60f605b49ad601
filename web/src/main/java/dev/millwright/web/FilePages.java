package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Registry;
import dev.millwright.web.page.FilePreview;
import dev.millwright.web.page.FileTree;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The files of runs and model versions as a tree of which each folder is fetched when it is opened, with a preview. */
final class FilePages {
    private static final int MOST_ENTRIES = 1_000;

    private final Site site;

    private FilePages(Site site) {
        this.site = site;
    }

    static void add(Routes routes, Site site) {
        FilePages pages = new FilePages(site);
        pages.add(routes, "/runs/{run}", pages::ofRun);
        pages.add(routes, "/models/{model}/versions/{version}", pages::ofVersion);
    }

    private void add(Routes routes, String base, Function<Call, FileShelf> shelf) {
        routes.get(base + "/files", call -> files(call, shelf.apply(call)));
        routes.get(base + "/preview", call -> preview(call, shelf.apply(call)));
    }

    private FileShelf ofRun(Call call) {
        Registry registry = site.registry();
        return FileShelf.of(registry, registry.runs().load(call.path("run")));
    }

    private FileShelf ofVersion(Call call) {
        Registry registry = site.registry();
        return FileShelf.of(registry, registry.models().load(call.path("model"), call.pathNumber("version")));
    }

    private HttpResponse files(Call call, FileShelf shelf) {
        return site.templates().page("files", tree(shelf, call.query("path").orElse(""), Optional.empty()));
    }

    private HttpResponse preview(Call call, FileShelf shelf) {
        String path = call.query("path").orElse("");
        return site.templates().page("preview", open(shelf, path));
    }

    /** The tree of a page, with the file open that its address names. */
    static FileTree tree(Call call, FileShelf shelf) {
        return tree(shelf, "", call.query("file").map(path -> open(shelf, path)));
    }

    private static FileTree tree(FileShelf shelf, String folder, Optional<FilePreview> open) {
        List<FileTree.Entry> all = shelf.list(folder);
        List<FileTree.Entry> shown = all.subList(0, Math.min(all.size(), MOST_ENTRIES));
        return new FileTree(shelf.base(), folder, shown, all.size() - shown.size(), open);
    }

    private static FilePreview open(FileShelf shelf, String path) {
        return shelf.find(path).map(file -> FilePreviews.of(shelf, path, file)).orElseThrow(() -> missing(path));
    }

    static MillwrightException missing(String path) {
        return new MillwrightException(
                WebError.NO_SUCH_THING, "artifact: " + path + " (expected: one of those that the page lists)");
    }
}
