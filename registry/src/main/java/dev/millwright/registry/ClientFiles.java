package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files below the URIs that runs, logged models and model versions name: those in the server's store, and those in the
 * directory that is the artifact root, if it is one. Nothing else is read, whatever a client says where its files are.
 * Thread-safe.
 */
public final class ClientFiles {
    private final ArtifactFiles sent;
    private final Artifacts artifacts;
    private final Optional<LocalFiles> local;

    ClientFiles(ArtifactFiles sent, Artifacts artifacts, ArtifactRoot root) {
        this.sent = sent;
        this.artifacts = artifacts;
        this.local = switch (root) {
            case ArtifactRoot.Server() -> Optional.empty();
            case ArtifactRoot.Directory(var path) -> Optional.of(new LocalFiles(path));
        };
    }

    /** Whether files under this URI can be read here at all. */
    public boolean keeps(String uri) {
        return uri.startsWith(Registry.ARTIFACT_ROOT)
                || local.filter(files -> files.holds(uri)).isPresent();
    }

    /**
     * What lies directly in a directory, by name; empty when there is no such directory.
     *
     * @param directory its path below the URI; empty for the URI itself
     * @throws InvalidInputException when the URI, or the path, leads to where this server keeps no files
     */
    public List<ArtifactFiles.Entry> list(String uri, String directory) {
        if (uri.startsWith(Registry.ARTIFACT_ROOT)) {
            return sent.list(join(stored(uri), directory));
        }
        return local(uri).list(uri, directory);
    }

    /** The file with this path below the URI. */
    public Optional<ClientFile> find(String uri, String path) {
        if (uri.startsWith(Registry.ARTIFACT_ROOT)) {
            return sent.find(join(stored(uri), path)).map(this::file);
        }
        return local(uri).find(uri, path);
    }

    /** All files below the URI that clients put there, by their path from there. */
    public Map<String, ClientFile> under(String uri) {
        if (uri.startsWith(Registry.ARTIFACT_ROOT)) {
            Map<String, ClientFile> files = new TreeMap<>();
            sent.under(stored(uri)).forEach((path, artifact) -> files.put(path, file(artifact)));
            return files;
        }
        return local(uri).under(uri);
    }

    private ClientFile file(Artifact artifact) {
        return new ClientFile(artifacts.path(artifact), artifact.size(), Optional.of(artifact.sha256()));
    }

    private static String stored(String uri) {
        String path = uri.substring(Registry.ARTIFACT_ROOT.length());
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private static String join(String directory, String path) {
        if (directory.isEmpty() || path.isEmpty()) {
            return directory + path;
        }
        return directory + "/" + path;
    }

    private LocalFiles local(String uri) {
        return local.filter(files -> files.holds(uri))
                .orElseThrow(() -> new InvalidInputException("artifacts at " + uri
                        + " are not kept by this server (expected: under " + Registry.ARTIFACT_ROOT
                        + local.map(files -> " or " + files.root().toUri()).orElse("") + "). Read them from there."));
    }
}
