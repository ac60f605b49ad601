package dev.millwright.web;

import dev.millwright.registry.Artifact;
import dev.millwright.registry.ArtifactFiles;
import dev.millwright.registry.Artifacts;
import dev.millwright.registry.ClientFile;
import dev.millwright.registry.LoggedModel;
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
import java.util.function.Supplier;

/**
 * The files of one run or model version: those that a pipeline made, and those that clients sent. They are found by name in
 * the registry, never on the disk. Those of a model that a run logged are in a folder of the model's name, beneath what the
 * run has there itself.
 */
final class FileShelf {
    private static final String LOGGED_MODEL = "models:/";

    private final Registry registry;
    private final String base;
    private final Map<String, Artifact> made;
    private final Optional<String> sent;
    private final Supplier<List<LoggedModel>> models;

    private FileShelf(
            Registry registry,
            String base,
            Map<String, Artifact> made,
            Optional<String> sent,
            Supplier<List<LoggedModel>> models) {
        this.registry = registry;
        this.base = base;
        this.made = new TreeMap<>(made);
        this.sent = sent.filter(registry.clientFiles()::keeps);
        this.models = models;
    }

    /** The files of a run; its models are looked up when a file is none of its own. */
    static FileShelf of(Registry registry, Run run) {
        return of(registry, run, () -> registry.loggedModels().madeBy(run.id()));
    }

    static FileShelf of(Registry registry, Run run, List<LoggedModel> models) {
        return of(registry, run, () -> models);
    }

    private static FileShelf of(Registry registry, Run run, Supplier<List<LoggedModel>> models) {
        Map<String, Artifact> made = new TreeMap<>();
        for (RunArtifact file : registry.runs().artifacts(run.id())) {
            made.put(file.path(), file.artifact());
        }
        return new FileShelf(registry, Paths.run(run.id()), made, Optional.of(run.artifactUri()), models);
    }

    static FileShelf of(Registry registry, ModelVersion version) {
        return new FileShelf(
                registry,
                Paths.modelVersion(version.model(), version.version()),
                version.artifacts(),
                uri(registry, version),
                List::of);
    }

    /** The address of the page about it. */
    String base() {
        return base;
    }

    /** Where the files of models are, by the folder in which they are shown; of two with one name the newer. */
    private Map<String, String> ofModels() {
        Map<String, String> uris = new TreeMap<>();
        for (LoggedModel model : models.get()) {
            if (registry.clientFiles().keeps(model.artifactUri())) {
                uris.put(model.name().replace('/', '_'), model.artifactUri());
            }
        }
        return uris;
    }

    /** Where a client said that its files are: a logged model is named by its id. */
    private static Optional<String> uri(Registry registry, ModelVersion version) {
        String source = version.registration().source();
        if (!source.startsWith(LOGGED_MODEL)) {
            return Optional.of(source);
        }
        return version.registration()
                .loggedModelId()
                .flatMap(registry.loggedModels()::find)
                .map(LoggedModel::artifactUri);
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
        sent.ifPresent(uri -> addSent(entries, prefix, uri, folder));
        ofModels().forEach((place, uri) -> {
            below(place, folder).ifPresent(path -> addSent(entries, prefix, uri, path));
            if (folder.isEmpty()) {
                entries.putIfAbsent(place, new Entry(place, place, true, 0));
            }
        });
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparing(entry -> !entry.isFolder()));
        return sorted;
    }

    private void addSent(Map<String, Entry> entries, String prefix, String uri, String folder) {
        for (ArtifactFiles.Entry file : registry.clientFiles().list(uri, folder)) {
            entries.putIfAbsent(
                    file.name(), new Entry(file.name(), prefix + file.name(), file.isDirectory(), file.size()));
        }
    }

    Optional<ClientFile> find(String path) {
        Artifacts artifacts = registry.artifacts();
        Artifact own = made.get(path);
        if (own != null) {
            return Optional.of(new ClientFile(artifacts.path(own), own.size(), Optional.of(own.sha256())));
        }
        return sent.flatMap(uri -> registry.clientFiles().find(uri, path))
                .or(() -> ofModels().entrySet().stream()
                        .flatMap(model -> below(model.getKey(), path)
                                .flatMap(rest -> registry.clientFiles().find(model.getValue(), rest))
                                .stream())
                        .findFirst());
    }

    /** The rest of a path below the folder in which files are shown. */
    private static Optional<String> below(String place, String path) {
        if (path.equals(place)) {
            return Optional.of("");
        }
        return path.startsWith(place + "/") ? Optional.of(path.substring(place.length() + 1)) : Optional.empty();
    }

    String href(String path) {
        return base + "/artifacts/" + Paths.parts(path);
    }
}
