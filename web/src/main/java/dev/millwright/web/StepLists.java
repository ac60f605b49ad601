package dev.millwright.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.pipelines.RunEvent;
import dev.millwright.pipelines.RunJournal;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.Step;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.StepList;
import dev.millwright.web.page.StepList.Output;
import dev.millwright.web.page.StepList.StepRow;
import dev.millwright.web.page.StepList.Work;
import dev.millwright.web.page.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The steps of runs: from the registry, and for a run of this process what its journal adds. */
final class StepLists {
    private static final int LONGEST_VALUE = 120;

    private final Site site;

    StepLists(Site site) {
        this.site = site;
    }

    StepList of(Run run) {
        Map<String, StepRow> rows = new LinkedHashMap<>();
        for (Step step : site.registry().steps().list(run.id())) {
            rows.put(step.name(), row(step));
        }
        boolean live = run.status() == RunStatus.RUNNING;
        int total = 0;
        if (live) {
            for (RunJournal.Entry entry : entries(run)) {
                total = Math.max(total, follow(rows, entry.event()));
            }
        }
        return new StepList(
                run.id(), live, RunList.status(run.status()), List.copyOf(rows.values()), total, run.error());
    }

    private List<RunJournal.Entry> entries(Run run) {
        Optional<RunJournal> journal = site.services().runs().find(run.id());
        if (journal.isEmpty()) {
            return List.of();
        }
        try {
            return journal.get().after(0, Duration.ZERO);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Adds what the journal knows beyond the registry; gives the number of steps in all, 0 when it isn't told. */
    private static int follow(Map<String, StepRow> rows, RunEvent event) {
        switch (event) {
            case RunEvent.StepStarted started -> {
                rows.putIfAbsent(
                        started.step(),
                        new StepRow(
                                started.ordinal(),
                                started.step(),
                                new Badge("running", Tone.BUSY),
                                Optional.empty(),
                                false,
                                "",
                                Optional.empty(),
                                List.of()));
                return started.steps();
            }
            case RunEvent.StepProgress progress ->
                rows.computeIfPresent(
                        progress.step(),
                        (name, row) -> row.withWork(new Work(progress.what(), progress.done(), progress.total())));
            case RunEvent.StepPrinted printed ->
                rows.computeIfPresent(printed.step(), (name, row) -> row.withPrinted(printed.lines()));
            case RunEvent.StepFinished finished ->
                rows.computeIfPresent(finished.step(), (name, row) -> row.withSummary(finished.summary()));
            case RunEvent.StepFailed failed -> {}
            case RunEvent.RunEnded ended -> {}
        }
        return 0;
    }

    private static StepRow row(Step step) {
        JsonNode outputs = step.outputs().map(Json::tree).orElseGet(Json.MAPPER::createObjectNode);
        boolean reused = step.status() == dev.millwright.registry.StepStatus.REUSED;
        return new StepRow(
                step.ordinal(),
                step.name(),
                status(step),
                step.ended().map(ended -> Times.seconds(step.started(), ended)),
                reused,
                step.error().orElseGet(() -> summary(step.name(), outputs)),
                Optional.empty(),
                outputs(outputs));
    }

    private static Badge status(Step step) {
        return switch (step.status()) {
            case RUNNING -> new Badge("running", Tone.BUSY);
            case FINISHED -> new Badge("done", Tone.GOOD);
            case REUSED -> new Badge("unchanged", Tone.GOOD);
            case FAILED -> new Badge("failed", Tone.BAD);
            case INTERRUPTED -> new Badge("interrupted", Tone.WARN);
        };
    }

    /** One line from a step's stored outputs, as the run itself told it. */
    private static String summary(String name, JsonNode outputs) {
        String kind = name.contains(" ") ? name.substring(0, name.indexOf(' ')) : name;
        return switch (kind) {
            case "ingest" ->
                Figures.counted(outputs.path("rows").asLong(), "row", "rows")
                        + (outputs.path("quarantined").asLong() > 0
                                ? ", "
                                        + Figures.count(
                                                outputs.path("quarantined").asLong()) + " quarantined"
                                : "");
            case "features" ->
                Figures.count(outputs.path("train").asLong()) + " rows to train on, "
                        + Figures.count(outputs.path("validation").asLong()) + " to validate, "
                        + Figures.count(outputs.path("test").asLong()) + " to test";
            case "select" -> selected(outputs.path("features"));
            case "train" ->
                outputs.path("selection_score").isNumber()
                        ? Figures.metric(outputs.path("selection_score").asDouble()) + " on validation"
                        : "";
            case "register" ->
                outputs.path("model").asText() + " "
                        + outputs.path("semantic_version").asText();
            case "parity" ->
                Figures.counted(outputs.path("rows").asLong(), "row", "rows") + " replayed, largest difference "
                        + outputs.path("largest_difference").asText();
            case "gate" -> gates(outputs.path("gates"));
            case "deploy" ->
                outputs.path("endpoint").asText() + ": "
                        + outputs.path("reason").asText();
            default -> "";
        };
    }

    private static String selected(JsonNode features) {
        List<String> lines = new ArrayList<>();
        features.forEach(feature -> lines.add((feature.path("kept").asBoolean() ? "✓ " : "✗ ")
                + feature.path("feature").asText() + ": "
                + feature.path("reason").asText()));
        return String.join("\n", lines);
    }

    private static String gates(JsonNode gates) {
        List<String> reasons = new ArrayList<>();
        gates.forEach(gate -> reasons.add((gate.path("passed").asBoolean() ? "✓ " : "✗ ")
                + gate.path("gate").asText() + ": " + gate.path("reason").asText()));
        return reasons.isEmpty() ? "no gates" : String.join("\n", reasons);
    }

    /** The scalars among the outputs; what is nested deeper is on the pages of what was made. */
    private static List<Output> outputs(JsonNode outputs) {
        List<Output> facts = new ArrayList<>();
        outputs.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isValueNode() && !value.isNull() && value.asText().length() <= LONGEST_VALUE) {
                facts.add(new Output(entry.getKey(), value.asText()));
            } else if (value.has("sha256")) {
                facts.add(new Output(entry.getKey(), value.path("sha256").asText()));
            }
        });
        return facts;
    }
}
