package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where clients keep the files of experiments that are created from now on. */
public sealed interface ArtifactRoot {
    /** With the server, in its store: clients send and fetch them. */
    ArtifactRoot SERVER = new Server();

    /** The URI below which an experiment's files are, without a slash at its end. */
    String uri(String experimentId);

    /** The server's own store. */
    record Server() implements ArtifactRoot {
        @Override
        public String uri(String experimentId) {
            return Registry.ARTIFACT_ROOT + experimentId;
        }
    }

    /**
     * A directory of this machine, to which clients on it write by themselves. The server reads from it, and from nowhere
     * else.
     *
     * @param path absolute, without symbolic links
     */
    record Directory(Path path) implements ArtifactRoot {
        @Override
        public String uri(String experimentId) {
            // Path.toUri escapes what URIs may not hold; it ends in a slash only while the directory is there.
            String uri = path.resolve(experimentId).toUri().toString();
            return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        }
    }

    /**
     * Reads what a user said, and makes the directory.
     *
     * @param text {@code mlflow-artifacts:/} or {@code file:///DIR}
     * @param home the home whose server it is for; its files must not be among those that clients name
     * @throws InvalidInputException when it is neither, or the directory can't be used
     */
    static ArtifactRoot parse(String text, Path home) {
        if (text.equals(Registry.ARTIFACT_ROOT)) {
            return SERVER;
        }
        Path directory = directory(text);
        try {
            Files.createDirectories(directory);
            Path real = directory.toRealPath();
            Path realHome = HomeDirectory.create(home);
            if (real.startsWith(realHome) || realHome.startsWith(real)) {
                throw new InvalidInputException(
                        "--artifact-root: " + text + " (expected: a folder that neither holds the home " + realHome
                                + " nor lies in it, for its files can be fetched). Choose another.");
            }
            Files.delete(Files.createTempFile(real, ".millwright-", ".tmp"));
            return new Directory(real);
        } catch (IOException unusable) {
            throw new InvalidInputException(
                    "--artifact-root: " + text + " (expected: a folder that can be made and written to): " + unusable
                            + ". Choose another, or change its permissions.");
        }
    }

    private static Path directory(String text) {
        try {
            URI uri = new URI(text);
            boolean local = "file".equals(uri.getScheme())
                    && uri.getAuthority() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && uri.getPath() != null
                    && uri.getPath().startsWith("/");
            if (local) {
                return Path.of(uri).normalize();
            }
        } catch (URISyntaxException | IllegalArgumentException malformed) {
            // Falls through to the one message.
        }
        throw new InvalidInputException("--artifact-root: " + text
                + " (expected: mlflow-artifacts:/, or file:///DIR with an absolute path). With clients on other machines"
                + " leave it out.");
    }
}
