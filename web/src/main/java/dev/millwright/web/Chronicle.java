package dev.millwright.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.core.Event;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunKind;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.Happening;
import dev.millwright.web.page.Paths;
import dev.millwright.web.page.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells the event record as what happened to models and endpoints, in a person's words. */
final class Chronicle {
    private static final int BATCH = 1_000;
    private static final int MOST_BATCHES = 20;
    private static final Pattern RUN_ID = Pattern.compile("\\b([0-9a-f]{12})[0-9a-f]{20}\\b");

    private final Site site;

    Chronicle(Site site) {
        this.site = site;
    }

    /**
     * Part of the story.
     *
     * @param before the number to ask with for what was earlier, when there is more
     */
    record Part(List<Happening> happenings, Optional<Long> before) {}

    /**
     * The newest first.
     *
     * @param before only what is older than this entry of the record; 0 for the newest
     * @param endpoint only what concerns this one, its model included
     */
    Part tell(int most, long before, Optional<String> endpoint) {
        Optional<String> model =
                endpoint.flatMap(name -> site.registry().endpoints().find(name)).map(found -> found.model());
        List<Happening> told = new ArrayList<>();
        long from = before;
        for (int batch = 0; batch < MOST_BATCHES; batch++) {
            List<Event> events = site.registry()
                    .events()
                    .list(new EventFilter(
                            from, Optional.empty(), Optional.empty(), BATCH, EventFilter.Order.NEWEST_FIRST));
            for (Event event : events) {
                if (endpoint.isEmpty() || concerns(event, endpoint.get(), model)) {
                    happening(event).ifPresent(told::add);
                }
                if (told.size() == most) {
                    return new Part(told, event.sequence() > 1 ? Optional.of(event.sequence()) : Optional.empty());
                }
            }
            if (events.size() < BATCH) {
                return new Part(told, Optional.empty());
            }
            from = events.getLast().sequence();
        }
        return new Part(told, Optional.of(from));
    }

    private boolean concerns(Event event, String endpoint, Optional<String> model) {
        return switch (noun(event)) {
            case "endpoint", "alert", "trigger" -> event.subject().equals(endpoint);
            case "model_version" ->
                model.filter(name -> event.subject().startsWith(name + "/")).isPresent();
            case "run" -> model.isPresent() && run(event).flatMap(Run::pipeline).equals(model);
            default -> false;
        };
    }

    private static String noun(Event event) {
        return event.type().substring(0, event.type().indexOf('.'));
    }

    private Optional<Run> run(Event event) {
        return site.registry().runs().findByPrefix(event.subject());
    }

    /** What the entry means to people; empty for book-keeping. */
    private Optional<Happening> happening(Event event) {
        return switch (noun(event)) {
            case "endpoint" -> endpoint(event);
            case "alert" -> alert(event);
            case "trigger" -> trigger(event);
            case "model_version" -> modelVersion(event);
            case "run" -> runEnded(event);
            default -> Optional.empty();
        };
    }

    private Optional<Happening> endpoint(Event event) {
        String name = event.subject();
        String newest = newest(event);
        return switch (event.type()) {
            case "endpoint.canary_started" ->
                told(event, Tone.BUSY, name + ": canary of " + newest + " begins", reason(event), Paths.endpoint(name));
            case "endpoint.canary_advanced" ->
                told(
                        event,
                        Tone.BUSY,
                        name + ": canary of " + newest + " goes on",
                        reason(event),
                        Paths.endpoint(name));
            case "endpoint.shadow_started", "endpoint.rollout_started" ->
                told(
                        event,
                        Tone.BUSY,
                        name + ": rollout of " + newest + " begins",
                        reason(event),
                        Paths.endpoint(name));
            case "endpoint.rollout_advanced" ->
                told(
                        event,
                        Tone.BUSY,
                        name + ": rollout of " + newest + " goes on",
                        reason(event),
                        Paths.endpoint(name));
            case "endpoint.promoted" ->
                told(event, Tone.GOOD, name + ": " + newest + " serves", reason(event), Paths.endpoint(name));
            case "endpoint.rolled_back" ->
                told(event, Tone.BAD, name + ": rolled back to " + newest, reason(event), Paths.endpoint(name));
            case "endpoint.created" -> Optional.empty();
            default ->
                told(
                        event,
                        Tone.QUIET,
                        name + ": "
                                + event.type().substring("endpoint.".length()).replace('_', ' '),
                        reason(event),
                        Paths.endpoint(name));
        };
    }

