package dev.millwright.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The charts of an evaluation's diagnostics, each with a caption. The web's pages draw the same ones. */
public final class DiagnosticCharts {
    private static final int MOST_CLASSES = 9;
    private static final int MOST_FEATURES = 20;
    private static final List<Mark.Point> DIAGONAL = List.of(new Mark.Point(0, 0), new Mark.Point(1, 1));

    private DiagnosticCharts() {}

    /**
     * A chart with what stands above it.
     *
     * @param caption one sentence that says how to read it
     * @param svg one {@code <svg>} element
     */
    public record Figure(String title, String caption, String svg) {}

    /** The figures that belong to the evaluation's task, in reading order. */
    public static List<Figure> of(Evaluation evaluation) {
        return switch (evaluation.diagnostics()) {
            case Diagnostics.Binary binary -> binary(evaluation, binary);
            case Diagnostics.Multiclass multiclass -> multiclass(multiclass);
            case Diagnostics.Regression regression -> regression(regression.residuals());
        };
    }

    private static List<Figure> binary(Evaluation evaluation, Diagnostics.Binary binary) {
        List<Figure> figures = new ArrayList<>();
        if (!binary.roc().isEmpty()) {
            figures.add(roc(
                    "ROC curve",
                    "The share of positives found against the share of negatives taken for positive, over all thresholds.",
                    binary.roc(),
                    labelled("AUC", evaluation, "roc_auc")));
        }
        if (!binary.precisionRecall().isEmpty()) {
            figures.add(precisionRecall(binary, labelled("AP", evaluation, "average_precision")));
        }
        figures.add(calibration(binary.calibration(), "Predicted probability", "Observed rate"));
        figures.add(confusion(binary.confusion()));
        if (!binary.gains().isEmpty()) {
            figures.add(gains(binary));
        }
        return figures;
    }

    private static String labelled(String name, Evaluation evaluation, String metric) {
        return evaluation
                .find(metric)
                .map(value -> name + " " + shortScore(value.value())
                        + (value.hasInterval()
                                ? " (" + shortScore(value.low()) + " – " + shortScore(value.high()) + ")"
                                : ""))
                .orElse(name);
    }

