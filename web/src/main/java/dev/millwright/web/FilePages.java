package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Registry;
import dev.millwright.web.page.FileBrowser;
import dev.millwright.web.page.FilePreview;
import dev.millwright.web.page.FileTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        routes.get(base + "/files", Operation.page("Files"), call -> files(call, shelf.apply(call)));
        routes.get(
                base + "/preview",
                Operation.page("What a file holds").query("path", "Of the file."),
                call -> preview(call, shelf.apply(call)));
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
        return site.templates()
                .page(
                        "files",
                        new FileTree(
                                shelf.base(), folder(shelf, call.query("path").orElse("")), Map.of(), ""));
    }

    private HttpResponse preview(Call call, FileShelf shelf) {
        return site.templates()
                .page("preview", preview(shelf, call.query("path").orElse("")));
    }

    /** The files of a page, with the one open that its address names. */
    static FileBrowser browser(Call call, FileShelf shelf) {
        Optional<FilePreview> preview = call.query("file").map(path -> preview(shelf, path));
        return new FileBrowser(tree(shelf, "", preview.map(FilePreview::path).orElse("")), preview);
    }

    /** A folder, with those open in it that lead to the file that is shown. */
    private static FileTree tree(FileShelf shelf, String path, String shown) {
        FileTree.Folder folder = folder(shelf, path);
        Map<String, FileTree> opened = new HashMap<>();
        for (FileTree.Entry entry : folder.entries()) {
            if (entry.isFolder() && shown.startsWith(entry.path() + "/")) {
                opened.put(entry.path(), tree(shelf, entry.path(), shown));
            }
        }
        return new FileTree(shelf.base(), folder, opened, shown);
    }

    private static FileTree.Folder folder(FileShelf shelf, String path) {
        List<FileTree.Entry> all = shelf.list(path);
        List<FileTree.Entry> listed = all.subList(0, Math.min(all.size(), MOST_ENTRIES));
        return new FileTree.Folder(listed, all.size() - listed.size());
    }

    private static FilePreview preview(FileShelf shelf, String path) {
        return shelf.find(path).map(file -> FilePreviews.of(shelf, path, file)).orElseThrow(() -> missing(path));
    }

    static MillwrightException missing(String path) {
        return new MillwrightException(
                WebError.NO_SUCH_THING, "artifact: " + path + " (expected: one of those that the page lists)");
    }
}
