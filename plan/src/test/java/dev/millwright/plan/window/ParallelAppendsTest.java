package dev.millwright.plan.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.ColumnType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParallelAppendsTest {
    private static final WindowShape SHAPE = new WindowShape(
            "w",
            List.of(new WindowColumn(ColumnType.DOUBLE, Set.of(Measure.values()))),
            OptionalLong.empty(),
            OptionalLong.empty());
    private static final ThreadFactory THREADS = Thread.ofPlatform().factory();

    private static TileWindowStore store() {
        return new TileWindowStore(List.of(SHAPE), Duration.ofDays(1), InstantSource.system());
    }

    /** To the last bit: each key's events come in the order in which they would on one thread. */
    @Test
    void fillsAStoreAsOneThreadDoes() {
        Random random = new Random(9);
        TileWindowStore alone = store();
        TileWindowStore together = store();
        try (ParallelAppends appends = new ParallelAppends(together, 3, THREADS)) {
            for (int i = 0; i < 20_000; i++) {
                List<@Nullable Object> key = List.of((long) random.nextInt(50));
                @Nullable Object[] values = {random.nextGaussian()};
                long time = random.nextInt(500);
                alone.append("w", key, time, values);
                appends.append("w", key, time, values);
            }
        }
        for (long key = 0; key < 50; key++) {
            List<Span> spans = List.of(new Span.OfTime(7, 311), new Span.OfRows(400, 3, 20));
            List<WindowSummary> expected = alone.summarise("w", List.of(key), spans);
            List<WindowSummary> filled = together.summarise("w", List.of(key), spans);
            for (int i = 0; i < spans.size(); i++) {
                assertThat(filled.get(i).events()).isEqualTo(expected.get(i).events());
                assertThat(filled.get(i).realSum(0)).isEqualTo(expected.get(i).realSum(0));
                assertThat(filled.get(i).deviations(0))
                        .isEqualTo(expected.get(i).deviations(0));
            }
        }
    }

    @Test
    void saysWhatAnAppendFailedWith_howeverMuchComesAfterIt() {
        ParallelAppends appends = new ParallelAppends(store(), 2, THREADS);
        appends.append("w", List.of(1L), 0, new @Nullable Object[] {"a text"});
        for (long i = 0; i < 50_000; i++) {
            appends.append("w", List.of(i % 10), i, new @Nullable Object[] {1.0});
        }
        assertThatThrownBy(appends::close)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("value: class java.lang.String (expected: what a row holds)");
    }

    @Test
    void isNotRead() {
        try (ParallelAppends appends = new ParallelAppends(store(), 1, THREADS)) {
            assertThatThrownBy(() -> appends.summarise("w", List.of(1L), List.of()))
                    .hasMessage("window: w is being filled (expected: one that nobody reads)");
        }
    }
}
