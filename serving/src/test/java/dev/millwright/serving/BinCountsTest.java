package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BinCountsTest {
    private static final int BINS = 1_000;

    private final BinCounts counts = new BinCounts(BINS);

    @Test
    void countsAndSubtractsAndAdds_asAnArrayOfAllBinsWould() {
        Random random = new Random(7);
        long[] expected = new long[counts.snapshot().toArray().length];
        Bins before = counts.snapshot();
        long[] expectedBefore = expected.clone();
        for (int i = 0; i < 5_000; i++) {
            if (i == 2_000) {
                before = counts.snapshot();
                expectedBefore = expected.clone();
            }
            // In few stretches at first, and later in others.
            int bin = i < 2_000 ? random.nextInt(40) : 700 + random.nextInt(BINS - 700);
            counts.increment(bin);
            expected[bin]++;
        }
        Bins now = counts.snapshot();
        Bins lately = now.minus(before);
        long[] earlier = expectedBefore;

        assertThat(expected).hasSizeGreaterThanOrEqualTo(BINS);
        assertThat(now.toArray()).isEqualTo(expected);
        assertThat(now.total()).isEqualTo(5_000);
        assertThat(before.toArray()).isEqualTo(earlier);
        assertThat(lately.toArray())
                .isEqualTo(IntStream.range(0, expected.length)
                        .mapToLong(bin -> expected[bin] - earlier[bin])
                        .toArray());
        assertThat(lately.plus(before).toArray()).isEqualTo(expected);
        assertThat(now.upTo(800)).isEqualTo(LongStream.of(expected).limit(801).sum());
    }

    @Test
    void findsTheBinOfARank() {
        for (int bin : new int[] {3, 3, 64, 999}) {
            counts.increment(bin);
        }
        Bins now = counts.snapshot();

        assertThat(IntStream.rangeClosed(1, 5).map(now::find)).containsExactly(3, 3, 64, 999, -1);
        assertThat(now.find(0)).isEqualTo(3);
        assertThat(new BinCounts(BINS).snapshot().find(1)).isEqualTo(-1);
        assertThat(Bins.NONE.find(0)).isEqualTo(-1);
    }

    @Test
    void losesNothingToThreads() throws InterruptedException {
        Thread[] threads = IntStream.range(0, 8)
                .mapToObj(_ -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        counts.increment(i % BINS);
                    }
                }))
                .toArray(Thread[]::new);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(LongStream.of(counts.snapshot().toArray()).limit(BINS)).containsOnly(80L);
    }
}
