package dev.millwright.web.page;

import java.util.Optional;

/** The files of a run or model version beside the one that is looked at. */
public record FileBrowser(FileTree tree, Optional<FilePreview> preview) {}
