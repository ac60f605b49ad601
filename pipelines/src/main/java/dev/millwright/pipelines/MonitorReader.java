package dev.millwright.pipelines;

import dev.millwright.monitoring.WebhookOptions;
import dev.millwright.pipelines.PipelineFile.Comparison;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.MonitorPlan;
import dev.millwright.pipelines.PipelineFile.OnBreach;
import dev.millwright.pipelines.PipelineFile.Quality;
import dev.millwright.pipelines.PipelineFile.Window;
import dev.millwright.pipelines.Section.YamlSource;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Reads the {@code monitor:} section. */
final class MonitorReader {
    private static final Window DEFAULT_WINDOW = new Window.Time(Duration.ofDays(1));
    private static final double DEFAULT_PSI = 0.2;
    private static final int DEFAULT_LABELS = 200;
    private static final Duration DEFAULT_COOLDOWN = Duration.ofHours(1);

    private final YamlSource source;

    private MonitorReader(YamlSource source) {
        this.source = source;
    }

    static MonitorPlan read(Section section) {
        return new MonitorReader(section.source()).monitor(section);
    }

    private MonitorPlan monitor(Section section) {
        Optional<Section> drift = section.section("drift");
        Window window = drift.flatMap(this::window).orElse(DEFAULT_WINDOW);
        double psi = drift.flatMap(this::psi).orElse(DEFAULT_PSI);
        drift.ifPresent(Section::close);
        MonitorPlan plan = new MonitorPlan(
                window,
                psi,
                section.section("quality").map(this::quality),
                section.word("on_breach", OnBreach.class).orElse(OnBreach.ALERT),
                section.text("webhook").filter(this::isWebhook),
                section.<Duration>parsed("cooldown", (text, at) -> Values.duration(text, at.child("cooldown"), source))
                        .orElse(DEFAULT_COOLDOWN));
        section.close();
        return plan;
    }

    private Optional<Window> window(Section drift) {
        Optional<Window> window = drift.parsed("window", (text, at) -> Values.window(text, at.child("window"), source));
        if (window.filter(MonitorReader::isNothing).isPresent()) {
            source.report(
                    drift.position("window"),
                    drift.child("window") + ": 0 (expected: longer than nothing, such as 1d or 2000 predictions).");
            return Optional.empty();
        }
        return window;
    }

    private static boolean isNothing(Window window) {
        return window instanceof Window.Time(Duration duration) && duration.isZero();
    }

    private boolean isWebhook(Located text) {
        try {
            WebhookOptions.of(URI.create(text.text()));
            return true;
        } catch (IllegalArgumentException wrong) {
            source.report(
                    text.position(), "monitor.webhook: " + text + " (expected: https://…, or http:// to localhost).");
            return false;
        }
    }

    private Optional<Double> psi(Section drift) {
        String path = drift.child("threshold");
        return drift.<Values.Condition>parsed("threshold", (text, at) -> Values.condition(text, path, source))
                .flatMap(condition -> psi(condition, path));
    }

    private Optional<Double> psi(Values.Condition condition, String path) {
        Optional<Double> bound =
                Values.number(new Located(condition.bound(), condition.text().position()), path, source);
        boolean says = condition.name().equals("psi") && condition.comparison() == Comparison.ABOVE;
        if (bound.isPresent() && !(says && bound.get() > 0)) {
            source.report(
                    condition.text().position(),
                    path + ": " + condition.text() + " (expected: psi > NUMBER, with a number above 0).");
            return Optional.empty();
        }
        return bound;
    }

    private Quality quality(Section section) {
        Quality quality = new Quality(
                section.requiredText("metric"),
                section.<Double>parsed("at_least", (text, at) -> Values.number(text, at.child("at_least"), source))
                        .orElse(0.0),
                section.position("at_least"),
                section.<Integer>parsed(
                                "minimum_labels", (text, at) -> Values.count(text, at.child("minimum_labels"), source))
                        .orElse(DEFAULT_LABELS));
        if (section.node("at_least").isEmpty()) {
            source.report(section.position(), "monitor.quality: has no 'at_least' (expected: 'at_least: NUMBER').");
        }
        section.close();
        return quality;
    }
}
