package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.monitoring.DriftOptions;
import dev.millwright.monitoring.DriftReport;
import dev.millwright.monitoring.DriftReport.ColumnDrift;
import dev.millwright.monitoring.FeedbackCounts;
import dev.millwright.monitoring.Judgement;
import dev.millwright.monitoring.MonitorEngine.Health;
import dev.millwright.monitoring.PredictionLog;
import dev.millwright.monitoring.QualityReport;
import dev.millwright.registry.Alert;
import dev.millwright.registry.Endpoint;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.ComparePage;
import dev.millwright.web.page.DriftChart;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.Interval;
import dev.millwright.web.page.MonitorPage;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.Tone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The page that shows how an endpoint's data and quality hold. */
final class MonitorPages {
    private static final int ALERTS = 50;

    private final Site site;
    private final EndpointCards cards;

    MonitorPages(Site site, EndpointCards cards) {
        this.site = site;
        this.cards = cards;
    }

    void add(Routes routes) {
        routes.get("/endpoints/{endpoint}/monitor", Operation.page("Drift and quality of an endpoint"), this::monitor);
    }

    private HttpResponse monitor(Call call) {
        Endpoint endpoint = site.registry().endpoints().load(call.path("endpoint"));
        Optional<Health> health = cards.watched(endpoint.name());
        List<Judgement> history = site.services().monitors().history(endpoint.name());
        return site.templates()
                .page(
                        "monitor",
                        new MonitorPage(
                                site.head(endpoint.name() + ": monitor", Section.ENDPOINTS),
                                endpoint.name(),
                                cards.card(endpoint).drift(),
                                empty(endpoint, health),
                                facts(health),
                                health.map(known -> columns(known, history)).orElse(List.of()),
                                health.flatMap(Health::quality)
                                        .map(report -> quality(endpoint.model(), report, history)),
                                site.registry().alerts().list(endpoint.name(), ALERTS).stream()
                                        .map(this::alert)
                                        .toList()));
    }

    private Optional<MonitorPage.Empty> empty(Endpoint endpoint, Optional<Health> health) {
        if (health.isEmpty() && servesClients(endpoint)) {
            return Optional.of(new MonitorPage.Empty(
                    "Nothing is watched here: a client registered the model that serves, and nothing is known of the rows"
                            + " that it was trained on. Its predictions are logged all the same.",
                    ""));
        }
        if (health.isEmpty()) {
            return Optional.of(new MonitorPage.Empty(
                    "Nothing is watched here. Say in the pipeline file what to watch, then run it again:",
                    "monitor:\n  drift: {window: 1d, threshold: psi > 0.2}\n  on_breach: retrain"));
        }
        long rows = health.get().drift().map(DriftReport::rows).orElse(0L);
        long wanted = EndpointCards.wanted(health.get());
        return rows < wanted
                ? Optional.of(new MonitorPage.Empty(
                        "Drift is judged from " + Figures.counted(wanted, "prediction", "predictions")
                                + " on; the window of " + version(health.get()) + " has " + Figures.count(rows)
                                + ". The endpoint's page has a request to copy.",
                        ""))
                : Optional.empty();
    }

    private boolean servesClients(Endpoint endpoint) {
        return endpoint.rollout().versions().stream()
                .map(served -> site.registry().models().load(endpoint.model(), served.version()))
                .anyMatch(version -> version.tags().containsKey(ModelPages.PARITY_ROWS));
    }

    private String version(Health health) {
        return site.versionName(health.config().model(), health.config().version());
    }

    private List<Fact> facts(Optional<Health> health) {
        PredictionLog.Status log = site.services().predictions().status();
        FeedbackCounts labels = site.services().feedback().counts();
        List<Fact> facts = new ArrayList<>();
        health.flatMap(Health::drift)
                .ifPresent(report -> facts.add(new Fact("Predictions in the window", Figures.count(report.rows()))));
        facts.add(new Fact("Logged since the start", Figures.count(log.rowsWritten())));
        if (log.dropped() > 0) {
            facts.add(new Fact("Not logged for want of room", Figures.count(log.dropped())));
        }
        log.lastFailure().ifPresent(failure -> facts.add(new Fact("The log fails", failure)));
        facts.add(new Fact("Labels received", Figures.count(labels.stored())));
        facts.add(new Fact("Labels without a prediction yet", Figures.count(labels.waiting())));
        return facts;
    }

