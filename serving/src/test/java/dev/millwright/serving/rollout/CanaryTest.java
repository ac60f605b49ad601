package dev.millwright.serving.rollout;

import static dev.millwright.serving.rollout.Rehearsal.MINUTE;
import static dev.millwright.serving.rollout.Rehearsal.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanaryTest {
    private final Rehearsal rollout = new Rehearsal();

    @Test
    void mirrorsSomeRequests_whenARuleComparesAnswers() {
        rollout.start(plan(new Canary(List.of(0.5, 1.0), Duration.ofDays(1)), "mean_difference > 0.5"));
        rollout.answers();
        rollout.answers();
        rollout.answers();
        rollout.answers();
        rollout.pass(MINUTE);
        assertThat(rollout.last().reason()).startsWith("mean_difference > 0.5: 0.8000 on average over ");
        assertThat(rollout.last().figures().disagreement().orElseThrow().rows()).isBetween(150L, 250L);
    }

    @Test
    void turnsBackOnQuality() {
        rollout.start(plan(new Canary(List.of(0.5, 1.0), Duration.ofDays(1)), "quality < champion - 5%"));
        rollout.label(1, 290, 10);
        rollout.label(9, 200, 100);
        rollout.pass(MINUTE);
        assertThat(rollout.last().reason()).startsWith("quality < champion - 5%: brier differs by -0.3000 [-0.");
    }

    @Test
    void pauseStopsTime_butNotTheRules() {
        rollout.start(plan(new Canary(List.of(0.5, 1.0), MINUTE), "error_rate > 1%"));
        rollout.pass(Duration.ofSeconds(30));
        rollout.pause();
        rollout.restart();
        rollout.answers();
        rollout.pass(Duration.ofHours(5));
        assertThat(rollout.last()).isInstanceOf(RolloutDecision.Pause.class);
        rollout.resume();
        rollout.pass(Duration.ofSeconds(29));
        assertThat(rollout.last()).isInstanceOf(RolloutDecision.Resume.class);
        rollout.pass(Duration.ofSeconds(1));
        assertThat(rollout.last()).isInstanceOf(RolloutDecision.Advance.class);

        rollout.pause();
        IntStream.range(0, 100)
                .forEach(_ -> assertThatThrownBy(() -> rollout.askFor(9, "bad")).isNotNull());
        rollout.pass(Duration.ofSeconds(10));
        assertThat(rollout.last()).isInstanceOf(RolloutDecision.RollBack.class);
    }
}
