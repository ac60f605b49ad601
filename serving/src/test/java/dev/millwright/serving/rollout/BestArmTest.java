package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.serving.rollout.BestArm.Arm;
import java.util.List;
import org.junit.jupiter.api.Test;

class BestArmTest {
    private static double[] probabilities(Arm... arms) {
        return BestArm.probabilities(List.of(arms));
    }

    /** Of Beta(1, 1) against Beta(2, 1), the integral is 2/3; of Beta(3, 2) against Beta(2, 3) it is 53/70. */
    @Test
    void agreesWithTheIntegral() {
        assertThat(probabilities(new Arm(0, 0), new Arm(1, 1))[1]).isCloseTo(2.0 / 3, within(1e-3));
        assertThat(probabilities(new Arm(2, 3), new Arm(1, 3))[0]).isCloseTo(53.0 / 70, within(1e-3));
    }

    @Test
    void sharesEvenly_whenNothingIsKnown() {
        assertThat(probabilities(new Arm(0, 0), new Arm(0, 0), new Arm(0, 0)))
                .usingComparatorWithPrecision(1e-9)
                .containsExactly(1.0 / 3, 1.0 / 3, 1.0 / 3);
    }

    @Test
    void isSure_afterManyRewards() {
        assertThat(probabilities(new Arm(900, 1000), new Arm(700, 1000))[0]).isGreaterThan(0.999);
    }

    @Test
    void leavesEveryVersionItsFloor() {
        assertThat(BestArm.shares(new double[] {1, 0, 0}, 0.05))
                .usingComparatorWithPrecision(1e-9)
                .containsExactly(0.9, 0.05, 0.05);
    }
}
