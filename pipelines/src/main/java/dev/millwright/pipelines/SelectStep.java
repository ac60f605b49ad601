package dev.millwright.pipelines;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import dev.millwright.data.LabelledFrame;
import dev.millwright.data.profile.FeatureAssociations;
import dev.millwright.evaluation.selection.CompleteLinkage;
import dev.millwright.evaluation.selection.LossChange;
import dev.millwright.evaluation.selection.Relevance;
import dev.millwright.evaluation.selection.RowLosses;
import dev.millwright.evaluation.selection.ShuffledLoss;
import dev.millwright.learn.TrainingData;
import dev.millwright.pipelines.CheckedPipeline.ChosenLearner;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.Selection;
import dev.millwright.pipelines.StepOutputs.Change;
import dev.millwright.pipelines.StepOutputs.Fate;
import dev.millwright.pipelines.StepOutputs.Selected;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Chooses among features. Each way to choose looks at those that the ways before it left. Training rows decide, and validation rows tell what a
 * model trained on these does without a feature; test rows are never seen. One instance makes one choice.
 */
final class SelectStep {
    private static final int CORRELATION_ROWS = 5_000;
    private static final int INFORMATION_ROWS = 2_000;
    private static final int REPEATS = 3;
    private static final double SIGNIFICANT = 0.05;
    /** One in so many of the training rows tells the judging learner when to stop. */
    private static final int STOPPING = 5;

    private final Assignment assignment;
    private final LabelledFrame train;
    private final LabelledFrame validation;
    private final Progress progress;
    private final Map<String, Fate> fates = new LinkedHashMap<>();
    private final Map<String, Relevance> relevances = new HashMap<>();
    private Optional<Change> together = Optional.empty();

    /**
     * What is chosen among, and how.
     *
     * @param judge the learner whose model tells whether a feature helps
     */
    record Assignment(List<Input> inputs, Task task, Selection selection, ChosenLearner judge, long seed) {
        boolean judges() {
            return selection.by().contains(Selection.Method.IMPORTANCE);
        }

        private boolean isKept(String feature) {
            return selection.keep().stream().map(Located::text).anyMatch(feature::equals);
        }
    }

    private SelectStep(Assignment assignment, LabelledFrame train, LabelledFrame validation, Progress progress) {
        this.assignment = assignment;
        this.train = train;
        this.validation = validation;
        this.progress = progress;
        assignment.inputs().forEach(input -> fates.put(input.name(), new Fate(input.name(), true, "")));
    }

    /** @throws InvalidInputException when there are no rows to choose by */
    static Selected select(Assignment assignment, LabelledFrame train, LabelledFrame validation, Progress progress) {
        if (assignment.judges() && validation.rows() < 2) {
            throw new InvalidInputException("train.select: importance on " + validation.rows()
                    + " validation rows (expected: at least 2). Give 'split' a larger 'validation'.");
        }
        SelectStep step = new SelectStep(assignment, train, validation, progress);
        for (Selection.Method method : assignment.selection().by()) {
            switch (method) {
                case CORRELATION -> step.byCorrelation();
                case MUTUAL_INFORMATION -> step.byInformation();
                case IMPORTANCE -> step.byImportance();
            }
        }
        return step.selected();
    }

    private Selected selected() {
        if (kept().isEmpty()) {
            throw new InvalidInputException("train.select: no feature tells anything of the label that chance wouldn't"
                    + " (expected: one). Name those to keep under 'keep', or look for other features.");
        }
        return new Selected(
                List.copyOf(fates.values()),
                train.rows(),
                assignment.judges() ? validation.rows() : 0,
                assignment.judges() ? Optional.of(loss()) : Optional.empty(),
                together,
                Optional.empty());
    }

    private String loss() {
        return assignment.task().isClassification() ? "log loss" : "squared error";
    }

    private List<Input> kept() {
        return assignment.inputs().stream()
                .filter(input -> isUsed(input.name()))
                .toList();
    }

    private void decide(String feature, boolean keep, String reason) {
        boolean kept = keep || assignment.isKept(feature);
        fates.put(feature, new Fate(feature, kept, kept && !keep ? reason + "; kept as 'keep' says" : reason));
    }

    /** Of features that say the same, keeps the one that tells most of the label. */
    private void byCorrelation() {
        List<Input> inputs = kept();
        Frame rows = columns(some(train, CORRELATION_ROWS).frame(), inputs);
        double[][] strengths = FeatureAssociations.of(rows);
        for (List<Integer> cluster :
                CompleteLinkage.clusters(strengths, assignment.selection().correlation())) {
            if (cluster.size() == 1) {
                decide(
                        inputs.get(cluster.getFirst()).name(),
                        true,
                        "goes with no other feature as closely as "
                                + number(assignment.selection().correlation()));
                continue;
            }
            int best = cluster.stream()
                    .max(Comparator.comparing((Integer place) ->
                                    assignment.isKept(inputs.get(place).name()))
                            .thenComparing(place -> relevance(inputs.get(place)).information())
                            .thenComparing(Comparator.reverseOrder()))
                    .orElseThrow();
            String name = inputs.get(best).name();
            for (int place : cluster) {
                decide(
                        inputs.get(place).name(),
                        place == best,
                        place == best
                                ? "stands for " + cluster.size() + " that go together"
                                : "goes with " + name + " (" + number(strengths[place][best])
                                        + "), which tells more of the label");
            }
        }
    }

