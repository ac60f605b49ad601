package dev.millwright.web;

import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunDetails;
import dev.millwright.registry.RunStatus;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.RunRow;
import dev.millwright.web.page.Tone;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs as rows of lists. */
final class RunList {
    static final RunDetails NOTHING = new RunDetails(Map.of(), Map.of(), Map.of());

    private final Site site;

    RunList(Site site) {
        this.site = site;
    }

    List<RunRow> rows(List<Run> runs) {
        Map<String, RunDetails> details =
                site.registry().runs().details(runs.stream().map(Run::id).toList());
        return runs.stream()
                .map(run -> row(run, details.getOrDefault(run.id(), NOTHING)))
                .toList();
    }

    RunRow row(Run run, RunDetails details) {
        Optional<RunMetrics.Main> metric = RunMetrics.main(details);
        return new RunRow(
                run.id(),
                run.name(),
                run.pipeline().orElse(""),
                status(run.status()),
                site.moment(run.started()),
                run.ended().map(ended -> Times.seconds(run.started(), ended)),
                metric.map(RunMetrics.Main::name).orElse(""),
                metric.map(main -> main.value().value()),
                site.registry().models().madeBy(run.id()).stream().findFirst().map(RunList::link));
    }

    static RunRow.VersionLink link(ModelVersion version) {
        return new RunRow.VersionLink(
                version.model(), version.version(), version.semanticVersion().toString());
    }

    static Badge status(RunStatus status) {
        return switch (status) {
            case SCHEDULED -> new Badge("scheduled", Tone.QUIET);
            case RUNNING -> new Badge("running", Tone.BUSY);
            case FINISHED -> new Badge("finished", Tone.GOOD);
            case FAILED -> new Badge("failed", Tone.BAD);
            case KILLED -> new Badge("stopped", Tone.QUIET);
            case INTERRUPTED -> new Badge("interrupted", Tone.WARN);
            case REFUSED -> new Badge("refused", Tone.WARN);
        };
    }
}