    /** The version that an endpoint's event is about: the newcomer stands first. */
    private String newest(Event event) {
        JsonNode versions = Json.tree(event.data().getOrDefault("versions", "[]"));
        return versions.isEmpty()
                ? "nothing"
                : site.versionName(
                        event.data().getOrDefault("model", ""),
                        versions.get(0).path("version").asInt());
    }

    private Optional<Happening> alert(Event event) {
        String name = event.subject();
        String kind = event.data().getOrDefault("kind", "alert");
        String about = event.data().getOrDefault("about", "");
        String what = kind.equals("quality") ? "quality fell" : kind + (about.isEmpty() ? "" : " in " + about);
        return switch (event.type()) {
            case "alert.opened" -> told(event, Tone.WARN, name + ": " + what, reason(event), Paths.monitor(name));
            case "alert.closed" ->
                told(event, Tone.QUIET, name + ": " + kind + " alert closed", reason(event), Paths.monitor(name));
            default -> Optional.empty();
        };
    }

    private Optional<Happening> trigger(Event event) {
        String name = event.subject();
        String cause = event.data().getOrDefault("cause", "");
        return switch (event.type()) {
            case "trigger.fired" ->
                told(
                        event,
                        Tone.BUSY,
                        name + ": retraining begins",
                        cause,
                        Paths.run(event.data().getOrDefault("run", "")));
            case "trigger.skipped" ->
                told(event, Tone.QUIET, name + ": not retrained", reason(event), Paths.monitor(name));
            case "trigger.failed" ->
                told(event, Tone.BAD, name + ": retraining could not begin", reason(event), Paths.monitor(name));
            default -> Optional.empty();
        };
    }

    private Optional<Happening> modelVersion(Event event) {
        int slash = event.subject().lastIndexOf('/');
        if (!event.type().equals("model_version.registered") || slash < 0) {
            // A refusal is told by the run that ended with it.
            return Optional.empty();
        }
        String model = event.subject().substring(0, slash);
        int version = Integer.parseInt(event.subject().substring(slash + 1));
        return told(
                event,
                Tone.QUIET,
                model + " " + event.data().getOrDefault("semantic_version", "v" + version) + " registered",
                "",
                Paths.modelVersion(model, version));
    }

    private Optional<Happening> runEnded(Event event) {
        Optional<Run> known = run(event).filter(run -> run.kind() == RunKind.PIPELINE);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Run run = known.get();
        String title = "Run of " + run.pipeline().orElse(run.name());
        String error = event.data().getOrDefault("error", "");
        return switch (event.type()) {
            case "run.refused" -> told(event, Tone.WARN, title + " was refused", error, Paths.run(run.id()));
            case "run.failed" -> told(event, Tone.BAD, title + " failed", error, Paths.run(run.id()));
            case "run.interrupted" ->
                told(
                        event,
                        Tone.WARN,
                        title + " was interrupted",
                        "go on with ./millwright run --resume " + run.id(),
                        Paths.run(run.id()));
            case "run.killed" -> told(event, Tone.QUIET, title + " was stopped", error, Paths.run(run.id()));
            case "run.finished" -> told(event, Tone.GOOD, title + " finished", took(run), Paths.run(run.id()));
            default -> Optional.empty();
        };
    }

    private static String took(Run run) {
        return run.ended()
                .map(ended -> "in " + Figures.seconds(Times.seconds(run.started(), ended)))
                .orElse("");
    }

    /** Ids of runs as short as they still differ. */
    private static String shortened(String text) {
        return RUN_ID.matcher(text).replaceAll("$1");
    }

    private static String reason(Event event) {
        return event.data().getOrDefault("reason", "");
    }

    private Optional<Happening> told(Event event, Tone tone, String title, String detail, String href) {
        return Optional.of(new Happening(site.moment(event.time()), tone, title, shortened(detail), Optional.of(href)));
    }
}
