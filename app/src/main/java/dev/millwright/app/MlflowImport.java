package dev.millwright.app;

import dev.millwright.app.ImportLedger.Kind;
import dev.millwright.app.MlflowSource.Place;
import dev.millwright.app.MlflowSource.SourceExperiment;
import dev.millwright.app.MlflowSource.SourceFile;
import dev.millwright.app.MlflowSource.SourceModel;
import dev.millwright.app.MlflowSource.SourceRun;
import dev.millwright.app.MlflowSource.SourceVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Experiment;
import dev.millwright.registry.ImportedRun;
import dev.millwright.registry.ImportedVersion;
import dev.millwright.registry.Imports;
import dev.millwright.registry.Lifecycle;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.NewExperiment;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunModel;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.TrackedRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Brings over what an MLflow holds: experiments by their names, runs and logged models with their ids, registered models with
 * the numbers of their versions. Whatever can't come is in the report; nothing of it stops the rest.
 */
final class MlflowImport {
    private final MlflowSource source;
    private final Registry registry;
    private final Imports imports;
    private final ImportLedger ledger;
    private final ImportReport report;
    /** Where the files of runs and logged models were, and where they are now. */
    private final Map<String, String> moved = new LinkedHashMap<>();

    private final Map<String, String> parents = new HashMap<>();

    MlflowImport(MlflowSource source, Registry registry, ImportLedger ledger) {
        this.source = source;
        this.registry = registry;
        this.imports = registry.imports();
        this.ledger = ledger;
        this.report = new ImportReport(source.name());
    }

    /**
     * Does it all.
     *
     * @param progress told how many runs are done
     */
    ImportReport run(LongConsumer progress) throws IOException {
        // The oldest first, so that their numbers stay in their order, and are often the same.
        List<SourceExperiment> experiments = source.experiments().stream()
                .sorted(Comparator.comparing(SourceExperiment::created).thenComparing(SourceExperiment::id))
                .toList();
        Map<String, String> ids = new LinkedHashMap<>();
        for (SourceExperiment experiment : experiments) {
            ids.put(experiment.id(), experiment(experiment));
        }
        long[] done = {0};
        for (Map.Entry<String, String> experiment : ids.entrySet()) {
            Map<String, List<RunModel>> models = new LinkedHashMap<>();
            source.runs(experiment.getKey(), run -> {
                models.put(here(run.id()), run.models());
                run(run, experiment.getValue());
                progress.accept(++done[0]);
            });
            for (SourceModel model : source.loggedModels(experiment.getKey())) {
                loggedModel(model.model(), experiment.getValue());
            }
            models.forEach((run, used) -> {
                if (!used.isEmpty()) {
                    imports.models(run, used);
                }
            });
        }
        parents.forEach(imports::nest);
        for (RegisteredModel model : source.registeredModels()) {
            registeredModel(model);
        }
        report.left(source.leftBehind(experiments));
        return report;
    }

    /** The experiment here: the one that an earlier import made, else one of that name, else a new one. */
    private String experiment(SourceExperiment experiment) {
        Optional<String> before = ledger.find(Kind.EXPERIMENT, experiment.id());
        if (before.isPresent()) {
            return before.get();
        }
        Optional<Experiment> known = registry.experiments().findByName(experiment.name());
        String id;
        if (known.isPresent()) {
            id = known.get().id();
            if (known.get().lifecycle() == Lifecycle.ACTIVE) {
                experiment.tags().forEach((key, value) -> tag(id, key, value));
            }
            report.mapped(experiment.name(), experiment.id(), id);
        } else {
            id = imports.experiment(
                            new NewExperiment(experiment.name(), Optional.empty(), experiment.tags()),
                            experiment.created(),
                            experiment.updated(),
                            experiment.deleted())
                    .id();
            report.experiment();
        }
        ledger.note(Kind.EXPERIMENT, experiment.id(), id);
        return id;
    }

    private void tag(String experiment, String key, String value) {
        if (!registry.experiments().load(experiment).tags().containsKey(key)) {
            registry.experiments().setTag(experiment, key, value);
        }
    }

    /** The id that a run has, or is to have, here. */
    private String here(String runId) {
        return ledger.find(Kind.RUN, runId).orElseGet(() -> {
            String id = ImportedRun.isId(runId) ? runId : imports.newRunId();
            if (!id.equals(runId)) {
                ledger.note(Kind.RUN, runId, id);
            }
            return id;
        });
    }

    private void run(SourceRun run, String experimentId) {
        String id = here(run.id());
        Map<String, String> tags = new HashMap<>(run.tags());
        Optional.ofNullable(tags.get(TrackedRun.PARENT_TAG)).ifPresent(parent -> {
            tags.put(TrackedRun.PARENT_TAG, here(parent));
            parents.put(id, here(parent));
        });
        if (ledger.find(Kind.WHOLE_RUN, run.id()).isPresent()) {
            moved.put(run.artifactUri(), registry.tracking().load(id).run().artifactUri());
            parents.remove(id);
            report.runFromBefore();
            return;
        }
        Run made = imports.run(new ImportedRun(
                id,
                experimentId,
                run.name().isBlank() ? id.substring(0, 8) : run.name(),
                run.user(),
                run.status(),
                run.started(),
                run.ended(),
                run.deleted(),
                run.params(),
                tags,
                run.datasets()));
        moved.put(run.artifactUri(), made.artifactUri());
        run.metrics().forEach(key -> metric(run.id(), id, key));
        boolean whole =
                files(new MlflowSource.OfRun(run.id(), run.artifactUri()), "run " + run.id(), made.artifactUri());
        if (whole && run.status() != RunStatus.RUNNING && run.status() != RunStatus.SCHEDULED) {
            ledger.note(Kind.WHOLE_RUN, run.id(), id);
        }
        report.run();
    }

