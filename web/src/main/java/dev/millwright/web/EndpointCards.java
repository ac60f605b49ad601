package dev.millwright.web;

import dev.millwright.monitoring.DriftOptions;
import dev.millwright.monitoring.MonitorEngine.Health;
import dev.millwright.monitoring.MonitorEvent.Kind;
import dev.millwright.monitoring.MonitorWindow;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.RolloutStatus;
import dev.millwright.registry.Served;
import dev.millwright.serving.StatisticsSnapshot;
import dev.millwright.serving.rollout.RolloutState;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.OverviewPage.EndpointCard;
import dev.millwright.web.page.OverviewPage.Traffic;
import dev.millwright.web.page.Sparkline;
import dev.millwright.web.page.Tone;
import dev.millwright.web.page.VersionShare;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Endpoints at a glance. */
final class EndpointCards {
    private static final double TOO_MANY_ERRORS = 0.01;
    private static final double MILLIS = 1e6;
    private static final String NEWCOMER = "candidate";

    private final Site site;

    EndpointCards(Site site) {
        this.site = site;
    }

    List<EndpointCard> all() {
        return site.registry().endpoints().list().stream().map(this::card).toList();
    }

    EndpointCard card(Endpoint endpoint) {
        TrafficMeter.Traffic traffic = site.traffic().of(endpoint.name());
        Optional<Health> watched = watched(endpoint.name());
        return new EndpointCard(
                endpoint.name(),
                health(endpoint, traffic, watched),
                shares(endpoint),
                traffic.total() == 0 ? Optional.empty() : Optional.of(figures(traffic)),
                watched.map(EndpointCards::drift).orElse(new Badge("not watched", Tone.QUIET)),
                new Sparkline(traffic.curve(), "Requests a second over the last minutes"));
    }

    private static Traffic figures(TrafficMeter.Traffic traffic) {
        double p99 = traffic.recent()
                .filter(counts -> counts.timed() > 0)
                .map(counts -> counts.latency(0.99).toNanos() / MILLIS)
                .orElse(Double.NaN);
        double errors = traffic.recent().map(StatisticsSnapshot::errorRate).orElse(0.0);
        return new Traffic(traffic.perSecond(), p99, errors, traffic.total());
    }

    private Badge health(Endpoint endpoint, TrafficMeter.Traffic traffic, Optional<Health> watched) {
        if (endpoint.rollout().versions().isEmpty()) {
            return new Badge("serves nothing yet", Tone.QUIET);
        }
        if (site.services().router().find(endpoint.name()).isEmpty()) {
            return new Badge("does not answer", Tone.BAD);
        }
        double errors = traffic.recent().map(StatisticsSnapshot::errorRate).orElse(0.0);
        if (errors > TOO_MANY_ERRORS) {
            return new Badge(Figures.percent(errors) + " errors", Tone.BAD);
        }
        Optional<RolloutState> rollout = rollout(endpoint.name());
        if (rollout.isPresent()) {
            return RolloutCards.badge(rollout.get());
        }
        boolean qualityFell =
                watched.filter(health -> health.open().contains(Kind.QUALITY)).isPresent();
        return qualityFell ? new Badge("quality fell", Tone.WARN) : new Badge("healthy", Tone.GOOD);
    }

    private static Badge drift(Health health) {
        if (health.open().contains(Kind.DRIFT)) {
            int columns = health.drift().map(report -> report.drifted().size()).orElse(0);
            return new Badge(
                    columns == 0 ? "drift" : "drift in " + Figures.counted(columns, "column", "columns"), Tone.WARN);
        }
        boolean judged =
                health.drift().filter(report -> report.rows() >= wanted(health)).isPresent();
        return judged ? new Badge("no drift", Tone.GOOD) : new Badge("too few rows to judge drift", Tone.QUIET);
    }

    /** Rows from which on drift is judged: enough for the test and, where the window is counted in rows, a whole one. */
    static long wanted(Health health) {
        long least = health.config().drift().map(DriftOptions::minimumRows).orElse(0L);
        return switch (health.config().window()) {
            case MonitorWindow.Lasting lasting -> least;
            case MonitorWindow.Rows(long rows) -> Math.max(least, rows);
        };
    }

    Optional<Health> watched(String endpoint) {
        return site.services().monitors().list().stream()
                .filter(health -> health.config().endpoint().equals(endpoint))
                .findFirst();
    }

    Optional<RolloutState> rollout(String endpoint) {
        return site.services().deployments().rollouts().find(endpoint);
    }

    /** What serves now, the newcomer first. */
    List<VersionShare> shares(Endpoint endpoint) {
        Optional<RolloutState> rollout = rollout(endpoint.name());
        List<Served> served = endpoint.rollout().versions().stream()
                .sorted(Comparator.comparingInt(Served::version).reversed())
                .toList();
        return shares(
                endpoint.model(),
                served,
                rollout.map(RolloutState::candidate),
                rollout.map(state -> role(state.strategy().label())).orElse(NEWCOMER));
    }

    /**
     * The parts of the traffic that an entry of the record tells of.
     *
     * @param versions the newcomer of a rollout first, as the record has them
     */
    List<VersionShare> shares(String model, RolloutStatus status, List<Served> versions) {
        Optional<Integer> candidate = status.isRollout() && versions.size() > 1
                ? Optional.of(versions.getFirst().version())
                : Optional.empty();
        return shares(model, versions, candidate, status == RolloutStatus.CANARY ? "canary" : NEWCOMER);
    }

    private static String role(String strategy) {
        return strategy.equals("canary") ? strategy : NEWCOMER;
    }

    private List<VersionShare> shares(
            String model, List<Served> versions, Optional<Integer> candidate, String newcomer) {
        return versions.stream()
                .map(served -> new VersionShare(
                        model,
                        served.version(),
                        site.versionName(model, served.version()),
                        role(served, candidate, newcomer),
                        served.percent() / 100))
                .toList();
    }

    private static String role(Served served, Optional<Integer> candidate, String newcomer) {
        if (served.role() == Served.Role.SHADOW) {
            return "shadow";
        }
        return candidate.equals(Optional.of(served.version())) ? newcomer : "champion";
    }
}
