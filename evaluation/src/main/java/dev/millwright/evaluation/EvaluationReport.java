package dev.millwright.evaluation;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A page that shows how good a model is: one self-contained HTML file, without scripts. */
public final class EvaluationReport {
    private static final int TILES = 4;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private EvaluationReport() {}

    /** The page. Its text is escaped, so names and descriptions may come from anybody. */
    public static String html(ReportInput input) {
        ModelFacts facts = input.facts();
        List<String> parts = new ArrayList<>();
        parts.add(header(facts));
        input.main().ifPresent(evaluation -> parts.add(tiles(evaluation, input.mainSplit())));
        parts.add("<h2>Metrics</h2>");
        parts.add(metrics(input));
        input.main().ifPresent(evaluation -> parts.add(diagnostics(evaluation, input)));
        if (input.importance().isPresent() || facts.training().curve().isPresent()) {
            parts.add("<h2>What it learned</h2>");
            parts.add(grid(learned(input)));
        }
        parts.add("<h2>Data</h2>");
        parts.add(data(facts));
        if (!facts.features().isEmpty()) {
            parts.add("<h2>Features</h2>");
            parts.add("<div class=\"card code\">" + Blocks.html(Tables.features(facts.features())) + "</div>");
        }
        if (!facts.choices().isEmpty()) {
            parts.add("<h2>Features that were chosen among</h2>");
            parts.add("<div class=\"card code\">" + Blocks.html(Tables.choices(facts.choices())) + "</div>");
        }
        if (!facts.training().parameters().isEmpty()) {
            parts.add("<h2>Parameters of " + Markup.escape(facts.training().learner()) + "</h2>");
            parts.add("<div class=\"wide\"><div class=\"card code\">" + Blocks.html(Tables.parameters(facts.training()))
                    + "</div></div>");
        }
        parts.add(footer(input));
        return PageStyle.page(facts.model() + " " + facts.version() + ", model report", String.join("\n", parts));
    }

    private static String header(ModelFacts facts) {
        List<Block.Fact> known = new ArrayList<>();
        known.add(new Block.Fact("Predicts", facts.label()));
        known.add(new Block.Fact("Task", facts.task().label()));
        known.add(new Block.Fact("Learner", facts.training().learner()));
        facts.training().calibration().ifPresent(method -> known.add(new Block.Fact("Calibrated by", method)));
        facts.training().finished().ifPresent(at -> known.add(new Block.Fact("Trained", time(at))));
        known.add(new Block.Fact("Run", facts.run()));
        return "<header><p class=\"eyebrow\">Model report</p><h1>" + Markup.escape(facts.model()) + " <span>"
                + Markup.escape(facts.version()) + "</span></h1>"
                + facts.description()
                        .map(text -> "<p>" + Markup.escape(text) + "</p>")
                        .orElse("")
                + Blocks.html(new Block.Facts(known)) + "</header>";
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    private static String tiles(Evaluation evaluation, String split) {
        return evaluation.metrics().stream()
                .limit(TILES)
                .map(value -> "<div class=\"card\"><span>"
                        + Markup.escape(title(value.name()) + ", " + split) + "</span><strong>"
                        + Figures.score(value.value()) + "</strong><span>"
                        + (value.hasInterval() ? Figures.interval(value.low(), value.high()) : "no interval")
                        + "</span></div>")
                .collect(Collectors.joining("", "<div class=\"tiles\">", "</div>"));
    }

    private static String title(String metric) {
        return Metrics.find(metric).map(MetricSpec::title).orElse(metric);
    }

    private static String metrics(ReportInput input) {
        if (input.main().isEmpty()) {
            return "<p>This model was not evaluated: no validation rows and no test rows were given.</p>";
        }
        String html = card("Validation and test", Tables.metrics(input));
        if (!input.comparisons().isEmpty()) {
            html += card(
                    "Against the champion, on rows that neither trained on", Tables.comparisons(input.comparisons()));
        }
        return "<div class=\"wide\">" + html + "</div>";
    }

    private static String card(String title, Block block) {
        return "<section class=\"card\"><h3>" + Markup.escape(title) + "</h3>" + Blocks.html(block) + "</section>";
    }

    private static String diagnostics(Evaluation evaluation, ReportInput input) {
        String title = "<h2>On " + Figures.count(evaluation.rows()) + " " + input.mainSplit() + " rows</h2>";
        String figures = grid(DiagnosticCharts.of(evaluation));
        String tables = switch (evaluation.diagnostics()) {
            case Diagnostics.Binary binary -> decisions(binary, input.threshold());
            case Diagnostics.Multiclass multiclass ->
                "<h2>Classes</h2>" + card("One class against the rest", Tables.classes(multiclass));
            case Diagnostics.Regression regression -> "";
        };
        return title + figures + tables;
    }

    private static String decisions(Diagnostics.Binary binary, Optional<Double> threshold) {
        List<String> sentences = new ArrayList<>();
        threshold.ifPresent(value -> sentences.add("The model says “"
                + binary.confusion().classes().get(1) + "” from a probability of " + Figures.percent(value) + " on."));
        if (!Double.isNaN(binary.bestF1Threshold())) {
            sentences.add("F1 would be greatest on these rows at " + Figures.percent(binary.bestF1Threshold()) + ".");
        }
        return "<h2>Choosing a threshold</h2>" + Blocks.html(new Block.Paragraph(String.join(" ", sentences)))
                + "<div class=\"wide\">" + card("By threshold", Tables.thresholds(binary))
                + (binary.lift().isEmpty() ? "" : card("By tenths of the rows", Tables.lift(binary))) + "</div>";
    }

    private static List<DiagnosticCharts.Figure> learned(ReportInput input) {
        List<DiagnosticCharts.Figure> figures = new ArrayList<>();
        input.importance().ifPresent(study -> figures.add(DiagnosticCharts.importance(study)));
        input.facts().training().curve().ifPresent(curve -> figures.add(DiagnosticCharts.training(curve)));
        return figures;
    }

    private static String grid(List<DiagnosticCharts.Figure> figures) {
        return figures.stream()
                .map(figure -> "<figure><figcaption><h3>" + Markup.escape(figure.title()) + "</h3><p>"
                        + Markup.escape(figure.caption()) + "</p></figcaption>" + figure.svg() + "</figure>")
                .collect(Collectors.joining("\n", "<div class=\"grid\">", "</div>"));
    }

    private static String data(ModelFacts facts) {
        String html = card("Rows and class balance", Tables.splits(facts.splits()));
        html += card("Dataset versions", Tables.data(facts.data()));
        if (!facts.excluded().isEmpty()) {
            html += card("Counted out", Tables.excluded(facts.excluded()));
        }
        return "<div class=\"wide\">" + html + "</div>";
    }

    private static String footer(ReportInput input) {
        String intervals = input.main()
                .map(evaluation ->
                        "Intervals are 95 % percentile intervals from " + Figures.count(evaluation.resamples())
                                + " bootstrap resamples of the rows; they say how much the numbers would move with other rows"
                                + " of the same kind, not with other times. ")
                .orElse("");
        return "<footer>" + Markup.escape(intervals) + "Made by Millwright from run "
                + Markup.escape(input.facts().run()) + ".</footer>";
    }
}
