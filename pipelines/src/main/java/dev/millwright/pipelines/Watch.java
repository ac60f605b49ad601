package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.evaluation.Evaluator;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.evaluation.MetricValue;
import dev.millwright.evaluation.Metrics;
import dev.millwright.monitoring.AlertSink;
import dev.millwright.monitoring.DriftOptions;
import dev.millwright.monitoring.MonitorConfig;
import dev.millwright.monitoring.MonitorEngine;
import dev.millwright.monitoring.MonitorEvent;
import dev.millwright.monitoring.MonitorWindow;
import dev.millwright.monitoring.PredictionHistory;
import dev.millwright.monitoring.QualityMonitor;
import dev.millwright.monitoring.ReferenceProfile;
import dev.millwright.monitoring.WebhookAlertSink;
import dev.millwright.monitoring.WebhookOptions;
import dev.millwright.pipelines.PipelineFile.MonitorPlan;
import dev.millwright.pipelines.PipelineFile.OnBreach;
import dev.millwright.pipelines.PipelineFile.Quality;
import dev.millwright.pipelines.PipelineFile.Window;
import dev.millwright.registry.Alert;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.PipelineRun;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RolloutStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Watches what serves: each endpoint by the plan of the pipeline that made its champion. An alert goes on the record and,
 * where the plan says so, starts the pipeline again. Thread-safe.
 */
public final class Watch implements AlertSink, AutoCloseable {
    private static final int RESAMPLES = 200;
    private static final long SEED = 14;
    private static final int JUDGED_PER_WINDOW = 24;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LABELS_OF_COUNTED_WINDOW = Duration.ofDays(7);
    private static final int LABEL_PATIENCE = 7;
    private static final int CLOSE_AFTER = 2;
    private static final double ALPHA = 0.01;
    private static final long MINIMUM_ROWS = 200;

    private final Registry registry;
    private final RunDesk desk;
    private final PredictionHistory history;
    private final InstantSource clock;
    private final Origins origins;
    private final ThreadFactory threads;
    private final Map<String, WebhookAlertSink> webhooks = new ConcurrentHashMap<>();
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private final Map<String, Retraining> retraining = new ConcurrentHashMap<>();

    /**
     * What is watched on an endpoint.
     *
     * @param origin the run whose file says how, or the inference graph that does
     */
    private record Watched(int version, String origin, Optional<MonitorPlan> plan) {}

    /**
     * The last retraining of an endpoint.
     *
     * @param version the champion that it was to replace
     * @param pause before it is tried again
     */
    private record Retraining(int version, RunDesk.Ticket ticket, Instant started, Duration pause) {}

    /**
     * Makes a watch.
     *
     * @param history the prediction log, from which windows are filled again after a restart
     * @param threads makes a thread for each webhook
     */
    public Watch(
            Registry registry, RunDesk desk, PredictionHistory history, InstantSource clock, ThreadFactory threads) {
        this.registry = registry;
        this.threads = threads;
        this.desk = desk;
        this.history = history;
        this.clock = clock;
        this.origins = new Origins(registry);
    }

    /** Lets the engine watch the champion of each endpoint; call it after every change of what serves, or often. */
    public void follow(MonitorEngine engine) {
        for (Endpoint endpoint : registry.endpoints().list()) {
            if (endpoint.rollout().status() != RolloutStatus.STEADY) {
                continue;
            }
            follow(engine, endpoint, endpoint.rollout().versions().getFirst().version());
        }
    }

    private void follow(MonitorEngine engine, Endpoint endpoint, int version) {
        ModelVersion champion = registry.models().load(endpoint.model(), version);
        boolean isPipelines = origins.isPipelines(champion);
        if (!isPipelines && !champion.isInferenceGraph()) {
            watched.remove(endpoint.name());
            engine.unwatch(endpoint.name());
            return;
        }
        Optional<PipelineRun> run = isPipelines ? Optional.of(origins.latestRun(champion)) : Optional.empty();
        String origin = run.map(found -> found.run().id()).orElse(champion.id());
        Watched before = watched.get(endpoint.name());
        if (before != null && before.version() == version && before.origin().equals(origin)) {
            run.ifPresent(found -> tryAgain(engine, endpoint, version));
            return;
        }
        Watched now = new Watched(
                version,
                origin,
                run.map(found -> origins.file(found).monitor())
                        .orElseGet(() -> StoredGraph.monitor(registry, champion)));
        watched.put(endpoint.name(), now);
        if (before != null && before.version() == version && before.plan().equals(now.plan())) {
            return;
        }
        // The engine begins anew, so what it had noticed is not known to it any more and would stay open for ever.
        closeAlerts(endpoint.name(), reason(before, now));
        now.plan()
                .ifPresentOrElse(
                        plan -> watch(engine, config(endpoint.name(), champion, plan), plan),
                        () -> engine.unwatch(endpoint.name()));
    }

