package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.plan.window.TileWindowStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Long windows over values that cancel out, ties and NULLs, with events that come in any order: text and integers are DuckDB's, and
 * doubles are within 1e-9 of the sum of the absolute values in the window. Every frame ends before the current row, so that all rows
 * can be evaluated once all were observed.
 */
class HostileWindowsTest {
    private static final Schema SCHEMA = Schema.of(
            new Column("id", ColumnType.BIGINT),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("x", ColumnType.DOUBLE),
            new Column("y", ColumnType.DOUBLE),
            new Column("n", ColumnType.BIGINT),
            new Column("word", ColumnType.VARCHAR),
            new Column("flag", ColumnType.BOOLEAN));

    private static final String FEATURES = """
            COUNT(*) OVER %1$s AS rows_%1$s, COUNT(x) OVER %1$s AS count_%1$s,
            SUM(x) OVER %1$s AS sum_%1$s, AVG(x) OVER %1$s AS avg_%1$s, SUM(ABS(x)) OVER %1$s AS size_x_%1$s,
            MIN(x) OVER %1$s AS min_%1$s, MAX(x) OVER %1$s AS max_%1$s,
            STDDEV_SAMP(y) OVER %1$s AS dev_%1$s, SUM(ABS(y)) OVER %1$s AS size_y_%1$s,
            SUM(n) OVER %1$s AS whole_%1$s, AVG(n) OVER %1$s AS mean_%1$s, SUM(ABS(CAST(n AS DOUBLE))) OVER %1$s AS size_n_%1$s,
            MIN(n) OVER %1$s AS least_%1$s, MAX(word) OVER %1$s AS last_%1$s, MIN(word) OVER %1$s AS first_%1$s,
            MAX(flag) OVER %1$s AS any_%1$s, TIMESTAMPDIFF(SECOND, MAX(at) OVER %1$s, at) AS since_%1$s""";
    /** Which feature holds the sum of the absolute values that another was computed from. */
    private static final Map<String, String> SIZES = Map.of(
            "sum", "size_x", "avg", "size_x", "dev", "size_y", "mean", "size_n", "size_x", "size_x", "size_y", "size_y",
            "size_n", "size_n");

    private static final String SQL = "SELECT at, "
            + String.join(",\n", FEATURES.formatted("a"), FEATURES.formatted("b"), FEATURES.formatted("c"))
            + """

             FROM events
            WINDOW a AS (PARTITION BY id ORDER BY at RANGE BETWEEN INTERVAL '90' DAY PRECEDING AND INTERVAL '1' SECOND PRECEDING),
                   b AS (ORDER BY at RANGE BETWEEN INTERVAL '300' DAY PRECEDING AND INTERVAL '1' HOUR PRECEDING),
                   c AS (PARTITION BY flag ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '3' DAY PRECEDING)
            """;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void areReadAsDuckDbComputesThem(int seed) throws Exception {
        Random random = new Random(seed);
        List<Map<String, @Nullable Object>> events = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            events.add(event(random));
        }
        FeaturePlan plan = FeaturePlanner.plan(
                new FeatureQuery(
                        SQL,
                        new Problem.Position("hostile.yaml", 1, 1),
                        ZoneOffset.UTC,
                        Optional.empty(),
                        Optional.of("at"),
                        Optional.empty()),
                Map.of("events", SCHEMA));
        OnlineView view = plan.onlineView();
        OnlineState state = view.newState(
                Map.of(), new TileWindowStore(view.windows(), Duration.ofDays(3650), InstantSource.system()));
        List<Map<String, @Nullable Object>> anyOrder = new ArrayList<>(events);
        Collections.shuffle(anyOrder, random);
        anyOrder.forEach(event -> state.observe(Replay.cast(event)));
        try (DuckDb duck = new DuckDb()) {
            duck.table("events", SCHEMA, events);
            List<Map<String, @Nullable Object>> rows = duck.rows(plan);
            assertThat(rows).hasSameSizeAs(events);
            for (int i = 0; i < rows.size(); i++) {
                verify(rows.get(i), state.evaluate(Replay.cast(events.get(i))));
            }
        }
    }

    private static Map<String, @Nullable Object> event(Random random) {
        Map<String, @Nullable Object> event = new HashMap<>();
        event.put("id", random.nextInt(9) == 0 ? null : (Long) (long) random.nextInt(3));
        event.put(
                "at",
                random.nextInt(40) == 0
                        ? null
                        : Instant.parse("2025-01-01T00:00:00Z").plusSeconds(random.nextInt(2000) * 7200L));
        event.put("x", random.nextInt(9) == 0 ? null : (Double) hostile(random));
        event.put("y", random.nextInt(9) == 0 ? null : (Double) (1e8 + random.nextGaussian()));
        event.put("n", random.nextInt(9) == 0 ? null : (Long) (random.nextLong() >> 12));
        event.put("word", random.nextInt(5) == 0 ? null : word(random));
        event.put("flag", random.nextInt(5) == 0 ? null : (Boolean) (random.nextInt(99) == 0));
        return event;
    }

    private static double hostile(Random random) {
        double[] values = {
            1e280, -1e280, 1e-300, Double.MIN_VALUE, 0.1, -0.1, -0.0, 1e16, 1, -1e16, random.nextGaussian()
        };
        return values[random.nextInt(values.length)];
    }

    private static String word(Random random) {
        return new String(
                Character.toChars(random.nextBoolean() ? 'a' + random.nextInt(26) : 0xFF00 + random.nextInt(0x1F00)));
    }

    private static void verify(Map<String, @Nullable Object> duck, Map<String, Object> online) {
        for (Map.Entry<String, Object> feature : online.entrySet()) {
            Object expected = duck.get(feature.getKey());
            int cut = feature.getKey().lastIndexOf('_');
            String size = cut < 0 ? null : SIZES.get(feature.getKey().substring(0, cut));
            if (size != null && feature.getValue() instanceof Double value && expected instanceof Double other) {
                assertThat(Math.abs(value - other))
                        .as("%s: DuckDB %s, online %s", feature.getKey(), other, value)
                        .isLessThanOrEqualTo(1e-9
                                * (Double) Replay.cast(
                                        duck.get(size + feature.getKey().substring(cut))));
            } else {
                assertThat(feature.getValue()).as(feature.getKey()).isEqualTo(expected);
            }
        }
    }
}
