package dev.millwright.serving.rollout;

import static dev.millwright.serving.rollout.Rehearsal.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.serving.Models;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.StickyKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a plan can't be followed with a model, most of all one that answers with tensors. */
class RolloutCheckTest {
    private static final Canary CANARY = new Canary(List.of(0.5, 1.0), Duration.ofMinutes(1));

    private static void require(RolloutPlan plan) {
        RolloutCheck.require(plan, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"error_rate > 1%", "p99 > 50ms", "disagreement > 5%", "mean_difference > 0.1"})
    void acceptsRulesThatTensorsCanBreak(String rule) {
        assertThatCode(() -> require(plan(CANARY, rule))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"output_psi > 0.25", "quality < champion - 1%"})
    void refusesRulesThatTensorsCouldNeverBreak_namingThoseThatTheyCan(String rule) {
        RolloutPlan plan = plan(CANARY, "error_rate > 1%", rule);
        assertThatThrownBy(() -> require(plan))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("rollout.roll_back_if: " + rule + ": can't be judged by tensors, with which this model"
                        + " answers (expected: error_rate, a latency, disagreement or mean_difference).");
        assertThatCode(() -> RolloutCheck.require(plan, Optional.of(Models.BINARY)))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesStrategiesAndScoresThatNeedLabels() {
        assertThatThrownBy(() -> require(plan(new AbTest(0.5, StickyKey.CLIENT_ID, Optional.empty()))))
                .hasMessage("rollout.ab: goes by labels of predictions, and this model answers with tensors, which get"
                        + " none (expected: canary, blue_green, shadow or conditions).");
        assertThatThrownBy(() -> require(new RolloutPlan(
                        new Bandit(0.05, Duration.ofMinutes(1), Optional.empty(), List.of()),
                        List.of(),
                        new QualityScore.Correct(),
                        0.05,
                        100)))
                .hasMessageStartingWith("rollout.bandit: goes by labels of predictions");
        assertThatThrownBy(() -> require(new RolloutPlan(CANARY, List.of(), new QualityScore.Correct(), 0.05, 100)))
                .hasMessage("rollout.score: correct: is of labelled predictions, and this model answers with tensors"
                        + " (expected: none). Leave it out.");
    }

    @Test
    void refusesAMeanDifference_ofAModelWithoutFloatingPoint() {
        List<TensorMetadata> labels = List.of(new TensorMetadata("label", Datatype.INT64, -1));
        RolloutPlan plan = plan(CANARY, "mean_difference > 0.1");
        assertThatThrownBy(() -> RolloutCheck.requireNumbers(plan, labels))
                .hasMessage(
                        "rollout.roll_back_if: mean_difference is about floating-point numbers, and this model gives"
                                + " none (expected: such as disagreement > 5%).");
        assertThatCode(() -> RolloutCheck.requireNumbers(plan(CANARY, "disagreement > 5%"), labels))
                .doesNotThrowAnyException();
        assertThatCode(() -> RolloutCheck.requireNumbers(
                        plan, List.of(labels.getFirst(), new TensorMetadata("score", Datatype.FP64, -1))))
                .doesNotThrowAnyException();
    }

    @Test
    void namesEverythingThatRowsCannotMeet() {
        Conditions conditions =
                new Conditions(List.of(new Conditions.Rule(RequestCondition.parse("city = 'Bonn'"), Optional.empty())));
        assertThat(RolloutCheck.problems(
                        plan(conditions, "disagreement > 5%"),
                        Models.REGRESSION.inputs().subList(0, 2),
                        List.of(Models.REGRESSION.task())))
                .containsExactly(
                        "when: no input column 'city' (expected: one that the model takes). Known: age, amount.",
                        "roll_back_if: disagreement is about labels, and this model predicts numbers (expected: such as"
                                + " mean_difference > 5).");
        assertThatThrownBy(() -> require(plan(conditions)))
                .hasMessageStartingWith("rollout.when: no input column 'city'");
    }
}