    private static String reason(@Nullable Watched before, Watched now) {
        if (before == null) {
            return "watched anew after a start";
        }
        return before.version() == now.version()
                ? "watched otherwise since run " + now.origin()
                : "version " + now.version() + " took over";
    }

    private void closeAlerts(String endpoint, String reason) {
        registry.alerts().listOpen().stream()
                .filter(alert -> alert.endpoint().equals(endpoint))
                .map(Alert::id)
                .forEach(id -> registry.alerts().close(id, reason));
    }

    private void watch(MonitorEngine engine, MonitorConfig config, MonitorPlan plan) {
        engine.watch(config);
        call(config.endpoint(), plan.webhook().map(PipelineFile.Located::text));
        Duration length = plan.window() instanceof Window.Time time ? time.duration() : Duration.ofDays(1);
        Instant now = clock.instant();
        engine.replay(history.read(config.endpoint(), now.minus(length), now));
    }

    /** Lets alerts of the endpoint call this address from now on, or none. */
    private void call(String endpoint, Optional<String> url) {
        WebhookAlertSink before =
                url.isPresent() ? webhooks.put(endpoint, webhook(url.get())) : webhooks.remove(endpoint);
        if (before != null) {
            before.close();
        }
    }

    private WebhookAlertSink webhook(String url) {
        return new WebhookAlertSink(
                WebhookOptions.of(URI.create(url)),
                failure -> registry.events()
                        .record(
                                "webhook.failed",
                                failure.event().endpoint(),
                                Map.of("attempts", Integer.toString(failure.attempts()), "reason", failure.reason())),
                threads);
    }

    /** Forgets what was watched: for an owner whose registry was emptied. */
    public void empty() {
        watched.clear();
        retraining.clear();
        List.copyOf(webhooks.keySet()).forEach(endpoint -> call(endpoint, Optional.empty()));
    }

    @Override
    public void close() {
        webhooks.values().forEach(WebhookAlertSink::close);
    }

    private MonitorConfig config(String endpoint, ModelVersion version, MonitorPlan plan) {
        Duration length = plan.window() instanceof Window.Time time ? time.duration() : Duration.ofDays(1);
        Duration pause = plan.window() instanceof Window.Time ? length.dividedBy(JUDGED_PER_WINDOW) : SHORTEST_PAUSE;
        return new MonitorConfig(
                endpoint,
                version.model(),
                version.version(),
                switch (plan.window()) {
                    case Window.Time time -> new MonitorWindow.Lasting(time.duration());
                    case Window.Count count -> new MonitorWindow.Rows(count.predictions());
                },
                reference(version),
                Optional.of(new DriftOptions(plan.psi(), ALPHA, minimumRows(plan.window()))),
                plan.quality().map(Watch::quality),
                plan.window() instanceof Window.Time ? length.multipliedBy(LABEL_PATIENCE) : LABELS_OF_COUNTED_WINDOW,
                plan.onBreach() == OnBreach.RETRAIN ? MonitorConfig.OnBreach.RETRAIN : MonitorConfig.OnBreach.ALERT,
                pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause,
                1,
                CLOSE_AFTER,
                plan.cooldown());
    }

    /** A window that is asked for in fewer rows is judged when it is whole: else it would never be. */
    private static long minimumRows(Window window) {
        return switch (window) {
            case Window.Time time -> MINIMUM_ROWS;
            case Window.Count count -> Math.min(MINIMUM_ROWS, count.predictions());
        };
    }

    private ReferenceProfile reference(ModelVersion version) {
        Artifact profile = version.artifacts().get(GraphReference.PROFILE);
        if (profile == null) {
            throw new IllegalStateException(version.id() + " was registered without a reference profile");
        }
        try (InputStream stream = registry.artifacts().open(profile)) {
            return ReferenceProfile.fromJson(stream.readAllBytes());
        } catch (IOException failed) {
            throw new UncheckedIOException(version.id() + ": its reference profile could not be read", failed);
        }
    }