    private void metric(String from, String to, String key) {
        try {
            source.history(from, key, values -> {
                registry.runs().logMetrics(to, values);
                report.metricValues(values.size());
            });
        } catch (InvalidInputException unfit) {
            report.left("metric", "run " + from, key + ": " + unfit.getMessage());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Copies files; false when some of them may come another time. What is there already in this size stays. */
    private boolean files(Place place, String of, String to) {
        List<SourceFile> files;
        try {
            files = source.files(place);
        } catch (IOException unreadable) {
            report.left("artifacts", of, "at " + place.uri() + ": " + unreadable.getMessage());
            return false;
        }
        boolean whole = true;
        for (SourceFile file : files) {
            whole &= file(place, file, of, to.substring(Registry.ARTIFACT_ROOT.length()) + "/" + file.path());
        }
        return whole;
    }

    private boolean file(Place place, SourceFile file, String of, String path) {
        try {
            boolean there = registry.artifactFiles()
                    .find(path)
                    .filter(found -> found.size() == file.size())
                    .isPresent();
            if (!there) {
                try (InputStream bytes = source.open(place, file.path())) {
                    report.file(registry.artifactFiles().put(path, bytes).size());
                }
            }
            return true;
        } catch (InvalidInputException | IOException failed) {
            report.left("file", of, file.path() + ": " + failed.getMessage());
            return failed instanceof InvalidInputException;
        }
    }

    private void loggedModel(LoggedModel model, String experimentId) {
        Optional<String> run = model.sourceRunId().map(this::here).filter(this::isHere);
        List<LoggedModel.RunMetric> metrics = new ArrayList<>();
        model.metrics().forEach(each -> metrics.add(new LoggedModel.RunMetric(here(each.runId()), each.metric())));
        LoggedModel made = imports.loggedModel(new LoggedModel(
                model.id(),
                experimentId,
                model.name(),
                model.modelType(),
                run,
                model.artifactUri(),
                model.status(),
                model.statusMessage(),
                model.created(),
                model.updated(),
                model.lifecycle(),
                model.params(),
                model.tags(),
                metrics,
                List.of()));
        moved.put(model.artifactUri(), made.artifactUri());
        if (ledger.find(Kind.WHOLE_MODEL, model.id()).isEmpty()) {
            boolean whole = files(
                    new MlflowSource.OfModel(model.id(), model.artifactUri()),
                    "logged model " + model.id(),
                    made.artifactUri());
            if (whole && model.status() != LoggedModel.Status.PENDING) {
                ledger.note(Kind.WHOLE_MODEL, model.id(), model.id());
            }
            report.loggedModel();
        }
    }

    private boolean isHere(String runId) {
        return registry.runs().findByPrefix(runId).isPresent();
    }

    private void registeredModel(RegisteredModel model) throws IOException {
        if (model.tags().containsKey("mlflow.prompt.is_prompt")) {
            report.left("prompt", model.name(), "there are no prompts here");
            return;
        }
        try {
            imports.registeredModel(model);
        } catch (InvalidInputException unfit) {
            report.left("registered model", model.name(), String.valueOf(unfit.getMessage()));
            return;
        }
        report.registeredModel();
        for (SourceVersion version : source.versions(model.name())) {
            version(model.name(), version);
        }
        model.aliases().forEach((alias, version) -> alias(model.name(), alias, version));
    }

    private void version(String model, SourceVersion version) {
        String name = model + "/" + version.version();
        Optional<String> files = moved.entrySet().stream()
                .filter(place -> isUnder(version.source(), place.getKey()))
                .findFirst()
                .map(place -> place.getValue()
                        + version.source().substring(place.getKey().length()));
        if (files.isEmpty() && !version.source().startsWith("models:/")) {
            report.left("files of a model version", name, "they are at " + version.source() + ", and stay there");
        }
        boolean kept = imports.version(new ImportedVersion(
                        model,
                        version.version(),
                        files.orElse(version.source()),
                        version.runId().map(this::here).filter(this::isHere),
                        version.loggedModelId().filter(this::isLoggedHere),
                        version.runLink(),
                        version.description(),
                        version.user(),
                        version.stage(),
                        version.created(),
                        version.updated(),
                        version.tags()))
                .isPresent();
        if (kept) {
            report.version();
        } else {
            report.left("model version", name, "another version has this number here");
        }
    }

    private static boolean isUnder(String uri, String place) {
        return !place.isEmpty() && (uri.equals(place) || uri.startsWith(place + "/"));
    }

    private boolean isLoggedHere(String id) {
        return moved.values().stream().anyMatch(place -> place.endsWith("/models/" + id + "/artifacts"));
    }

    private void alias(String model, String alias, int version) {
        boolean serves = registry.endpoints().list().stream()
                .anyMatch(endpoint -> endpoint.model().equals(model));
        if (alias.equals(RegisteredModel.CHAMPION) && serves) {
            report.left("alias", model + "@" + alias, "an endpoint serves the model here: deploy the version instead");
            return;
        }
        try {
            registry.models().setAlias(model, alias, version);
            report.alias();
        } catch (MillwrightException unfit) {
            report.left("alias", model + "@" + alias, String.valueOf(unfit.getMessage()));
        }
    }
}
