package dev.millwright.pipelines;

import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.data.LabelledFrame;
import dev.millwright.evaluation.Comparison;
import dev.millwright.evaluation.Evaluator;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.evaluation.Metrics;
import dev.millwright.evaluation.PairedBootstrap;
import dev.millwright.pipelines.PipelineFile.Gate;
import dev.millwright.pipelines.StepOutputs.GateVerdict;
import dev.millwright.pipelines.StepOutputs.Score;
import dev.millwright.serving.ModelRuntime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Judges the gates of a pipeline on rows that the model was not trained on. */
final class GateStep {
    private static final long SEED = 20;

    private GateStep() {}

    /**
     * The champion to beat.
     *
     * @param version its number
     * @param trainedOn the ids of the rows that it was trained and tuned on; empty when they are no longer known
     * @param test the challenger's test rows as the champion's own view computes them, in the same order; empty when it
     *     can't be computed on the data of this run
     */
    record Champion(int version, ModelRuntime runtime, Optional<Set<Long>> trainedOn, Optional<Frame> test) {}

    /** Judges every gate, so that the report tells all of them and not just the first that refuses. */
    static List<GateVerdict> judge(
            List<Gate> gates,
            Map<String, Score> testScores,
            LabelledFrame test,
            ModelRuntime challenger,
            Optional<Champion> champion) {
        return gates.stream()
                .map(gate -> switch (gate) {
                    case Gate.Bound bound -> bound(bound, testScores);
                    case Gate.Champion against -> against(against, test, challenger, champion);
                })
                .toList();
    }

    private static GateVerdict bound(Gate.Bound gate, Map<String, Score> scores) {
        Optional<Double> value = Optional.ofNullable(scores.get(gate.metric())).flatMap(Score::value);
        if (value.isEmpty()) {
            return new GateVerdict(
                    gate.text().text(),
                    false,
                    value,
                    gate.metric() + " is undefined on the test rows (are there both classes among them?)");
        }
        boolean passed = gate.comparison().holds(value.get(), gate.bound());
        return new GateVerdict(
                gate.text().text(), passed, value, gate.metric() + " is " + number(value.get()) + " on the test rows");
    }

    private static GateVerdict against(
            Gate.Champion gate, LabelledFrame test, ModelRuntime challenger, Optional<Champion> known) {
        String text = gate.text().text();
        if (known.isEmpty()) {
            return new GateVerdict(text, true, Optional.empty(), "there is no other champion");
        }
        Champion champion = known.get();
        if (champion.trainedOn().isEmpty()) {
            return new GateVerdict(
                    text,
                    false,
                    Optional.empty(),
                    "the training rows of version " + champion.version()
                            + " are no longer known, so no row is known to be new to it");
        }
        if (champion.test().isEmpty()) {
            return new GateVerdict(
                    text,
                    false,
                    Optional.empty(),
                    "the feature view of version " + champion.version()
                            + " cannot be computed on the data of this run, so the two cannot be compared");
        }
        int[] fresh = IntStream.range(0, test.frame().rows())
                .filter(row -> !champion.trainedOn().get().contains(test.rowIds()[row]))
                .toArray();
        if (fresh.length == 0) {
            return new GateVerdict(
                    text,
                    false,
                    Optional.empty(),
                    "version " + champion.version()
                            + " was trained on every test row, so nothing fair is left to compare on");
        }
        return compare(gate, text, test, challenger, champion, fresh);
    }

    private static GateVerdict compare(
            Gate.Champion gate,
            String text,
            LabelledFrame test,
            ModelRuntime challenger,
            Champion champion,
            int[] fresh) {
        MetricSpec metric = Metrics.find(gate.metric()).orElseThrow();
        Labels labels = test.labels().select(fresh);
        Predictions before =
                champion.runtime().predict(champion.test().orElseThrow().select(fresh));
        Predictions after = challenger.predict(test.frame().select(fresh));
        Comparison comparison =
                PairedBootstrap.compare(metric, labels, before, after, Evaluator.defaultResamples(fresh.length), SEED);
        String reason = String.format(
                Locale.ROOT,
                "%s %s against %s of version %d on %,d rows that neither trained on; better by %s, 95%% interval %s to %s",
                metric.name(),
                number(comparison.challenger()),
                number(comparison.champion()),
                champion.version(),
                fresh.length,
                number(comparison.difference()),
                number(comparison.low()),
                number(comparison.high()));
        return new GateVerdict(text, comparison.passes(), Scores.finite(comparison.difference()), reason);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
