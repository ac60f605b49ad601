package dev.millwright.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DivergenceTest {
    /** {@code scipy.spatial.distance.jensenshannon([10, 30, 60], [20, 30, 50], base=2)}, and PSI of the smoothed shares. */
    @Test
    void agreesWithSciPy() {
        long[] reference = {10, 30, 60};
        long[] sample = {20, 30, 50};
        assertThat(Divergence.jensenShannon(reference, sample)).isCloseTo(0.12465555976169065, within(1e-12));
        assertThat(Divergence.psi(reference, sample)).isCloseTo(0.08371622243708046, within(1e-12));
    }

    @Test
    void isZeroForEqualShares_andOneForNothingInCommon() {
        assertThat(Divergence.psi(new long[] {5, 0, 7}, new long[] {5, 0, 7})).isZero();
        assertThat(Divergence.jensenShannon(new long[] {1, 3}, new long[] {2, 6}))
                .isZero();
        assertThat(Divergence.jensenShannon(new long[] {4, 0}, new long[] {0, 9}))
                .isCloseTo(1, within(1e-15));
        assertThat(Divergence.jensenShannon(new long[] {0, 0}, new long[] {0, 9}))
                .isZero();
    }
}