    private static String shortScore(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static Figure roc(String title, String caption, List<CurvePoint> points, String label) {
        Chart chart = new Chart(
                title + ", " + label,
                Axis.percent("False positive rate").between(0, 1),
                Axis.percent("True positive rate").between(0, 1),
                List.of(
                        new Mark.Line(DIAGONAL, Mark.Path.DASHED, Mark.Tone.MUTED, ""),
                        new Mark.Note(0.5, 0.42, Mark.Anchor.START, Mark.Tone.MUTED, "chance"),
                        curve(points),
                        new Mark.Note(0.98, 0.06, Mark.Anchor.END, Mark.Tone.ACCENT, label)));
        return new Figure(title, caption, chart.svg());
    }

    private static Mark.Line curve(List<CurvePoint> points) {
        return new Mark.Line(
                points.stream()
                        .map(point -> new Mark.Point(point.x(), point.y()))
                        .toList(),
                Mark.Path.STRAIGHT,
                Mark.Tone.ACCENT,
                "");
    }

    private static Figure precisionRecall(Diagnostics.Binary binary, String label) {
        Chart chart = new Chart(
                "Precision and recall, " + label,
                Axis.percent("Recall").between(0, 1),
                Axis.percent("Precision").between(0, 1),
                List.of(
                        new Mark.HorizontalRule(
                                binary.baseRate(),
                                "base rate " + Figures.percent(binary.baseRate()),
                                Mark.Anchor.START),
                        precisionSteps(binary.precisionRecall()),
                        clearest(binary.precisionRecall(), label)));
        return new Figure(
                "Precision and recall",
                "How many of those taken for positive are, against how many of the positives are found.",
                chart.svg());
    }

    /** Average precision is the area under steps: precision holds from the recall before to the one reached. */
    private static Mark.Line precisionSteps(List<CurvePoint> points) {
        List<Mark.Point> corners = new ArrayList<>();
        for (int i = 1; i < points.size(); i++) {
            corners.add(new Mark.Point(points.get(i - 1).x(), points.get(i).y()));
            corners.add(new Mark.Point(points.get(i).x(), points.get(i).y()));
        }
        return new Mark.Line(corners, Mark.Path.STRAIGHT, Mark.Tone.ACCENT, "");
    }

    /** The label, in whichever place is farthest from the curve. */
    private static Mark.Note clearest(List<CurvePoint> points, String label) {
        List<Mark.Note> places = List.of(
                new Mark.Note(0.98, 0.95, Mark.Anchor.END, Mark.Tone.ACCENT, label),
                new Mark.Note(0.04, 0.5, Mark.Anchor.START, Mark.Tone.ACCENT, label),
                new Mark.Note(0.04, 0.12, Mark.Anchor.START, Mark.Tone.ACCENT, label),
                new Mark.Note(0.98, 0.5, Mark.Anchor.END, Mark.Tone.ACCENT, label));
        return places.stream()
                .max(Comparator.comparingDouble(place -> clearance(points, place)))
                .orElseThrow();
    }

    private static double clearance(List<CurvePoint> points, Mark.Note place) {
        double from = place.anchor() == Mark.Anchor.END ? place.x() - 0.55 : place.x();
        return points.stream()
                .filter(point -> point.x() >= from && point.x() <= from + 0.55)
                .mapToDouble(point -> Math.abs(point.y() - place.y()))
                .min()
                .orElse(1);
    }

    private static Figure calibration(Calibration calibration, String xTitle, String yTitle) {
        double greatest = calibration.bins().stream()
                .mapToDouble(bin -> Math.max(bin.high(), bin.meanProbability()))
                .max()
                .orElse(1);
        double end = Axis.percent("").startingAt(0).fitted(0, greatest).to();
        String label = "expected error " + Figures.percent(calibration.expectedError());
        Chart chart = new Chart(
                "Calibration, " + label,
                Axis.percent(xTitle).between(0, Math.min(1, end)),
                Axis.percent(yTitle).between(0, Math.min(1, end)),
                List.of(
                        new Mark.Line(
                                List.of(new Mark.Point(0, 0), new Mark.Point(Math.min(1, end), Math.min(1, end))),
                                Mark.Path.DASHED,
                                Mark.Tone.MUTED,
                                ""),
                        new Mark.Whiskers(
                                calibration.bins().stream()
                                        .map(bin -> new Mark.Range(bin.meanProbability(), bin.low(), bin.high()))
                                        .toList(),
                                Mark.Tone.ACCENT),
                        new Mark.Dots(
                                calibration.bins().stream()
                                        .map(bin -> new Mark.Dot(
                                                bin.meanProbability(),
                                                bin.rate(),
                                                "predicted " + Figures.percent(bin.meanProbability()) + ", observed "
                                                        + Figures.percent(bin.rate()) + ", "
                                                        + Figures.count(bin.rows()) + " rows"))
                                        .toList(),
                                Mark.Tone.ACCENT),
                        new Mark.Note(
                                Math.min(1, end) * 0.98,
                                Math.min(1, end) * 0.06,
                                Mark.Anchor.END,
                                Mark.Tone.ACCENT,
                                label)));
        return new Figure(
                "Calibration",
                "Whether probabilities mean what they say, in tenths of the rows: on the dashed line they do. Bars are 95 % intervals.",
                chart.svg());
    }

    private static Figure confusion(ConfusionMatrix confusion) {
        List<List<HeatMap.Cell>> cells = new ArrayList<>();
        int size = confusion.classes().size();
        for (int truth = 0; truth < size; truth++) {
            int row = truth;
            cells.add(IntStream.range(0, size)
                    .mapToObj(chosen -> cell(confusion, row, chosen))
                    .toList());
        }
        HeatMap map = new HeatMap(
                "Confusion matrix", "true class", "predicted", confusion.classes(), confusion.classes(), cells);
        return new Figure("Confusion matrix", "Each row is a true class; shares are of that row.", map.svg());
    }

    private static HeatMap.Cell cell(ConfusionMatrix confusion, int truth, int chosen) {
        long count = confusion.counts()[truth][chosen];
        double share = confusion.share(truth, chosen);
        String percent = Double.isNaN(share) ? "–" : Figures.percent(share);
        return new HeatMap.Cell(
                share,
                Figures.count(count),
                percent,
                confusion.classes().get(truth) + " taken for "
                        + confusion.classes().get(chosen) + ": " + Figures.count(count) + " rows, " + percent);
    }

    private static Figure gains(Diagnostics.Binary binary) {
        double top = binary.lift().getFirst().found();
        Chart chart = new Chart(
                "Cumulative gains",
                Axis.percent("Rows taken, greatest scores first").between(0, 1),
                Axis.percent("Positives found").between(0, 1),
                List.of(
                        new Mark.Line(DIAGONAL, Mark.Path.DASHED, Mark.Tone.MUTED, ""),
                        new Mark.Note(0.5, 0.42, Mark.Anchor.START, Mark.Tone.MUTED, "in random order"),
                        curve(binary.gains()),
                        new Mark.Dots(
                                List.of(new Mark.Dot(0.1, top, "the first tenth finds " + Figures.percent(top))),
                                Mark.Tone.ACCENT),
                        new Mark.Note(
                                0.98,
                                0.06,
                                Mark.Anchor.END,
                                Mark.Tone.ACCENT,
                                "first tenth finds " + Figures.percent(top))));
        return new Figure(
                "Cumulative gains",
                "How many of the positives one finds by taking the highest scores first.",
                chart.svg());
    }

    private static List<Figure> multiclass(Diagnostics.Multiclass multiclass) {
        List<Figure> figures = new ArrayList<>();
        figures.add(confusion(multiclass.confusion()));
        figures.add(calibration(multiclass.calibration(), "Probability of the chosen class", "Rate of right choices"));
        List<Diagnostics.ClassSummary> drawn = multiclass.classes().stream()
                .filter(one -> !one.roc().isEmpty())
                .sorted(Comparator.comparingLong(Diagnostics.ClassSummary::support)
                        .reversed())
                .limit(MOST_CLASSES)
                .toList();
        multiclass.classes().stream()
                .filter(drawn::contains)
                .forEach(one -> figures.add(roc(
                        "ROC curve of " + one.name(),
                        "This class against all the others.",
                        one.roc(),
                        "AUC " + shortScore(one.rocAuc()))));
        return figures;
    }

    private static List<Figure> regression(ResidualSummary residuals) {
        return List.of(predictedAgainstTrue(residuals), histogram(residuals), residualBands(residuals));
    }

    private static Figure predictedAgainstTrue(ResidualSummary residuals) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (ResidualSummary.PredictedPoint point : residuals.sample()) {
            least = Math.min(least, Math.min(point.prediction(), point.truth()));
            greatest = Math.max(greatest, Math.max(point.prediction(), point.truth()));
        }
        Chart chart = new Chart(
                "Predicted and true values",
                Axis.number("Predicted"),
                Axis.number("True"),
                List.of(
                        new Mark.Dots(
                                residuals.sample().stream()
                                        .map(point -> new Mark.Dot(point.prediction(), point.truth(), ""))
                                        .toList(),
                                Mark.Tone.ACCENT),
                        new Mark.Line(
                                List.of(new Mark.Point(least, least), new Mark.Point(greatest, greatest)),
                                Mark.Path.DASHED,
                                Mark.Tone.MUTED,
                                "")));
        return new Figure(
                "Predicted and true values",
                residuals.sample().size() + " rows drawn at random; on the dashed line the prediction is exact.",
                chart.svg());
    }

