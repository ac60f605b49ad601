package dev.millwright.web;

import dev.millwright.core.Event;
import dev.millwright.registry.DatasetInput;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.PipelineRun;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.Tracking.FullRun;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.LoggedThings;
import dev.millwright.web.page.Paths;
import dev.millwright.web.page.RunRow.VersionLink;
import dev.millwright.web.page.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is known about a run, as its page tells it. */
final class RunFacts {
    private static final int TRIGGERS = 1_000;
    private static final String OF_CLIENTS = "mlflow.";
    private static final String NOTE = "mlflow.note.content";
    private static final String CONTEXT = "mlflow.data.context";
    private static final Map<String, String> TOLD = new TreeMap<>(Map.of(
            "mlflow.source.name", "Source",
            "mlflow.source.git.commit", "Git commit",
            "mlflow.source.git.branch", "Git branch",
            "mlflow.project.entryPoint", "Entry point"));

    private final Site site;

    RunFacts(Site site) {
        this.site = site;
    }

    List<Fact> about(FullRun full, Optional<PipelineRun> pipeline) {
        Run run = full.run();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "Experiment",
                site.registry().experiments().load(run.experimentId()).name(),
                Optional.of("/runs?experiment=" + Paths.part(run.experimentId()))));
        facts.add(new Fact("Kind", RunPages.label(run.kind())));
        if (!run.user().isEmpty()) {
            facts.add(new Fact("User", run.user()));
        }
        if (run.kind() == RunKind.PIPELINE) {
            cause(run).ifPresent(cause -> facts.add(new Fact("Started by", cause)));
        }
        run.parentId()
                .ifPresent(parent -> facts.add(new Fact(
                        "Part of run", site.registry().runs().load(parent).name(), Optional.of(Paths.run(parent)))));
        run.ended()
                .ifPresent(ended -> facts.add(new Fact("Took", Figures.seconds(Times.seconds(run.started(), ended)))));
        TOLD.forEach((tag, name) -> {
            String value = full.details().tags().get(tag);
            if (value != null) {
                facts.add(new Fact(name, value));
            }
        });
        pipeline.ifPresent(known -> known.settings().forEach((name, value) -> facts.add(setting(name, value))));
        return facts;
    }

    private static Fact setting(String name, String value) {
        return new Fact(
                switch (name) {
                    case "millwright.file" -> "File";
                    case "millwright.folder" -> "Folder";
                    default -> "${" + name + "}";
                },
                value);
    }

    /** Why the run was started, when no person did. */
    private Optional<String> cause(Run run) {
        return site
                .registry()
                .events()
                .list(EventFilter.newest().type("trigger.fired").limit(TRIGGERS))
                .stream()
                .filter(event -> run.id().equals(event.data().get("run")))
                .map(Event::data)
                .map(data -> "trigger: " + data.getOrDefault("cause", ""))
                .findFirst();
    }

    static List<Fact> of(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> new Fact(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** What a client logged; its own tags are left out, for what they say is told elsewhere. */
    LoggedThings logged(FullRun full, List<LoggedModel> models) {
        Map<String, String> tags = new TreeMap<>(full.details().tags());
        String note = tags.getOrDefault(NOTE, "");
        tags.keySet().removeIf(key -> key.startsWith(OF_CLIENTS));
        return new LoggedThings(
                note,
                of(tags),
                full.datasets().stream().map(RunFacts::row).toList(),
                models.stream().map(this::row).toList());
    }

    private static LoggedThings.DataRow row(DatasetInput input) {
        return new LoggedThings.DataRow(
                input.name(), input.digest(), input.sourceType(), input.tags().getOrDefault(CONTEXT, ""));
    }

    private LoggedThings.ModelRow row(LoggedModel model) {
        Badge status = switch (model.status()) {
            case PENDING -> new Badge("pending", Tone.BUSY);
            case READY -> new Badge("ready", Tone.GOOD);
            case UPLOAD_FAILED -> new Badge("upload failed", Tone.BAD);
        };
        return new LoggedThings.ModelRow(
                model.id(),
                model.name(),
                status,
                model.registrations().stream().map(this::link).toList());
    }

    private VersionLink link(String registration) {
        int slash = registration.lastIndexOf('/');
        String model = registration.substring(0, slash);
        int version = Integer.parseInt(registration.substring(slash + 1));
        return new VersionLink(model, version, site.versionName(model, version));
    }
}
