package dev.millwright.plan.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.ColumnType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TileWindowStoreTest extends WindowStoreContract {
    private static final long HOUR = 3_600_000_000L;
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final long NOW_MICROS = NOW.toEpochMilli() * 1000;
    private static final List<WindowColumn> AMOUNT = List.of(new WindowColumn(ColumnType.BIGINT, Set.of(Measure.SUM)));
    private static final WindowShape ONE_HOUR =
            new WindowShape("hour", AMOUNT, OptionalLong.of(HOUR), OptionalLong.empty());
    private static final Span ALL = new Span.OfTime(Long.MIN_VALUE, Long.MAX_VALUE);

    @Override
    WindowStore store(List<WindowShape> shapes, Duration lateness) {
        return new TileWindowStore(shapes, lateness, InstantSource.fixed(NOW));
    }

    private static TileWindowStore hours() {
        return new TileWindowStore(List.of(ONE_HOUR), Duration.ofHours(1), InstantSource.fixed(NOW));
    }

    private static void add(WindowStore store, String key, long time) {
        store.append("hour", List.of(key), time, new @Nullable Object[] {1L});
    }

    private static long held(WindowStore store, String key) {
        return store.summarise("hour", List.of(key), List.of(ALL)).getFirst().events();
    }

    @Test
    void forgetsWhatNoWindowReaches() {
        TileWindowStore store = hours();
        for (long minute = 0; minute < 10_000; minute++) {
            add(store, "k", NOW_MICROS + (minute - 10_000) * HOUR / 60);
        }
        assertThat(held(store, "k")).isBetween(121L, 121L + 2 * Tile.CAPACITY);
    }

    @Test
    void remembersAsManyRowsAsAWindowTakes_howeverOldTheyAre() {
        WindowShape rows = new WindowShape("rows", AMOUNT, OptionalLong.empty(), OptionalLong.of(100));
        TileWindowStore store = new TileWindowStore(List.of(rows), Duration.ofHours(1), InstantSource.fixed(NOW));
        for (int day = 0; day < 1000; day++) {
            store.append("rows", List.of("k"), NOW_MICROS + (day - 1000) * 24L * HOUR, new @Nullable Object[] {1L});
        }
        store.forgetIdle();
        assertThat(store.summarise("rows", List.of("k"), List.of(ALL))
                        .getFirst()
                        .events())
                .isBetween(100L, 100L + 2 * Tile.CAPACITY);
    }

    @Test
    void forgetsNothingBecauseOfAnEventFromTheFuture() {
        TileWindowStore store = hours();
        for (long minute = 0; minute < 60; minute++) {
            add(store, "k", NOW_MICROS + (minute - 60) * HOUR / 60);
        }
        add(store, "k", NOW_MICROS + 9_000 * 24L * HOUR);
        add(store, "other", NOW_MICROS + 9_000 * 24L * HOUR);
        for (long second = 0; second < 60; second++) {
            add(store, "k", NOW_MICROS + second);
        }
        store.forgetIdle();
        Span lastHour = new Span.OfTime(NOW_MICROS - HOUR, NOW_MICROS + 100);
        assertThat(store.summarise("hour", List.of("k"), List.of(lastHour))
                        .getFirst()
                        .events())
                .isEqualTo(120);
    }

    @Test
    void forgetsKeysOfWhichNothingCame_andTakesThemUpAgain() {
        TileWindowStore store = hours();
        add(store, "idle", NOW_MICROS - 3 * HOUR);
        add(store, "late", NOW_MICROS - 2 * HOUR);
        add(store, "busy", NOW_MICROS);
        store.forgetIdle();
        assertThat(store.keys()).isEqualTo(2);
        assertThat(held(store, "idle")).isZero();

        add(store, "idle", NOW_MICROS);
        assertThat(held(store, "idle")).isOne();
        assertThat(held(store, "late")).isOne();
    }

    /** So many that the index has four levels, and every so often one that cuts a tile in two. */
    @Test
    void addsUpLongWindows_withLateEventsAmongThem() {
        WindowShape all = new WindowShape("hour", AMOUNT, OptionalLong.empty(), OptionalLong.empty());
        TileWindowStore store = new TileWindowStore(List.of(all), Duration.ofHours(1), InstantSource.fixed(NOW));
        int count = 300_000;
        long[] counts = new long[count];
        Random random = new Random(3);
        for (int i = 0; i < count; i++) {
            int time = random.nextInt(50) == 0 ? random.nextInt(i + 1) : i;
            counts[time]++;
            add(store, "k", time);
        }
        long[] before =
                LongStream.concat(LongStream.of(0), LongStream.of(counts)).toArray();
        for (int i = 1; i <= count; i++) {
            before[i] += before[i - 1];
        }
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(count);
            int to = from + random.nextInt(count - from);
            long expected = before[to + 1] - before[from];
            long newest = before[count] - before[to + 1];
            List<WindowSummary> summaries = store.summarise(
                    "hour",
                    List.of("k"),
                    List.of(new Span.OfTime(from, to), new Span.OfRows(Long.MAX_VALUE, newest, expected)));
            for (WindowSummary summary : summaries) {
                assertThat(summary.events()).isEqualTo(expected);
                assertThat(summary.wholeSum(0)).isEqualTo(expected);
            }
        }
    }
}