    private static Figure histogram(ResidualSummary residuals) {
        Chart chart = new Chart(
                "Residuals",
                Axis.number("Residual (true − predicted)"),
                Axis.number("Rows").startingAt(0),
                List.of(
                        new Mark.Bars(
                                residuals.histogram().stream()
                                        .map(bin -> new Mark.Bar(
                                                bin.from(),
                                                bin.to(),
                                                bin.rows(),
                                                Figures.score(bin.from()) + " to " + Figures.score(bin.to()) + ": "
                                                        + Figures.count(bin.rows()) + " rows"))
                                        .toList(),
                                Mark.Tone.ACCENT),
                        new Mark.VerticalRule(residuals.mean(), "mean " + Figures.score(residuals.mean()))));
        return new Figure(
                "Residuals",
                "Standard deviation " + Figures.score(residuals.deviation())
                        + ". A mean away from 0 is bias; the outer bars hold the tails.",
                chart.svg());
    }

    private static Figure residualBands(ResidualSummary residuals) {
        Chart chart = new Chart(
                "Residuals by prediction",
                Axis.number("Predicted"),
                Axis.number("Residual (true − predicted)"),
                List.of(
                        new Mark.Band(
                                residuals.bands().stream()
                                        .map(band -> new Mark.Range(band.meanPrediction(), band.low(), band.high()))
                                        .toList(),
                                Mark.Tone.ACCENT),
                        new Mark.HorizontalRule(0, "", Mark.Anchor.START),
                        new Mark.Line(
                                residuals.bands().stream()
                                        .map(band -> new Mark.Point(band.meanPrediction(), band.median()))
                                        .toList(),
                                Mark.Path.STRAIGHT,
                                Mark.Tone.ACCENT,
                                "median")));
        return new Figure(
                "Residuals by prediction",
                "The band holds the middle 80 % of the rows. Away from 0: bias there; widening: less certain there.",
                chart.svg());
    }

