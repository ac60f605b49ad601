package dev.millwright.web;

import dev.millwright.registry.Artifact;
import dev.millwright.registry.Artifacts;
import dev.millwright.registry.ClientFile;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunArtifact;
import dev.millwright.web.page.FileTree.Entry;
import dev.millwright.web.page.Paths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of one run or model version: those that a pipeline made, and those that clients sent. They are found by name in
 * the registry, never on the disk.
 *
 * @param base the address of the page about it
 * @param made by a pipeline, by path
 * @param uri below which clients keep theirs; empty when there is none that this server keeps
 */
record FileShelf(Registry registry, String base, Map<String, Artifact> made, Optional<String> uri) {
    private static final String LOGGED_MODEL = "models:/";

    FileShelf {
        made = new TreeMap<>(made);
    }

    static FileShelf of(Registry registry, Run run) {
        Map<String, Artifact> made = new TreeMap<>();
        for (RunArtifact file : registry.runs().artifacts(run.id())) {
            made.put(file.path(), file.artifact());
        }
        return new FileShelf(
                registry,
                Paths.run(run.id()),
                made,
                Optional.of(run.artifactUri()).filter(registry.clientFiles()::keeps));
    }

    static FileShelf of(Registry registry, ModelVersion version) {
        return new FileShelf(
                registry,
                Paths.modelVersion(version.model(), version.version()),
                version.artifacts(),
                uri(registry, version).filter(registry.clientFiles()::keeps));
    }

    /** Where a client said that its files are: a logged model is named by its id. */
    private static Optional<String> uri(Registry registry, ModelVersion version) {
        String source = version.registration().source();
        if (!source.startsWith(LOGGED_MODEL)) {
            return Optional.of(source);
        }
        return version.registration()
                .loggedModelId()
                .map(id -> registry.loggedModels().load(id).artifactUri());
    }

    /** What lies directly in a folder: folders first, then files, by name. */
    List<Entry> list(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        Map<String, Entry> entries = new TreeMap<>();
        made.forEach((path, artifact) -> {
            if (path.startsWith(prefix)) {
                String rest = path.substring(prefix.length());
                int slash = rest.indexOf('/');
                String name = slash < 0 ? rest : rest.substring(0, slash);
                entries.putIfAbsent(name, new Entry(name, prefix + name, slash >= 0, slash < 0 ? artifact.size() : 0));
            }
        });
        uri.ifPresent(known -> registry.clientFiles()
                .list(known, folder)
                .forEach(entry -> entries.putIfAbsent(
                        entry.name(),
                        new Entry(entry.name(), prefix + entry.name(), entry.isDirectory(), entry.size()))));
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparing(entry -> !entry.isFolder()));
        return sorted;
    }

    Optional<ClientFile> find(String path) {
        Artifacts artifacts = registry.artifacts();
        Artifact own = made.get(path);
        if (own != null) {
            return Optional.of(new ClientFile(artifacts.path(own), own.size(), Optional.of(own.sha256())));
        }
        return uri.flatMap(known -> registry.clientFiles().find(known, path));
    }

    String href(String path) {
        return base + "/artifacts/" + Paths.parts(path);
    }
}
