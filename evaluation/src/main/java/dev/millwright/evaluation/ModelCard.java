package dev.millwright.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model card with the sections of Mitchell et al., "Model Cards for Model Reporting" (FAT* 2019). It says only what stands
 * in its input, and "Not stated" where nothing does.
 */
public final class ModelCard {
    private ModelCard() {}

    /** The card as Markdown. */
    public static String markdown(CardInput input) {
        return "# Model card: " + Markup.escapeMarkdown(name(input)) + "\n\n" + Blocks.markdown(blocks(input));
    }

    /** The card as a self-contained page. */
    public static String html(CardInput input) {
        return PageStyle.page(
                name(input) + ", model card",
                "<header><p class=\"eyebrow\">Model card</p><h1>"
                        + Markup.escape(input.report().facts().model()) + " <span>"
                        + Markup.escape(input.report().facts().version()) + "</span></h1></header>\n"
                        + Blocks.html(blocks(input)));
    }

    private static String name(CardInput input) {
        return input.report().facts().model() + " " + input.report().facts().version();
    }

    private static List<Block> blocks(CardInput input) {
        List<Block> blocks = new ArrayList<>();
        details(blocks, input);
        intendedUse(blocks, input);
        section(blocks, "Factors", input.statements().factors());
        metrics(blocks, input.report());
        evaluationData(blocks, input.report());
        trainingData(blocks, input.report().facts());
        quantitative(blocks, input.report());
        section(blocks, "Ethical considerations", input.statements().ethics());
        caveats(blocks, input);
        reproduce(blocks, input);
        return blocks;
    }

    private static void details(List<Block> blocks, CardInput input) {
        ModelFacts facts = input.report().facts();
        ModelFacts.Training training = facts.training();
        CardInput.Statements statements = input.statements();
        blocks.add(new Block.Heading("Model details"));
        blocks.add(new Block.Facts(List.of(
                new Block.Fact("Model", facts.model()),
                new Block.Fact("Version", facts.version()),
                new Block.Fact("Run", facts.run()),
                new Block.Fact(
                        "Trained",
                        training.finished().map(EvaluationReport::time).orElse(Tables.NOT_STATED)),
                new Block.Fact("Task", facts.task().label()),
                new Block.Fact("Predicts", facts.label()),
                new Block.Fact("Learner", training.learner()),
                new Block.Fact("Calibrated by", training.calibration().orElse(Tables.NOT_STATED)),
                new Block.Fact("Developed by", statements.developer().orElse(Tables.NOT_STATED)),
                new Block.Fact("Licence", statements.licence().orElse(Tables.NOT_STATED)),
                new Block.Fact("Questions to", statements.contact().orElse(Tables.NOT_STATED)))));
        if (!training.parameters().isEmpty()) {
            blocks.add(Tables.parameters(training));
        }
    }

    private static void intendedUse(List<Block> blocks, CardInput input) {
        Optional<String> use =
                input.statements().intendedUse().or(() -> input.report().facts().description());
        section(blocks, "Intended use", use);
        blocks.add(new Block.Facts(List.of(
                new Block.Fact("Not meant for", input.statements().outOfScope().orElse(Tables.NOT_STATED)))));
    }

    private static void section(List<Block> blocks, String title, Optional<String> text) {
        blocks.add(new Block.Heading(title));
        blocks.add(new Block.Paragraph(text.orElse(Tables.NOT_STATED) + (text.isPresent() ? "" : ".")));
    }

    private static void metrics(List<Block> blocks, ReportInput report) {
        blocks.add(new Block.Heading("Metrics"));
        Optional<Evaluation> main = report.main();
        if (main.isEmpty()) {
            blocks.add(new Block.Paragraph("Not evaluated."));
            return;
        }
        blocks.add(new Block.Paragraph("Intervals are 95 % percentile intervals from "
                + Figures.count(main.get().resamples())
                + " bootstrap resamples of the rows. ↑: greater is better, ↓: smaller is better."));
        blocks.add(Tables.metrics(report));
        calibration(main.get())
                .ifPresent(calibration -> blocks.add(new Block.Paragraph("Calibration: probabilities are off by "
                        + Figures.percent(calibration.expectedError()) + " on the mean (" + report.mainSplit()
                        + " rows, bins of equal count).")));
        report.threshold()
                .ifPresent(threshold -> blocks.add(new Block.Paragraph(
                        "Decision threshold: positive from a probability of " + Figures.percent(threshold) + " on.")));
    }

