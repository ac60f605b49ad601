package dev.millwright.web.page;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is in a folder of a run or of a model version.
 *
 * @param base the address of the page that shows them
 * @param opened the folders in this one that are open already, by their path
 * @param shown the path of the file that is looked at; empty for none
 */
public record FileTree(String base, Folder folder, Map<String, FileTree> opened, String shown) {
    public FileTree {
        opened = Map.copyOf(opened);
    }

    /**
     * What lies directly in a folder.
     *
     * @param omitted how many entries more there are
     */
    public record Folder(List<Entry> entries, int omitted) {
        public Folder {
            entries = List.copyOf(entries);
        }
    }

    /** A file or folder; {@code size} in bytes, 0 for a folder. */
    public record Entry(String name, String path, boolean isFolder, long size) {}

    public boolean isEmpty() {
        return folder.entries().isEmpty();
    }

    /** What is in a folder that is open already. */
    public Optional<FileTree> opened(Entry entry) {
        return Optional.ofNullable(opened.get(entry.path()));
    }

    /** Whether this file is looked at. */
    public boolean isShown(Entry file) {
        return file.path().equals(shown);
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
    public String inside(Entry entry) {
        return base + "/files?path=" + Paths.part(entry.path());
    }
}