    private List<MonitorPage.DriftColumn> columns(Health health, List<Judgement> history) {
        Optional<DriftReport> judged = health.drift().filter(report -> report.rows() >= EndpointCards.wanted(health));
        return judged.map(report -> report.columns().stream()
                        .sorted(Comparator.comparing(ColumnDrift::drifted)
                                .thenComparingDouble(ColumnDrift::psi)
                                .reversed())
                        .map(column -> column(health, column, report, history))
                        .toList())
                .orElseGet(() -> earlier(health, history));
    }

    private MonitorPage.DriftColumn column(
            Health health, ColumnDrift column, DriftReport report, List<Judgement> history) {
        double threshold = report.options().psiThreshold();
        String p = column.correctedPValue() < 0.001 ? "<\u00a00.001" : Figures.plain(column.correctedPValue());
        return new MonitorPage.DriftColumn(
                column.column(),
                new Badge("PSI " + Figures.plain(column.psi()), column.drifted() ? Tone.BAD : Tone.GOOD),
                RunPages.label(column.side()) + ", " + (column.psi() > threshold ? "over" : "under")
                        + " the threshold of " + Figures.plain(threshold) + ", corrected p\u00a0" + p,
                chart(health, column.column(), threshold, history));
    }

    /** What was seen of earlier versions, while the present one has too few rows. */
    private List<MonitorPage.DriftColumn> earlier(Health health, List<Judgement> history) {
        Map<String, Double> last = history.stream()
                .map(Judgement::psi)
                .filter(psi -> !psi.isEmpty())
                .reduce(Map.of(), (before, after) -> after);
        double threshold =
                health.config().drift().map(DriftOptions::psiThreshold).orElse(DriftOptions.DEFAULT.psiThreshold());
        return last.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(column -> new MonitorPage.DriftColumn(
                        column.getKey(),
                        new Badge("not judged yet", Tone.QUIET),
                        "The line is about the version before.",
                        chart(health, column.getKey(), threshold, history)))
                .toList();
    }

    private DriftChart chart(Health health, String column, double threshold, List<Judgement> history) {
        return new DriftChart(
                points(history, judgement -> Optional.ofNullable(judgement.psi().get(column))),
                marks(health.config().model(), history),
                threshold,
                DriftChart.Good.BELOW,
                "PSI");
    }

    private static List<DriftChart.Point> points(
            List<Judgement> history, Function<Judgement, Optional<Double>> measure) {
        return history.stream()
                .flatMap(judgement ->
                        measure.apply(judgement).map(value -> new DriftChart.Point(judgement.time(), value)).stream())
                .toList();
    }

    /** Where another version took over: what was measured before is about its predecessor. */
    private List<DriftChart.Mark> marks(String model, List<Judgement> history) {
        List<DriftChart.Mark> marks = new ArrayList<>();
        for (int i = 1; i < history.size(); i++) {
            int version = history.get(i).version();
            if (version != history.get(i - 1).version()) {
                Instant time = history.get(i).time();
                marks.add(new DriftChart.Mark(time, site.versionName(model, version)));
            }
        }
        return marks;
    }

    private MonitorPage.Quality quality(String model, QualityReport report, List<Judgement> history) {
        List<DriftChart.Point> points =
                points(history, judgement -> judgement.quality().map(QualityReport::value));
        DriftChart.Good good = RunMetrics.better(report.metric()) == ComparePage.Better.LOWER
                ? DriftChart.Good.BELOW
                : DriftChart.Good.ABOVE;
        boolean judged = report.verdict() != QualityReport.Verdict.TOO_FEW_LABELS;
        return new MonitorPage.Quality(
                report.metric(),
                new Interval(report.value(), report.lower(), report.upper()),
                report.labels(),
                report.limit(),
                good == DriftChart.Good.ABOVE,
                switch (report.verdict()) {
                    case TOO_FEW_LABELS -> new Badge("too few labels", Tone.QUIET);
                    case GOOD -> new Badge("good", Tone.GOOD);
                    case UNSURE -> new Badge("unsure", Tone.QUIET);
                    case BAD -> new Badge("below the limit", Tone.BAD);
                },
                judged && points.size() > 1
                        ? Optional.of(
                                new DriftChart(points, marks(model, history), report.limit(), good, report.metric()))
                        : Optional.empty());
    }

    private MonitorPage.AlertRow alert(Alert alert) {
        return new MonitorPage.AlertRow(
                site.moment(alert.opened()),
                alert.closed().map(site::moment),
                alert.about().isEmpty() ? alert.kind() : alert.kind() + " in " + alert.about(),
                alert.message(),
                alert.isOpen() ? new Badge("open", Tone.WARN) : new Badge("closed", Tone.QUIET));
    }
}
