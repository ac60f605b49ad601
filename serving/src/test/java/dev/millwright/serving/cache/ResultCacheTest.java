package dev.millwright.serving.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ResultCacheTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final CacheCounts counts = new CacheCounts();

    private ResultCache cache(long size, long memory) {
        return new ResultCache(new CacheOptions(size, Duration.ofMinutes(10), memory), now::get, 7, counts);
    }

    private static Frame rows(float number, String... texts) {
        float[] numbers = new float[texts.length];
        Arrays.fill(numbers, number);
        return new Frame(
                texts.length,
                List.of(new FeatureColumn.Numeric("number", numbers), new FeatureColumn.Text("text", texts)));
    }

    private float ask(ResultCache cache, Frame rows) {
        Predictions.Values values = (Predictions.Values) cache.predict(
                        rows,
                        () -> CompletableFuture.completedFuture(
                                new Predictions.Values(new float[] {asked.incrementAndGet()})))
                .join();
        return values.values()[0];
    }

    @Test
    void asksTheModelOnce_forTheSameRow() {
        ResultCache cache = cache(10, 1_000_000);
        assertThat(ask(cache, rows(1, "a"))).isEqualTo(1);
        assertThat(ask(cache, rows(1, "a"))).isEqualTo(1);
        assertThat(ask(cache, rows(1, "b"))).isEqualTo(2);
        assertThat(ask(cache, rows(2, "a"))).isEqualTo(3);
        CacheCounts.Snapshot counted = counts.snapshot();
        assertThat(counted.hits()).isEqualTo(1);
        assertThat(counted.misses()).isEqualTo(3);
    }

    @Test
    void takesMissingNumbersForEqual_andZerosOfOtherSignsNot() {
        ResultCache cache = cache(10, 1_000_000);
        assertThat(ask(cache, rows(Float.NaN, "a"))).isEqualTo(1);
        assertThat(ask(cache, rows(Float.intBitsToFloat(0x7fc00001), "a"))).isEqualTo(1);
        assertThat(ask(cache, rows(0f, "a"))).isEqualTo(2);
        assertThat(ask(cache, rows(-0f, "a"))).isEqualTo(3);
    }

    @Test
    void forgetsAnswers_thatAreTooOld() {
        ResultCache cache = cache(10, 1_000_000);
        ask(cache, rows(1, "a"));
        now.set(Duration.ofMinutes(10).toNanos() - 1);
        assertThat(ask(cache, rows(1, "a"))).isEqualTo(1);
        now.incrementAndGet();
        assertThat(ask(cache, rows(1, "a"))).isEqualTo(2);
    }

    @Test
    void keepsNoMoreThanItMay() {
        ResultCache few = cache(10, 1_000_000);
        IntStream.range(0, 1_000).forEach(row -> ask(few, rows(row, "a")));
        assertThat(few.size()).isLessThanOrEqualTo(10);
        ResultCache small = cache(1_000_000, 100_000);
        IntStream.range(0, 1_000).forEach(row -> ask(small, rows(row, "x".repeat(5_000))));
        assertThat(small.size()).isLessThanOrEqualTo(10);
    }

    @Test
    void passesBatchesOn_withoutCountingThem() {
        ResultCache cache = cache(10, 1_000_000);
        ask(cache, rows(1, "a", "b"));
        ask(cache, rows(1, "a", "b"));
        assertThat(asked).hasValue(2);
        assertThat(counts.snapshot().misses()).isZero();
    }

    @Test
    void keepsNothing_whenTheModelFails() {
        ResultCache cache = cache(10, 1_000_000);
        assertThatThrownBy(() -> cache.predict(rows(1, "a"), () -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        assertThat(ask(cache, rows(1, "a"))).isEqualTo(1);
        assertThat(counts.snapshot().misses()).isEqualTo(1);
    }

    private static Tensor packed(ByteBuffer buffer, long... shape) {
        return new Tensor("x", Datatype.INT32, shape, new TensorValues.Packed(buffer));
    }

    private static ByteBuffer ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.flip();
    }

    private int ask(ResultCache cache, Tensor tensor) {
        List<Tensor> answer = cache.run(
                        List.of(tensor),
                        () -> CompletableFuture.completedFuture(List.of(packed(ints(asked.incrementAndGet()), 1))))
                .join();
        return (int) ((TensorValues.Packed) answer.getFirst().values()).number(Datatype.INT32, 0);
    }

    @Test
    void comparesTensors_byTypeShapeAndValues() {
        ResultCache cache = cache(10, 1_000_000);
        assertThat(ask(cache, packed(ints(1, 2), 2, 1))).isEqualTo(1);
        assertThat(ask(cache, packed(ints(1, 2), 2, 1))).isEqualTo(1);
        assertThat(ask(cache, packed(ints(1, 2), 1, 2))).isEqualTo(2);
        assertThat(ask(cache, packed(ints(1, 3), 2, 1))).isEqualTo(3);
        assertThat(ask(cache, Tensor.of("x", new float[] {1, 2}, 2, 1))).isEqualTo(4);
        assertThat(ask(cache, Tensor.of("x", new String[] {"1", "2"}, 2, 1))).isEqualTo(5);
        assertThat(ask(cache, Tensor.of("x", new String[] {"1", "2"}, 2, 1))).isEqualTo(5);
    }

    @Test
    void holdsOnToNothing_thatARequestMayUseAgain() {
        ResultCache cache = cache(10, 1_000_000);
        ByteBuffer reused = ints(1, 2);
        assertThat(ask(cache, packed(reused, 2))).isEqualTo(1);
        reused.order(ByteOrder.LITTLE_ENDIAN).putInt(0, 9);
        assertThat(ask(cache, packed(reused, 2))).isEqualTo(2);
        assertThat(ask(cache, packed(ints(1, 2), 2))).isEqualTo(1);
    }

    @Test
    void passesTensorsOn_thatWouldFillIt() {
        ResultCache cache = cache(10, 100_000);
        Tensor large = packed(ByteBuffer.allocate(40_000), 10_000);
        ask(cache, large);
        ask(cache, large);
        assertThat(asked).hasValue(2);
        assertThat(counts.snapshot().misses()).isZero();
    }

    @Test
    void refusesOptions_thatMeanNothing() {
        assertThatThrownBy(() -> new CacheOptions(0, Duration.ZERO, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("size: 0 (expected: from 1")
                .hasMessageContaining("age: PT0S")
                .hasMessageContaining("memory: 1 bytes");
    }
}
