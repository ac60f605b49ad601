package dev.millwright.app;

import dev.millwright.app.MlflowSource.SourceFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files that an MLflow database names on this machine: {@code file:} URIs and plain paths, and those of
 * {@code mlflow-artifacts:} in the folder in which that server kept them.
 *
 * @param base where relative paths begin: the database's folder
 * @param served the folder of {@code mlflow-artifacts:}, if there is one
 */
record MlflowFolders(Path base, Optional<Path> served) {
    private static final String SERVED = "mlflow-artifacts:";

    /** The folder that a URI names; an {@link IOException} when it is none of this machine. */
    Path folder(String uri) throws IOException {
        if (uri.startsWith(SERVED)) {
            String path =
                    uri.substring(SERVED.length()).replaceFirst("^//[^/]*", "").replaceFirst("^/+", "");
            Path root = served.orElseThrow(
                    () -> new IOException(
                            "the server kept them in a folder of its own; name it with --artifacts DIR (usually 'mlartifacts')"));
            return inside(root, path);
        }
        if (uri.startsWith("file:")) {
            try {
                return Path.of(URI.create(uri.replace(" ", "%20")));
            } catch (IllegalArgumentException malformed) {
                throw new IOException("no path of this machine", malformed);
            }
        }
        if (uri.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
            throw new IOException("only files of this machine can be read; import from the running server instead");
        }
        if (uri.isEmpty()) {
            throw new IOException("it does not say where they are");
        }
        return base.resolve(uri).normalize();
    }

    private static Path inside(Path root, String path) throws IOException {
        Path folder = root.resolve(path).normalize();
        if (!folder.startsWith(root.normalize())) {
            throw new IOException("the path leads out of " + root);
        }
        return folder;
    }

    /** The plain files in the folder that a URI names; none when there is no such folder, since nothing was logged then. */
    List<SourceFile> files(String uri) throws IOException {
        Path folder = folder(uri);
        List<SourceFile> files = new ArrayList<>();
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return files;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    String path = folder.relativize(file).toString().replace('\\', '/');
                    files.add(new SourceFile(path, attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
