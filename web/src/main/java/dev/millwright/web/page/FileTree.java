package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * The files of a run or of a model version.
 *
 * @param base the address of the page that shows them
 * @param folder whose content this is; empty for all of it
 * @param omitted how many entries more there are
 * @param open the file that is looked at
 */
public record FileTree(String base, String folder, List<Entry> entries, int omitted, Optional<FilePreview> open) {
    public FileTree {
        entries = List.copyOf(entries);
    }

    /** A file or folder; {@code size} in bytes, 0 for a folder. */
    public record Entry(String name, String path, boolean isFolder, long size) {}

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The page with the file open. */
    public String href(Entry file) {
        return base + "?file=" + Paths.part(file.path()) + "#preview";
    }

    /** What stands in for the preview that is shown. */
    public String part(Entry file) {
        return base + "/preview?path=" + Paths.part(file.path());
    }

    /** What is in a folder. */
    public String inside(Entry folder) {
        return base + "/files?path=" + Paths.part(folder.path());
    }
}
