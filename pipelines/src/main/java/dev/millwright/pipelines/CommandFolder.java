package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.TrainingVariables.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of one command while it runs; removed when it is closed. */
final class CommandFolder implements AutoCloseable {
    private final Path root;
    private final Places places;

    private CommandFolder(Path root) {
        this.root = root;
        this.places = Places.in(root);
    }

    static CommandFolder make(Path root) {
        CommandFolder folder = new CommandFolder(root);
        try {
            Files.createDirectories(folder.places.output());
            return folder;
        } catch (IOException failed) {
            throw failure(root, failed);
        }
    }

    Places places() {
        return places;
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw failure(file, failed);
        }
    }

    /** What the command left in its output folder, by the path from there; links are not followed. */
    Map<String, Path> files() {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(places.output())) {
            all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .forEach(file -> files.put(
                            places.output().relativize(file).toString().replace('\\', '/'), file));
            return files;
        } catch (IOException | UncheckedIOException failed) {
            throw failure(places.output(), failed);
        }
    }

    static String mediaType(String name) {
        return Objects.requireNonNullElse(URLConnection.guessContentTypeFromName(name), "application/octet-stream");
    }

    @Override
    public void close() {
        removeAll(root);
    }

    /** Removes a folder with all that is in it; one that is not there is no mistake. */
    static void removeAll(Path root) {
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException failed) {
            throw failure(root, failed);
        }
    }

    private static MillwrightException failure(Path path, Exception cause) {
        return new MillwrightException(
                PipelineError.HOME_FAILED,
                path + ": " + cause.getMessage()
                        + " (expected: a writable disk with free space). Make room, then retry.",
                cause);
    }
}
