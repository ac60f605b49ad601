package dev.millwright.serving.rollout;

import static dev.millwright.serving.rollout.Rehearsal.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BanditTest {
    private final Rehearsal rollout = new Rehearsal();

    @Test
    void givesTrafficToRewards_andComputesThemAgainAfterARestart() {
        rollout.start(
                new RolloutPlan(
                        new Bandit(0.05, MINUTE, Optional.empty(), List.of(4)),
                        List.of(),
                        new QualityScore.Correct(),
                        0.05,
                        100),
                4);
        assertThat(rollout.answers().values())
                .allSatisfy(answered -> assertThat(answered).isBetween(270, 400));
        rollout.label(1, 50, 50);
        rollout.label(4, 60, 40);
        rollout.label(9, 90, 10);
        rollout.pass(MINUTE);
        assertThat(rollout.last().reason()).isEqualTo("shares by reward: version 9 90 %, version 4 5 %, version 1 5 %");
        assertThat(rollout.answers().get(9)).isBetween(870, 930);

        rollout.restart();
        assertThat(rollout.answers().get(9)).isBetween(870, 930);
        int told = rollout.decisions().size();
        rollout.pass(MINUTE);
        assertThat(rollout.decisions()).hasSize(told);
        rollout.label(9, 0, 200);
        rollout.restart();
        rollout.pass(MINUTE);
        assertThat(rollout.answers().get(9)).isBetween(20, 80);
    }

    @Test
    void ends_whenOneVersionIsSurelyTheBest() {
        rollout.start(new RolloutPlan(
                new Bandit(0, MINUTE, Optional.of(0.99), List.of()), List.of(), new QualityScore.Correct(), 0.05, 100));
        rollout.label(1, 100, 100);
        rollout.label(9, 90, 9);
        rollout.pass(MINUTE);
        assertThat(rollout.find()).isPresent();
        rollout.label(9, 1, 0);
        rollout.restart();
        rollout.pass(MINUTE);
        assertThat(rollout.last()).isInstanceOf(RolloutDecision.Finish.class);
        assertThat(rollout.last().reason()).startsWith("the best with probability 1.0000 after 100 rewards");
    }

    @Test
    void rejectsAFloorThatLeavesNothingToShare() {
        assertThatThrownBy(() -> new Bandit(0.5, MINUTE, Optional.empty(), List.of()))
                .hasMessage("floor: 50 % for each of 2 versions (expected: less than 50 %)");
    }
}
