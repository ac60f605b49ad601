package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Predictions;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VersionStatisticsTest {
    @Test
    void binsHoldTheirOwnTop_andFollowOneAnother() {
        for (int bin = 0; bin < LatencyBins.COUNT; bin++) {
            assertThat(LatencyBins.bin(LatencyBins.top(bin))).isEqualTo(bin);
            if (bin + 1 < LatencyBins.COUNT) {
                assertThat(LatencyBins.bin(LatencyBins.top(bin) + 1)).isEqualTo(bin + 1);
            }
        }
        assertThat(LatencyBins.bin(Long.MAX_VALUE)).isEqualTo(LatencyBins.COUNT - 1);
        assertThat(LatencyBins.bin(-5)).isZero();
    }

    @Test
    void quantilesAreAtMostAFewPercentHigh() {
        VersionStatistics statistics = new VersionStatistics(Models.REGRESSION);
        for (int i = 1; i <= 1000; i++) {
            statistics.recordSuccess(new Predictions.Values(new float[] {i}), i * 10_000L);
        }
        StatisticsSnapshot snapshot = statistics.snapshot();
        assertThat(snapshot.latency(0.99)).isBetween(Duration.ofNanos(9_900_000), Duration.ofNanos(10_220_000));
        assertThat(snapshot.latency(0.5)).isBetween(Duration.ofNanos(5_000_000), Duration.ofNanos(5_160_000));
        assertThat(snapshot.rows()).isEqualTo(1000);
        assertThat(snapshot.minus(snapshot).latency(0.99)).isEqualTo(Duration.ZERO);
    }

    @Test
    void outputBinsFollowTheOrderOfNumbers() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            float a = (float) (random.nextGaussian() * 100);
            float b = (float) (random.nextGaussian() * 100);
            assertThat(OutputBins.bin(Math.min(a, b))).isLessThanOrEqualTo(OutputBins.bin(Math.max(a, b)));
        }
        assertThat(OutputBins.bin(Float.NaN)).isBetween(0, OutputBins.NUMERIC - 1);
    }
}
