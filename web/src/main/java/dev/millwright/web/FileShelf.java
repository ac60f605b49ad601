package dev.millwright.web;

import dev.millwright.registry.Artifact;
import dev.millwright.registry.Artifacts;
import dev.millwright.registry.ClientFile;
import dev.millwright.registry.Lifecycle;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunArtifact;
import dev.millwright.registry.RunModel;
import dev.millwright.registry.Tracking.FullRun;
import dev.millwright.web.page.FileTree.Entry;
import dev.millwright.web.page.Paths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of one run or model version: those that a pipeline made, and those that clients sent. They are found by name in
 * the registry, never on the disk.
 *
 * @param base the address of the page about it
 * @param made by a pipeline, by path
 * @param uris below which clients keep theirs, by the folder in which they are shown; the nameless one is all of it
 */
record FileShelf(Registry registry, String base, Map<String, Artifact> made, SortedMap<String, String> uris) {
    private static final String LOGGED_MODEL = "models:/";
    private static final String TOP = "";

    FileShelf {
        made = new TreeMap<>(made);
        uris = new TreeMap<>(uris);
        uris.values().removeIf(uri -> !registry.clientFiles().keeps(uri));
    }

    /** The files of a run, those of each model that it logged in a folder of the model's name. */
    static FileShelf of(Registry registry, Run run) {
        return of(registry, run, logged(registry, registry.tracking().load(run.id())));
    }

    /** The models that a run made and that are there still, the newest last. */
    static List<LoggedModel> logged(Registry registry, FullRun run) {
        return run.models().stream()
                .filter(model -> model.role() == RunModel.Role.OUTPUT)
                .sorted(Comparator.comparing(RunModel::step))
                .map(model -> registry.loggedModels().load(model.modelId()))
                .filter(model -> model.lifecycle() == Lifecycle.ACTIVE)
                .toList();
    }

    static FileShelf of(Registry registry, Run run, List<LoggedModel> models) {
        Map<String, Artifact> made = new TreeMap<>();
        for (RunArtifact file : registry.runs().artifacts(run.id())) {
            made.put(file.path(), file.artifact());
        }
        SortedMap<String, String> uris = new TreeMap<>(Map.of(TOP, run.artifactUri()));
        models.forEach(model -> uris.put(model.name().replace('/', '_'), model.artifactUri()));
        return new FileShelf(registry, Paths.run(run.id()), made, uris);
    }

    static FileShelf of(Registry registry, ModelVersion version) {
        SortedMap<String, String> uris = new TreeMap<>();
        uri(registry, version).ifPresent(uri -> uris.put(TOP, uri));
        return new FileShelf(
                registry, Paths.modelVersion(version.model(), version.version()), version.artifacts(), uris);
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
        uris.forEach((place, uri) -> {
            below(place, folder)
                    .ifPresent(path -> registry.clientFiles()
                            .list(uri, path)
                            .forEach(entry -> entries.putIfAbsent(
                                    entry.name(),
                                    new Entry(
                                            entry.name(), prefix + entry.name(), entry.isDirectory(), entry.size()))));
            if (folder.isEmpty() && !place.equals(TOP)) {
                entries.putIfAbsent(place, new Entry(place, place, true, 0));
            }
        });
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
        return uris.entrySet().stream()
                .flatMap(uri ->
                        below(uri.getKey(), path)
                                .flatMap(rest -> registry.clientFiles().find(uri.getValue(), rest))
                                .stream())
                .findFirst();
    }

    /** The rest of a path below the folder in which files are shown. */
    private static Optional<String> below(String place, String path) {
        if (place.equals(TOP)) {
            return Optional.of(path);
        }
        if (path.equals(place)) {
            return Optional.of("");
        }
        return path.startsWith(place + "/") ? Optional.of(path.substring(place.length() + 1)) : Optional.empty();
    }

    String href(String path) {
        return base + "/artifacts/" + Paths.parts(path);
    }
}
