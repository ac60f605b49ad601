package dev.millwright.serving.rollout;

import static dev.millwright.serving.rollout.Rehearsal.MINUTE;
import static dev.millwright.serving.rollout.Rehearsal.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadowTest {
    private final Rehearsal rollout = new Rehearsal();

    @Test
    void comparesAnswers_andNeverReturnsThem() {
        rollout.start(plan(
                new Shadow(MINUTE, 500, 1, new Shadow.Then.Continue(new Canary(List.of(0.5, 1.0), MINUTE)))));
        rollout.restart();
        assertThat(rollout.answers()).containsOnlyKeys(1);
        assertThatThrownBy(() -> rollout.askFor(9, "x"))
                .hasMessage("version: 9 (expected: one that serves on churn: 1)");

        rollout.pass(MINUTE);

        assertThat(rollout.last().reason())
                .isEqualTo("1000 mirrored requests in 1m: 1000 of 1000 rows disagree, their numbers differ by 0.8000"
                        + " on average and 0.8000 at most");
        assertThat(rollout.last().figures().disagreement().orElseThrow().rows()).isEqualTo(1000);
        assertThat(rollout.answers().get(9)).isBetween(400, 600);
        rollout.restart();
        assertThat(rollout.answers().get(9)).isBetween(400, 600);
        assertThat(rollout.state().stage()).isEqualTo(1);
    }

    @Test
    void stops_whenThePlanSaysSo_orARuleIsBroken() {
        rollout.start(plan(new Shadow(MINUTE, 10, 1, new Shadow.Then.Stop())));
        rollout.answers();
        rollout.pass(MINUTE);
        assertThat(rollout.last()).isInstanceOf(RolloutDecision.RollBack.class);

        rollout.start(plan(new Shadow(Duration.ofDays(1), 10, 1, new Shadow.Then.Promote()), "disagreement > 5%"));
        rollout.answers();
        rollout.pass(MINUTE);
        assertThat(rollout.last().reason())
                .isEqualTo("disagreement > 5%: another answer for 1000 of 1000 rows that both answered");
        assertThat(rollout.answers()).containsOnlyKeys(1);
    }
}
