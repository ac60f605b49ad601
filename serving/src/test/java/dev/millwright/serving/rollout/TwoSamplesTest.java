package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TwoSamplesTest {
    private static final int BINS = 400;

    private static int bin(double value) {
        return Math.clamp((long) (BINS / 2 + 40 * value), 0, BINS - 1);
    }

    @Test
    void tellsSamplesApart_onlyWhenTheyDiffer() {
        SplittableRandom random = new SplittableRandom(7);
        long[] first = new long[BINS];
        long[] same = new long[BINS];
        long[] moved = new long[BINS];
        for (int i = 0; i < 2000; i++) {
            first[bin(random.nextGaussian())]++;
            same[bin(random.nextGaussian())]++;
            moved[bin(random.nextGaussian() + 1)]++;
        }
        assertThat(TwoSamples.compare(first, same).psi()).isLessThan(0.05);
        assertThat(TwoSamples.compare(first, same).pValue()).isGreaterThan(0.001);
        assertThat(TwoSamples.compare(first, moved).psi()).isGreaterThan(0.5);
        assertThat(TwoSamples.compare(first, moved).pValue()).isLessThan(1e-10);
    }
}
