package dev.millwright.serving.rollout;

import static dev.millwright.serving.rollout.Rehearsal.MINUTE;
import static dev.millwright.serving.rollout.Rehearsal.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlueGreenTest {
    private final Rehearsal rollout = new Rehearsal();

    @Test
    void swapsAtOnce_andKeepsTheOldOneReady() {
        rollout.start(plan(new BlueGreen(Duration.ofMinutes(5), Duration.ofHours(1))));
        assertThat(rollout.answers()).containsOnlyKeys(1);
        assertThat(rollout.askFor(9, "x")).isEqualTo(9);

        rollout.restart();
        rollout.keepReady();
        rollout.pass(Duration.ofMinutes(5));
        assertThat(rollout.answers()).containsOnlyKeys(9);
        assertThat(rollout.askFor(1, "x")).isEqualTo(1);

        rollout.restart();
        rollout.pass(Duration.ofMinutes(59));
        assertThat(rollout.find()).isPresent();
        rollout.pass(MINUTE);
        assertThat(rollout.last()).isInstanceOf(RolloutDecision.Finish.class);
        assertThat(rollout.answers()).containsOnlyKeys(9);
    }

    @Test
    void returnsAtOnce_whenARuleIsBroken() {
        rollout.start(plan(new BlueGreen(Duration.ZERO, Duration.ofHours(1)), "error_rate > 1%"));
        assertThat(rollout.answers()).containsOnlyKeys(9);
        IntStream.range(0, 200)
                .forEach(_ -> assertThatThrownBy(() -> rollout.askFrom("bad")).isNotNull());

        rollout.pass(MINUTE);

        assertThat(rollout.answers()).containsOnlyKeys(1);
        assertThat(rollout.last().reason()).isEqualTo("error_rate > 1%: 200 of 1200 requests failed");
    }
}
