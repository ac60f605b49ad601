package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem.Position;
import dev.millwright.core.Task;
import dev.millwright.data.LabelledFrame;
import dev.millwright.pipelines.PipelineFile.Comparison;
import dev.millwright.pipelines.PipelineFile.Gate;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.StepOutputs.GateVerdict;
import dev.millwright.pipelines.StepOutputs.Score;
import dev.millwright.serving.ModelRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GateStepTest {
    private static final List<String> CLASSES = List.of("no", "yes");
    private static final int ROWS = 400;
    private static final LabelledFrame TEST = test();
    private static final Gate BETTER = new Gate.Champion(located("roc_auc > champion"), "roc_auc", Comparison.ABOVE);

    /** Scores a row by the column x and noise: the less of it, the better the model. */
    private record Noisy(double noise) implements ModelRuntime {
        @Override
        public ModelSignature signature() {
            return new ModelSignature(
                    Task.BINARY, List.of(new ModelSignature.Input("x", ModelSignature.InputType.NUMBER)), CLASSES, 0.5);
        }

        @Override
        public Predictions predict(Frame rows) {
            float[] x = ((FeatureColumn.Numeric) rows.column("x")).values();
            Random random = new Random(3);
            float[] probabilities = new float[2 * x.length];
            int[] labels = new int[x.length];
            for (int row = 0; row < x.length; row++) {
                double score = 1 / (1 + Math.exp(-x[row] - noise * random.nextGaussian()));
                probabilities[2 * row] = (float) (1 - score);
                probabilities[2 * row + 1] = (float) score;
                labels[row] = score >= 0.5 ? 1 : 0;
            }
            return new Predictions.Classes(CLASSES, probabilities, labels);
        }

        @Override
        public void close() {}
    }

    private static LabelledFrame test() {
        Random random = new Random(5);
        float[] x = new float[ROWS];
        int[] labels = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            labels[row] = row % 2;
            x[row] = (float) (labels[row] * 2 - 1 + random.nextGaussian());
        }
        return new LabelledFrame(
                new Frame(ROWS, List.of(new FeatureColumn.Numeric("x", x))),
                new Labels.Classes(CLASSES, labels),
                LongStream.range(0, ROWS).toArray(),
                new long[0]);
    }

    private static Located located(String text) {
        return new Located(text, new Position("p.yaml", 1, 1));
    }

    private static GateVerdict judge(ModelRuntime challenger, Optional<GateStep.Champion> champion) {
        return GateStep.judge(List.of(BETTER), Map.of(), TEST, challenger, champion)
                .getFirst();
    }

    private static Optional<GateStep.Champion> champion(double noise, Set<Long> trainedOn) {
        return Optional.of(
                new GateStep.Champion(4, new Noisy(noise), Optional.of(trainedOn), Optional.of(TEST.frame())));
    }

    @Test
    void passes_andSaysSo_whenThereIsNoChampion() {
        assertThat(judge(new Noisy(0), Optional.empty()))
                .isEqualTo(new GateVerdict("roc_auc > champion", true, Optional.empty(), "there is no other champion"));
    }

    @Test
    void passesWhatIsClearlyBetter_andRefusesTheReverse() {
        assertThat(judge(new Noisy(0), champion(4, Set.of()))).satisfies(verdict -> {
            assertThat(verdict.passed()).isTrue();
            assertThat(verdict.value()).get().satisfies(gain -> assertThat(gain).isPositive());
            assertThat(verdict.reason()).contains("of version 4 on 400 rows that neither trained on; better by ");
        });
        assertThat(judge(new Noisy(4), champion(0, Set.of())).passed()).isFalse();
    }

    @Test
    void refusesWhatIsOnlyAsGood() {
        assertThat(judge(new Noisy(1), champion(1, Set.of()))).satisfies(verdict -> {
            assertThat(verdict.passed()).isFalse();
            assertThat(verdict.value()).contains(0.0);
        });
    }

    @Test
    void comparesOnRowsOnly_thatTheChampionWasNotTrainedOn() {
        Set<Long> seen = LongStream.range(0, 300).boxed().collect(Collectors.toSet());

        assertThat(judge(new Noisy(0), champion(4, seen)).reason()).contains(" on 100 rows ");
    }

    @Test
    void refuses_whenNoRowIsNewToTheChampion() {
        Set<Long> all = LongStream.range(0, ROWS).boxed().collect(Collectors.toSet());

        assertThat(judge(new Noisy(0), champion(4, all)))
                .isEqualTo(new GateVerdict(
                        "roc_auc > champion",
                        false,
                        Optional.empty(),
                        "version 4 was trained on every test row, so nothing fair is left to compare on"));
    }

    @Test
    void refuses_whenTheChampionsRowsOrItsViewAreUnknown() {
        Noisy runtime = new Noisy(4);

        assertThat(judge(
                                new Noisy(0),
                                Optional.of(
                                        new GateStep.Champion(4, runtime, Optional.empty(), Optional.of(TEST.frame()))))
                        .reason())
                .isEqualTo("the training rows of version 4 are no longer known, so no row is known to be new to it");
        assertThat(judge(
                                new Noisy(0),
                                Optional.of(new GateStep.Champion(4, runtime, Optional.of(Set.of()), Optional.empty())))
                        .reason())
                .startsWith("the feature view of version 4 cannot be computed on the data of this run");
    }

    @Test
    void judgesBounds_andRefusesWhatIsUndefined() {
        Gate high = new Gate.Bound(located("roc_auc >= 0.8"), "roc_auc", Comparison.AT_LEAST, 0.8);
        Gate low = new Gate.Bound(located("log_loss <= 0.3"), "log_loss", Comparison.AT_MOST, 0.3);
        Map<String, Score> scores = Map.of(
                "roc_auc",
                new Score(Optional.of(0.8), Optional.empty(), Optional.empty()),
                "log_loss",
                new Score(Optional.empty(), Optional.empty(), Optional.empty()));

        assertThat(GateStep.judge(List.of(high, low), scores, TEST, new Noisy(0), Optional.empty()))
                .containsExactly(
                        new GateVerdict("roc_auc >= 0.8", true, Optional.of(0.8), "roc_auc is 0.8000 on the test rows"),
                        new GateVerdict(
                                "log_loss <= 0.3",
                                false,
                                Optional.empty(),
                                "log_loss is undefined on the test rows (are there both classes among them?)"));
    }
}