    private static Optional<Calibration> calibration(Evaluation evaluation) {
        return switch (evaluation.diagnostics()) {
            case Diagnostics.Binary binary -> Optional.of(binary.calibration());
            case Diagnostics.Multiclass multiclass -> Optional.of(multiclass.calibration());
            case Diagnostics.Regression regression -> Optional.empty();
        };
    }

    private static void evaluationData(List<Block> blocks, ReportInput report) {
        blocks.add(new Block.Heading("Evaluation data"));
        List<ModelFacts.SplitUse> splits = report.facts().splits().stream()
                .filter(split -> !split.name().equals("train"))
                .toList();
        blocks.add(splits.isEmpty() ? new Block.Paragraph(Tables.NOT_STATED + ".") : Tables.splits(splits));
    }

    private static void trainingData(List<Block> blocks, ModelFacts facts) {
        blocks.add(new Block.Heading("Training data"));
        if (facts.data().isEmpty() && facts.splits().isEmpty()) {
            blocks.add(new Block.Paragraph(Tables.NOT_STATED + "."));
        }
        if (!facts.data().isEmpty()) {
            blocks.add(Tables.data(facts.data()));
        }
        List<ModelFacts.SplitUse> train = facts.splits().stream()
                .filter(split -> split.name().equals("train"))
                .toList();
        if (!train.isEmpty()) {
            blocks.add(Tables.splits(train));
        }
        if (!facts.features().isEmpty()) {
            blocks.add(Tables.features(facts.features()));
        }
    }

    private static void quantitative(List<Block> blocks, ReportInput report) {
        blocks.add(new Block.Heading("Quantitative analyses"));
        int before = blocks.size();
        report.main().ifPresent(evaluation -> {
            if (evaluation.diagnostics() instanceof Diagnostics.Multiclass multiclass) {
                blocks.add(Tables.classes(multiclass));
            }
        });
        report.importance().ifPresent(study -> {
            blocks.add(new Block.Paragraph("What " + study.metric() + " loses when a column is shuffled, mean of "
                    + study.repeats() + " on " + Figures.count(study.rows()) + " rows:"));
            blocks.add(new Block.Table(
                    List.of("Feature", "#Loss", "#Standard deviation"),
                    study.importances().stream()
                            .map(one ->
                                    List.of(one.column(), Figures.score(one.drop()), Figures.score(one.deviation())))
                            .toList()));
        });
        if (!report.comparisons().isEmpty()) {
            blocks.add(new Block.Paragraph("Against the champion, on rows that neither trained on:"));
            blocks.add(Tables.comparisons(report.comparisons()));
        }
        if (blocks.size() == before) {
            blocks.add(new Block.Paragraph(Tables.NOT_STATED + "."));
        }
    }

    private static void caveats(List<Block> blocks, CardInput input) {
        blocks.add(new Block.Heading("Caveats and recommendations"));
        ModelFacts facts = input.report().facts();
        List<String> caveats = new ArrayList<>(input.statements().caveats());
        facts.data().stream()
                .filter(use -> use.quarantined() > 0)
                .forEach(use -> caveats.add(Figures.count(use.quarantined()) + " of " + Figures.count(use.rowsRead())
                        + " rows of " + use.dataset() + " were quarantined: the model has not seen such rows."));
        facts.excluded()
                .forEach(one -> caveats.add(Figures.count(one.rows()) + " rows were left out (" + one.reason()
                        + "): nothing is known" + " about the model on such rows."));
        blocks.add(caveats.isEmpty() ? new Block.Paragraph(Tables.NOT_STATED + ".") : new Block.Items(caveats));
    }

    private static void reproduce(List<Block> blocks, CardInput input) {
        blocks.add(new Block.Heading("How to reproduce"));
        blocks.add(
                input.reproduce().isEmpty()
                        ? new Block.Paragraph(Tables.NOT_STATED + ".")
                        : new Block.Commands(input.reproduce()));
    }
}
