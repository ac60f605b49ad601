package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.ArtifactFiles.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads the files that clients wrote into a directory of this machine. No path leaves it: neither by {@code ..}, however it
 * is encoded, nor by a symbolic link; and only plain files are read, never pipes or devices. Thread-safe.
 *
 * @param root without symbolic links
 */
record LocalFiles(Path root) {

    boolean holds(String uri) {
        return parse(uri).filter(path -> path.startsWith(root)).isPresent();
    }

    List<Entry> list(String uri, String directory) {
        Path folder = resolve(uri, directory);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().flatMap(child -> entry(child).stream()).toList();
        } catch (IOException | UncheckedIOException failed) {
            throw HomeDirectory.failure(folder, new IOException(failed));
        }
    }

    private static Optional<Entry> entry(Path child) {
        String name = String.valueOf(child.getFileName());
        return attributes(child).flatMap(found -> {
            if (found.isDirectory()) {
                return Optional.of(new Entry(name, true, 0));
            }
            return found.isRegularFile() ? Optional.of(new Entry(name, false, found.size())) : Optional.empty();
        });
    }

    Optional<ClientFile> find(String uri, String path) {
        Path file = resolve(uri, path);
        return attributes(file)
                .filter(BasicFileAttributes::isRegularFile)
                .map(found -> new ClientFile(file, found.size(), Optional.empty()));
    }

    Map<String, ClientFile> under(String uri) {
        Path folder = resolve(uri, "");
        Map<String, ClientFile> files = new TreeMap<>();
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return files;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        files.put(
                                folder.relativize(file).toString(),
                                new ClientFile(file, attributes.size(), Optional.empty()));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
            return files;
        } catch (IOException failed) {
            throw HomeDirectory.failure(folder, failed);
        }
    }

    private static Optional<BasicFileAttributes> attributes(Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty(); // also where a part of the path is a file, or no file system could hold the name
        }
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw HomeDirectory.failure(file, failed);
        }
    }

    /** The place of a path below a URI of this directory; refuses one on whose way there is a symbolic link. */
    private Path resolve(String uri, String relative) {
        Path path = parse(uri)
                .orElseThrow(() -> new InvalidInputException(
                        "Invalid path: " + uri + " (expected: a file: URI below " + root.toUri() + ", without '..')"));
        if (!relative.isEmpty()) {
            path = path.resolve(ArtifactFiles.requireSafe(relative));
        }
        Path at = root;
        for (Path name : root.relativize(path)) {
            at = at.resolve(name);
            if (Files.isSymbolicLink(at)) {
                throw new InvalidInputException("Invalid path: " + path + " (expected: no symbolic link, and " + at
                        + " is one). Log the file itself.");
            }
        }
        return path;
    }

    /** The path that a URI names, unless it could mean another one to somebody else. */
    private static Optional<Path> parse(String uri) {
        try {
            URI parsed = URI.create(uri);
            boolean plain = "file".equals(parsed.getScheme())
                    && parsed.getAuthority() == null
                    && parsed.getQuery() == null
                    && parsed.getFragment() == null;
            if (!plain) {
                return Optional.empty();
            }
            // By way of its text, since a slash that was encoded escapes the parsing of Path.of(URI).
            Path path = Path.of(Path.of(parsed).toString());
            return Optional.of(path).filter(found -> found.equals(found.normalize()));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