    private static QualityMonitor quality(Quality quality) {
        MetricSpec metric = Metrics.find(quality.metric().text()).orElseThrow();
        return new QualityMonitor(
                metric.name(),
                metric::compute,
                (labels, predictions) -> {
                    MetricValue value = Evaluator.metrics(List.of(metric), labels, predictions, RESAMPLES, SEED)
                            .getFirst();
                    return new double[] {value.low(), value.high()};
                },
                metric.greaterIsBetter() ? QualityMonitor.Bound.AT_LEAST : QualityMonitor.Bound.AT_MOST,
                quality.atLeast(),
                quality.minimumLabels());
    }

    private Duration cooldown(MonitorEvent event) {
        return Optional.ofNullable(watched.get(event.endpoint()))
                .flatMap(Watched::plan)
                .map(MonitorPlan::cooldown)
                .orElse(Duration.ofHours(1));
    }

    @Override
    public void accept(MonitorEvent event) {
        String kind = event.kind().name().toLowerCase(Locale.ROOT);
        String about = event.columns().isEmpty() ? "" : event.columns().getFirst();
        Optional.ofNullable(webhooks.get(event.endpoint())).ifPresent(webhook -> webhook.accept(event));
        switch (event.state()) {
            case OPENED -> {
                registry.alerts().open(event.endpoint(), kind, about, event.message(), StepJson.write(event.values()));
                if (event.onBreach() == MonitorConfig.OnBreach.RETRAIN) {
                    retrainUnlessTried(event);
                }
            }
            case CLOSED ->
                registry.alerts().listOpen().stream()
                        .filter(alert -> alert.endpoint().equals(event.endpoint())
                                && alert.kind().equals(kind))
                        .map(Alert::id)
                        .forEach(id -> registry.alerts().close(id, event.message()));
        }
    }

    /** A breach that comes back soon after a retraining which changed nothing is as good as one that went on. */
    private void retrainUnlessTried(MonitorEvent event) {
        Retraining last = retraining.get(event.endpoint());
        if (last == null || last.version() != event.version()) {
            retrain(event.endpoint(), event.version(), event.message(), cooldown(event));
            return;
        }
        Instant due = last.started().plus(last.pause());
        if (clock.instant().isBefore(due)) {
            registry.events()
                    .record(
                            "trigger.skipped",
                            event.endpoint(),
                            Map.of(
                                    "cause",
                                    event.message(),
                                    "reason",
                                    "tried in " + last.ticket().run() + ", again after " + due));
        } else {
            retrain(
                    event.endpoint(),
                    event.version(),
                    event.message(),
                    last.pause().multipliedBy(2));
        }
    }

    /**
     * Tries again where a breach goes on though the last retraining is over and changed nothing: a first one right after a
     * change often comes too early, with few rows of the new behaviour to learn from. Each pause is twice the one before.
     */
    private void tryAgain(MonitorEngine engine, Endpoint endpoint, int version) {
        Retraining last = retraining.get(endpoint.name());
        if (last == null
                || last.version() != version
                || !last.ticket().outcome().isDone()) {
            return;
        }
        boolean breached = engine.list().stream()
                .anyMatch(health -> health.config().endpoint().equals(endpoint.name())
                        && !health.open().isEmpty());
        Instant due = last.started().plus(last.pause());
        if (breached && !clock.instant().isBefore(due)) {
            retrain(
                    endpoint.name(),
                    version,
                    "the breach goes on after " + last.ticket().run(),
                    last.pause().multipliedBy(2));
        }
    }

    /** Starts the champion's pipeline anew, unless that is under way already. */
    private void retrain(String endpoint, int version, String cause, Duration pause) {
        Retraining before = retraining.get(endpoint);
        Endpoint current = registry.endpoints().load(endpoint);
        boolean underWay = (before != null && !before.ticket().outcome().isDone())
                || current.rollout().status() == RolloutStatus.CANARY;
        if (underWay) {
            registry.events()
                    .record(
                            "trigger.skipped",
                            endpoint,
                            Map.of("cause", cause, "reason", "a new version is on its way already"));
            return;
        }
        ModelVersion champion = registry.models().load(current.model(), version);
        try {
            RunDesk.Ticket ticket = desk.submit(origins.request(champion), RunListener.NONE);
            retraining.put(endpoint, new Retraining(version, ticket, clock.instant(), pause));
            registry.events().record("trigger.fired", endpoint, Map.of("cause", cause, "run", ticket.run()));
        } catch (MillwrightException refused) {
            registry.events()
                    .record(
                            "trigger.failed",
                            endpoint,
                            Map.of("cause", cause, "reason", String.valueOf(refused.getMessage())));
        }
    }
}
