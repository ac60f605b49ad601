package dev.millwright.plan.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millwright.core.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each window store must do, held against arithmetic without rounding. */
abstract class WindowStoreContract {
    private static final int BIGINT = 0;
    private static final int DOUBLE = 1;
    private static final int VARCHAR = 2;
    private static final int BOOLEAN = 3;
    private static final int TIMESTAMP = 4;
    private static final int UNREAD = 5;

    static final List<WindowColumn> COLUMNS = List.of(
            new WindowColumn(ColumnType.BIGINT, Set.of(Measure.SUM, Measure.EXTREMES, Measure.EDGES)),
            new WindowColumn(ColumnType.DOUBLE, Set.of(Measure.values())),
            new WindowColumn(ColumnType.VARCHAR, Set.of(Measure.EXTREMES, Measure.EDGES)),
            new WindowColumn(ColumnType.BOOLEAN, Set.of(Measure.EXTREMES, Measure.EDGES)),
            new WindowColumn(ColumnType.TIMESTAMP, Set.of(Measure.EXTREMES, Measure.EDGES)),
            new WindowColumn(ColumnType.DOUBLE, Set.of()));
    private static final WindowShape ALL = new WindowShape("all", COLUMNS, OptionalLong.empty(), OptionalLong.empty());

    /** A new store, in which nothing is. */
    abstract WindowStore store(List<WindowShape> shapes, Duration lateness);

    private static List<@Nullable Object> key(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private static @Nullable Object[] values(Random random) {
        return new @Nullable Object[] {
            random.nextInt(8) == 0 ? null : (Long) hostile(random),
            random.nextInt(8) == 0 ? null : (Double) (double) random.nextInt(1000) / 8 - 20,
            random.nextInt(8) == 0 ? null : new String(Character.toChars(random.nextInt(4) * 0x8800 + 'a')),
            random.nextInt(3) == 0 ? null : (Boolean) random.nextBoolean(),
            random.nextInt(3) == 0 ? null : (Long) random.nextLong(),
            random.nextInt(3) == 0 ? null : (Double) 1.0
        };
    }

    private static long hostile(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Long.MAX_VALUE - random.nextInt(3);
            case 1 -> Long.MIN_VALUE + random.nextInt(3);
            default -> random.nextInt(100) - 50;
        };
    }

