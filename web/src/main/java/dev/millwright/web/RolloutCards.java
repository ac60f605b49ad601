package dev.millwright.web;

import dev.millwright.pipelines.RolloutJson;
import dev.millwright.pipelines.RolloutView;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.TimelineEntry;
import dev.millwright.serving.rollout.QualityFigures;
import dev.millwright.serving.rollout.RolloutFigures;
import dev.millwright.serving.rollout.RolloutState;
import dev.millwright.serving.rollout.Shadow;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.RolloutPart;
import dev.millwright.web.page.RolloutPart.Decision;
import dev.millwright.web.page.RolloutPart.FiguresTable;
import dev.millwright.web.page.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rollouts for people: the one under way, and what was decided before. */
final class RolloutCards {
    private static final int DECISIONS = 8;

    private final Site site;

    RolloutCards(Site site) {
        this.site = site;
    }

    /** How an endpoint does whose rollout is under way. */
    static Badge badge(RolloutState state) {
        boolean follows = state.strategy() instanceof Shadow && state.stage() > 0;
        String name = follows ? "canary" : state.strategy().label().replace('_', '/');
        if (state.isPaused()) {
            return new Badge(name + " paused", Tone.WARN);
        }
        return new Badge(
                name.equals("canary") ? "canary at " + Figures.percent(state.share()) : name + " under way", Tone.BUSY);
    }

    /** The rollout under way. */
    Optional<RolloutPart> find(Endpoint endpoint) {
        return site.services()
                .deployments()
                .rollouts()
                .findView(endpoint.name())
                .map(rollout -> new RolloutPart(
                        rollout.strategy().replace('_', '/'),
                        standing(rollout),
                        rollout.stages(),
                        rollout.stages().indexOf(rollout.stage()),
                        rollout.pausedSince().isPresent()
                                ? Optional.empty()
                                : rollout.stageEnds().map(site::moment),
                        rollout.rollBackIf(),
                        table(endpoint.model(), rollout.figures())));
    }

    private static String standing(RolloutView rollout) {
        if (rollout.pausedSince().isPresent()) {
            return "paused";
        }
        return rollout.stages().size() == 1
                ? "under way"
                : "stage " + (rollout.stages().indexOf(rollout.stage()) + 1) + " of "
                        + rollout.stages().size();
    }

    /** What was decided lately, the newest first, with figures where it rests on some. */
    List<Decision> decisions(Endpoint endpoint) {
        List<TimelineEntry> entries = site.registry().endpoints().timeline(endpoint.name());
        return entries.reversed().stream()
                .limit(DECISIONS)
                .map(entry -> new Decision(
                        entry.sequence(),
                        site.moment(entry.time()),
                        entry.change().substring("endpoint.".length()).replace('_', ' '),
                        entry.reason(),
                        entry.figures().map(RolloutJson::readFigures).map(figures -> table(entry.model(), figures))))
                .toList();
    }

    private FiguresTable table(String model, RolloutFigures figures) {
        List<RolloutPart.Row> rows = figures.versions().stream()
                .map(counts -> row(model, counts, figures.quality()))
                .toList();
        return new FiguresTable(rows, figures.quality().map(QualityFigures::score), facts(figures));
    }

    private RolloutPart.Row row(String model, RolloutFigures.VersionCounts counts, Optional<QualityFigures> quality) {
        boolean none = counts.requests() == 0;
        return new RolloutPart.Row(
                site.versionName(model, counts.version()),
                counts.requests(),
                none ? Double.NaN : (double) counts.failures() / counts.requests(),
                none ? Double.NaN : counts.p50Millis(),
                none ? Double.NaN : counts.p99Millis(),
                quality.stream()
                        .flatMap(found -> found.versions().stream())
                        .filter(found -> found.version() == counts.version())
                        .map(found ->
                                new RolloutPart.Quality(found.labels(), found.mean(), found.lower(), found.upper()))
                        .findFirst());
    }

    private static List<Fact> facts(RolloutFigures figures) {
        List<Fact> facts = new ArrayList<>();
        figures.outputPsi().ifPresent(psi -> facts.add(new Fact("Shift of answers", "PSI " + Figures.plain(psi))));
        figures.disagreement().ifPresent(found -> {
            facts.add(new Fact(
                    "Rows that disagree with the champion's",
                    Figures.percent(found.share()) + " of " + Figures.counted(found.rows(), "row", "rows")));
            facts.add(new Fact(
                    "Scores differ by",
                    Figures.metric(found.meanDifference()) + " on average, " + Figures.metric(found.largestDifference())
                            + " at most"));
        });
        figures.quality()
                .ifPresent(quality -> quality.difference()
                        .ifPresent(found -> facts.add(new Fact(
                                "Candidate minus champion",
                                Figures.metric(found.mean()) + " [" + Figures.plain(found.lower()) + ", "
                                        + Figures.plain(found.upper()) + "] in " + quality.score() + ", alpha "
                                        + Figures.percent(quality.alpha())))));
        return facts;
    }
}