    private void byInformation() {
        for (Input input : kept()) {
            Relevance relevance = relevance(input);
            decide(
                    input.name(),
                    relevance.isBeyondNoise(),
                    String.format(
                            Locale.ROOT,
                            "tells %.4f nats of the label; of shuffled labels it seems to tell up to %.4f",
                            relevance.information(),
                            relevance.noise()));
        }
    }

    private Relevance relevance(Input input) {
        return relevances.computeIfAbsent(input.name(), name -> {
            LabelledFrame rows = some(train, INFORMATION_ROWS);
            return Relevance.of(rows.frame().column(name), rows.labels(), assignment.seed());
        });
    }

    /** Keeps what a model trained with all needs on rows that it wasn't trained on. */
    private void byImportance() {
        List<Input> inputs = kept();
        Model whole = fit(inputs);
        Map<String, LossChange> changes = ShuffledLoss.of(
                whole::predict,
                columns(validation.frame(), inputs),
                validation.labels(),
                REPEATS,
                assignment.seed(),
                progress);
        changes.forEach((feature, change) -> {
            boolean helps = helps(change);
            decide(
                    feature,
                    helps,
                    "shuffled, the " + loss() + " changes by " + described(change)
                            + (helps ? "" : ": no more than by chance"));
        });
        takeBack(whole, columns(validation.frame(), inputs), changes);
    }

    /** Takes back what looked needless one by one and isn't together, as features that stand in for each other are. */
    private void takeBack(Model whole, Frame rows, Map<String, LossChange> changes) {
        List<String> out = new ArrayList<>(changes.keySet().stream()
                .filter(feature -> !isUsed(feature))
                .sorted(Comparator.comparingDouble((String feature) -> mean(changes, feature))
                        .reversed())
                .toList());
        while (!out.isEmpty()) {
            String first = out.getFirst();
            LossChange change = ShuffledLoss.together(
                    whole::predict, rows, validation.labels(), new HashSet<>(out), REPEATS, assignment.seed());
            boolean stays = Objects.requireNonNull(changes.get(first)).low() <= 0 || !helps(change);
            if (stays || !isMissed(whole, rows)) {
                together = Optional.of(new Change(change.mean(), change.low(), change.high()));
                return;
            }
            out.remove(first);
            decide(
                    first,
                    true,
                    "shuffled with " + Text.count(out.size(), "other") + " that were to be left out, the " + loss()
                            + " changes by " + described(change));
        }
    }

    /** Whether a model without those that are to go is worse: what shuffling shows may be that it makes rows that don't exist. */
    private boolean isMissed(Model whole, Frame rows) {
        List<Input> rest = kept();
        if (rest.isEmpty()) {
            return true;
        }
        Model narrow = fit(rest);
        return LossChange.of(
                                RowLosses.of(validation.labels(), whole.predict(rows)),
                                RowLosses.of(validation.labels(), narrow.predict(columns(rows, rest))))
                        .low()
                > 0;
    }

    private static boolean helps(LossChange change) {
        return change.mean() > 0 && change.pValue() < SIGNIFICANT;
    }

    private boolean isUsed(String feature) {
        return Objects.requireNonNull(fates.get(feature)).kept();
    }

    private static double mean(Map<String, LossChange> changes, String feature) {
        return Objects.requireNonNull(changes.get(feature)).mean();
    }

    /** A model of the judging learner. */
    private interface Model {
        Predictions predict(Frame frame);
    }

    private Model fit(List<Input> inputs) {
        LabelledFrame fitted = part(train, row -> row % STOPPING != 0);
        LabelledFrame stopping = part(train, row -> row % STOPPING == 0);
        TrainingData data = new TrainingData(
                inputs, assignment.task(), fitted.frame(), fitted.labels(), stopping.frame(), stopping.labels());
        ChosenLearner judge = assignment.judge();
        return judge.learner().fit(data, judge.parameters(), assignment.seed(), progress)::predict;
    }

    private static LabelledFrame part(LabelledFrame rows, IntPredicate chosen) {
        return choose(rows, IntStream.range(0, rows.rows()).filter(chosen).toArray());
    }

    /** Rows that are spread evenly. */
    private static LabelledFrame some(LabelledFrame rows, int atMost) {
        if (rows.rows() <= atMost) {
            return rows;
        }
        return choose(
                rows,
                IntStream.range(0, atMost)
                        .map(i -> (int) ((long) i * rows.rows() / atMost))
                        .toArray());
    }

    private static LabelledFrame choose(LabelledFrame rows, int[] places) {
        Labels labels = rows.labels().select(places);
        long[] ids =
                IntStream.of(places).mapToLong(place -> rows.rowIds()[place]).toArray();
        return new LabelledFrame(rows.frame().select(places), labels, ids, new long[0]);
    }

    private static Frame columns(Frame frame, List<Input> inputs) {
        List<FeatureColumn> columns = new ArrayList<>();
        inputs.forEach(input -> columns.add(frame.column(input.name())));
        return new Frame(frame.rows(), columns);
    }

    private static String described(LossChange change) {
        return String.format(Locale.ROOT, "%+.4g (%+.4g to %+.4g)", change.mean(), change.low(), change.high());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