    private static List<Span> spans(Random random, long until) {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            long to = random.nextLong(until + 10) - 5;
            spans.add(Span.OfTime.before(to, OptionalLong.of(random.nextLong(until)), random.nextInt(3)));
            spans.add(new Span.OfRows(to, random.nextInt(5), random.nextInt(200)));
        }
        spans.add(new Span.OfTime(Long.MIN_VALUE, Long.MAX_VALUE));
        spans.add(new Span.OfRows(Long.MAX_VALUE, 3, Long.MAX_VALUE));
        spans.add(new Span.OfRows(Long.MAX_VALUE, Long.MAX_VALUE, 2));
        spans.add(new Span.OfTime(7, 3));
        return spans;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 63, 64, 65, 130, 400, 1500})
    void knowsWhatEverySpanHolds_withEventsInAnyOrder(int count) {
        Random random = new Random(count);
        for (Order order : Order.values()) {
            WindowStore store = store(List.of(ALL), Duration.ofDays(1));
            ListWindowStore plain = new ListWindowStore(List.of(ALL));
            for (long time : order.times(random, count)) {
                @Nullable Object[] event = values(random);
                store.append("all", key("k"), time, event);
                plain.append("all", key("k"), time, event);
            }
            List<Span> spans = spans(random, count);
            List<WindowSummary> summaries = store.summarise("all", key("k"), spans);
            for (int i = 0; i < spans.size(); i++) {
                verify(summaries.get(i), plain.events("all", key("k"), spans.get(i)), order + " " + spans.get(i));
            }
        }
    }

    /** How events come, with many of the same time. */
    private enum Order {
        BY_TIME,
        MOSTLY_BY_TIME,
        ANY,
        BACKWARD,
        ALL_AT_ONCE;

        List<Long> times(Random random, int count) {
            List<Long> times = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                times.add(
                        switch (this) {
                            case BY_TIME -> (long) (i - i % 3);
                            case MOSTLY_BY_TIME -> (long) Math.max(0, i - (random.nextInt(10) == 0 ? 100 : 0));
                            case ANY -> (long) random.nextInt(count);
                            case BACKWARD -> (long) (count - i);
                            case ALL_AT_ONCE -> 4L;
                        });
            }
            return times;
        }
    }

    private static void verify(WindowSummary summary, List<ListWindowStore.Event> events, String what) {
        assertThat(summary.events()).as(what).isEqualTo(events.size());
        for (int column = 0; column < COLUMNS.size(); column++) {
            assertThat(summary.count(column))
                    .as(what)
                    .isEqualTo(present(events, column).size());
        }
        assertThat(summary.wholeSum(BIGINT))
                .as(what)
                .isEqualTo(present(events, BIGINT).stream()
                        .map(value -> BigInteger.valueOf((Long) value))
                        .reduce(BigInteger.ZERO, BigInteger::add));
        verifyReal(summary, present(events, DOUBLE), what);
        for (int column : List.of(BIGINT, TIMESTAMP)) {
            verifyPicked(summary, column, events, Comparator.comparing(value -> (Long) value), what);
        }
        verifyPicked(summary, DOUBLE, events, Comparator.comparing(value -> (Double) value), what);
        verifyPicked(summary, BOOLEAN, events, Comparator.comparing(value -> (Boolean) value), what);
        verifyPicked(
                summary,
                VARCHAR,
                events,
                (a, b) -> Arrays.compare(
                        ((String) a).codePoints().toArray(),
                        ((String) b).codePoints().toArray()),
                what);
    }

    private static List<Object> present(List<ListWindowStore.Event> events, int column) {
        return events.stream()
                .map(event -> event.values()[column])
                .filter(Objects::nonNull)
                .<Object>map(Objects::requireNonNull)
                .toList();
    }

    private static void verifyPicked(
            WindowSummary summary,
            int column,
            List<ListWindowStore.Event> events,
            Comparator<Object> order,
            String what) {
        List<Object> values = present(events, column);
        assertThat(summary.least(column))
                .as(what)
                .isEqualTo(values.stream().min(order).orElse(null));
        assertThat(summary.greatest(column))
                .as(what)
                .isEqualTo(values.stream().max(order).orElse(null));
        assertThat(summary.first(column)).as(what).isEqualTo(values.isEmpty() ? null : values.getFirst());
        assertThat(summary.last(column)).as(what).isEqualTo(values.isEmpty() ? null : values.getLast());
    }

    private static void verifyReal(WindowSummary summary, List<Object> values, String what) {
        List<BigDecimal> exact =
                values.stream().map(value -> new BigDecimal((Double) value)).toList();
        BigDecimal sum = exact.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal magnitude = exact.stream().map(BigDecimal::abs).reduce(BigDecimal.ZERO, BigDecimal::add);
        assertClose(summary.realSum(DOUBLE), sum, magnitude, what + " sum");
        if (exact.size() > 1) {
            BigDecimal mean = sum.divide(BigDecimal.valueOf(exact.size()), MathContext.DECIMAL128);
            BigDecimal squares = exact.stream()
                    .map(value -> value.subtract(mean).pow(2))
                    .reduce(BigDecimal.ZERO, BigDecimal::add)
                    .divide(BigDecimal.valueOf(exact.size() - 1), MathContext.DECIMAL128);
            assertClose(
                    Math.sqrt(summary.deviations(DOUBLE) / (exact.size() - 1)),
                    squares.sqrt(MathContext.DECIMAL128),
                    magnitude,
                    what + " deviation");
        }
    }

    /** Within 1e-9 of the sum of the absolute values. */
    private static void assertClose(double actual, BigDecimal expected, BigDecimal magnitude, String what) {
        BigDecimal apart = new BigDecimal(actual).subtract(expected).abs();
        assertThat(apart)
                .as("%s: %s (expected: %s)", what, actual, expected)
                .isLessThanOrEqualTo(magnitude.multiply(new BigDecimal("1e-9")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 70, 700})
    void sumsWhatCancelsOut_andForgetsItOnceItIsOutside(int count) {
        Random random = new Random(count);
        WindowStore store = store(List.of(ALL), Duration.ofDays(1));
        ListWindowStore plain = new ListWindowStore(List.of(ALL));
        double[] hostile = {1e280, -1e280, 1e-300, Double.MIN_VALUE, 0.1, -0.1, -0.0, 1e16, 1, -1e16, Math.PI};
        for (int i = 0; i < count; i++) {
            @Nullable Object[] event = {null, hostile[random.nextInt(hostile.length)], null, null, null, null};
            store.append("all", key("k"), i, event);
            plain.append("all", key("k"), i, event);
        }
        for (Span span : spans(random, count)) {
            List<BigDecimal> exact = present(plain.events("all", key("k"), span), DOUBLE).stream()
                    .map(value -> new BigDecimal((Double) value))
                    .toList();
            assertClose(
                    store.summarise("all", key("k"), List.of(span)).getFirst().realSum(DOUBLE),
                    exact.stream().reduce(BigDecimal.ZERO, BigDecimal::add),
                    exact.stream().map(BigDecimal::abs).reduce(BigDecimal.ZERO, BigDecimal::add),
                    span.toString());
        }
    }

    @Test
    void spreadsValuesThatAreLargeBesideTheirDeviation() {
        WindowStore store = store(List.of(ALL), Duration.ofDays(1));
        for (int i = 0; i < 1000; i++) {
            store.append("all", key("k"), i, new @Nullable Object[] {null, 1e9 + i % 2, null, null, null, null});
        }
        WindowSummary summary = store.summarise("all", key("k"), List.of(new Span.OfTime(100, 899)))
                .getFirst();
        assertThat(summary.deviations(DOUBLE)).isBetween(199.999, 200.001);
    }

    @Test
    void keepsWindowsAndKeysApart() {
        List<WindowShape> shapes =
                List.of(ALL, new WindowShape("other", List.of(), OptionalLong.empty(), OptionalLong.empty()));
        WindowStore store = store(shapes, Duration.ofDays(1));
        List<List<@Nullable Object>> keys = List.of(
                key((Object) null), key("null"), key(1L), key(1.0), key(true), key("1"), key(1L, null), key(null, 1L));
        for (int i = 0; i < keys.size(); i++) {
            for (int n = 0; n <= i; n++) {
                store.append("other", new ArrayList<>(keys.get(i)), n, new @Nullable Object[0]);
            }
        }
        Span all = new Span.OfTime(0, Long.MAX_VALUE);
        for (int i = 0; i < keys.size(); i++) {
            assertThat(store.summarise("other", keys.get(i), List.of(all))
                            .getFirst()
                            .events())
                    .isEqualTo(i + 1);
            assertThat(store.summarise("all", keys.get(i), List.of(all))
                            .getFirst()
                            .events())
                    .isZero();
        }
    }

    @Test
    void refusesAWindowThatItWasNotMadeFor() {
        WindowStore store = store(List.of(ALL), Duration.ofDays(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.append("window_7", key(), 0, new @Nullable Object[0]))
                .withMessage("window: window_7 (expected: one of [all])");
        assertThatIllegalArgumentException().isThrownBy(() -> store.summarise("window_7", key(), List.of()));
    }

    /** Events come up to the lateness behind the newest; so do the questions. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void staysExactWithinTheLateness_whateverItForgets(int seed) {
        long reach = 50_000_000;
        long late = 20_000_000;
        List<WindowShape> shapes = List.of(
                new WindowShape("time", COLUMNS, OptionalLong.of(reach), OptionalLong.empty()),
                new WindowShape("rows", COLUMNS, OptionalLong.empty(), OptionalLong.of(3)));
        WindowStore store = store(shapes, Duration.ofSeconds(20));
        ListWindowStore plain = new ListWindowStore(shapes);
        Random random = new Random(seed);
        long now = 0;
        for (int i = 0; i < 2500; i++) {
            now += random.nextInt(50) == 0 ? reach * 3 : random.nextInt(500_000);
            long time = random.nextInt(4) == 0 ? now - random.nextLong(late) : now;
            now = Math.max(now, time);
            List<@Nullable Object> key = key((long) random.nextInt(2));
            @Nullable Object[] event = values(random);
            for (WindowShape shape : shapes) {
                store.append(shape.name(), key, time, event);
                plain.append(shape.name(), key, time, event);
            }
            long asked = now - random.nextLong(late + 1);
            Span inTime = Span.OfTime.before(asked, OptionalLong.of(reach), 0);
            Span inRows = Span.OfRows.before(asked, OptionalLong.of(3), 1);
            String what = "event " + i;
            verify(store.summarise("time", key, List.of(inTime)).getFirst(), plain.events("time", key, inTime), what);
            verify(store.summarise("rows", key, List.of(inRows)).getFirst(), plain.events("rows", key, inRows), what);
        }
    }

    @Test
    void seesAllSpansAtOneMoment_whileOthersAddToTheKey() throws Exception {
        WindowStore store = store(List.of(ALL), Duration.ofDays(1));
        int writers = 3;
        int each = 3000;
        Span all = new Span.OfTime(0, Long.MAX_VALUE);
        Span rows = new Span.OfRows(Long.MAX_VALUE, 0, Long.MAX_VALUE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writing = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int own = writer;
                writing.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        @Nullable Object[] event = {2L, 2.0, null, null, null, null};
                        store.append("all", key("shared"), i * 7L % 1000, event);
                        store.append("all", key((long) own), i, event);
                    }
                }));
            }
            while (writing.stream().anyMatch(future -> !future.isDone())) {
                List<WindowSummary> both = store.summarise("all", key("shared"), List.of(all, rows));
                assertThat(both.getFirst().events()).isEqualTo(both.getLast().events());
                assertThat(both.getFirst().wholeSum(BIGINT))
                        .isEqualTo(BigInteger.valueOf(2 * both.getLast().count(BIGINT)));
            }
            for (Future<?> future : writing) {
                future.get();
            }
        }
        assertThat(store.summarise("all", key("shared"), List.of(all))
                        .getFirst()
                        .events())
                .isEqualTo((long) writers * each);
        for (int writer = 0; writer < writers; writer++) {
            assertThat(store.summarise("all", key((long) writer), List.of(all))
                            .getFirst()
                            .count(DOUBLE))
                    .isEqualTo(each);
        }
    }

    @Test
    void letsNoOneWaitForAnotherKey() throws Exception {
        WindowStore store = store(List.of(ALL), Duration.ofDays(1));
        @Nullable Object[] event = {1L, 1.0, null, null, null, null};
        store.append("all", key("slow"), 1, event);
        Span all = new Span.OfTime(0, Long.MAX_VALUE);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Span> slow = new AbstractList<>() {
            @Override
            public Span get(int index) {
                asked.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return all;
            }

            @Override
            public int size() {
                return 1;
            }
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<WindowSummary>> answer = threads.submit(() -> store.summarise("all", key("slow"), slow));
            asked.await();
            store.append("all", key("other"), 1, event);
            assertThat(store.summarise("all", key("other"), List.of(all))
                            .getFirst()
                            .events())
                    .isOne();
            goOn.countDown();
            assertThat(answer.get().getFirst().events()).isOne();
        }
    }

    @Test
    void readsAColumnThatNobodyMeasures_asPresentOrNot() {
        WindowStore store = store(List.of(ALL), Duration.ofDays(1));
        store.append("all", key("k"), 0, new @Nullable Object[] {null, null, null, null, null, 3.5});
        WindowSummary summary =
                store.summarise("all", key("k"), List.of(new Span.OfTime(0, 0))).getFirst();
        assertThat(summary.count(UNREAD)).isOne();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> summary.realSum(UNREAD))
                .withMessage("REAL_SUM: not kept of column 5 (expected: one of its measures)");
    }
}