    /** The most important columns as bars; the rest is counted in the caption. */
    public static Figure importance(ReportInput.ImportanceStudy study) {
        List<BarChart.Bar> bars = study.importances().stream()
                .limit(MOST_FEATURES)
                .map(one -> new BarChart.Bar(
                        one.column(),
                        one.drop(),
                        one.drop() - one.deviation(),
                        one.drop() + one.deviation(),
                        Figures.score(one.drop())))
                .toList();
        int rest = study.importances().size() - bars.size();
        return new Figure(
                "Permutation importance",
                "What " + study.metric() + " loses when a column is shuffled (mean of " + study.repeats() + " on "
                        + Figures.count(study.rows())
                        + " rows; whiskers: one standard deviation). Columns that say the same share their importance."
                        + (rest > 0 ? " " + rest + " less important ones are not drawn." : ""),
                new BarChart("Permutation importance", "loss of " + study.metric(), bars, Mark.Tone.ACCENT).svg());
    }

    /** The loss on training and validation rows after each step. */
    public static Figure training(ModelFacts.TrainingCurve curve) {
        List<Mark> marks = new ArrayList<>();
        marks.add(new Mark.Line(
                curve.measurements().stream()
                        .map(one -> new Mark.Point(one.step(), one.training()))
                        .toList(),
                Mark.Path.STRAIGHT,
                Mark.Tone.SECOND,
                "training"));
        marks.add(new Mark.Line(
                curve.measurements().stream()
                        .map(one -> new Mark.Point(one.step(), one.validation()))
                        .toList(),
                Mark.Path.STRAIGHT,
                Mark.Tone.ACCENT,
                "validation"));
        curve.best().ifPresent(best -> marks.add(new Mark.VerticalRule(best, "taken at " + Figures.count(best))));
        Chart chart = new Chart("Training", Axis.number(curve.step()), Axis.number(curve.metric()), marks);
        return new Figure(
                "Training",
                "How " + curve.metric() + " went. Where the lines part, the model learns its training rows by heart.",
                chart.svg());
    }
}
