package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both engines on generated expressions over generated rows, to the last bit: DuckDB runs the printed SQL, Java the compiled plan. */
class ExpressionAgreementTest {
    private static final Schema SCHEMA = Schema.of(
            new Column("i", ColumnType.BIGINT),
            new Column("j", ColumnType.BIGINT),
            new Column("x", ColumnType.DOUBLE),
            new Column("y", ColumnType.DOUBLE),
            new Column("b", ColumnType.BOOLEAN),
            new Column("s", ColumnType.VARCHAR),
            new Column("u", ColumnType.VARCHAR),
            new Column("t", ColumnType.TIMESTAMP),
            new Column("v", ColumnType.TIMESTAMP));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 102, 107, 108, 110, 118, 119, 126, 133, 170})
    void generatedExpressionsMeanTheSameInBothEngines(int seed) throws Exception {
        Random random = new Random(seed);
        ExpressionGenerator generator = new ExpressionGenerator(random);
        List<Map<String, @Nullable Object>> rows =
                IntStream.range(0, 60).mapToObj(i -> row(random)).toList();
        List<String> expressions =
                IntStream.range(0, 60).mapToObj(i -> generator.feature(4)).toList();
        ZoneId zone = List.of(
                        ZoneId.of("America/New_York"), ZoneOffset.UTC, ZoneId.of("+05:30"), ZoneId.of("Europe/Berlin"))
                .get(seed % 4);
        compare(expressions, rows, zone);
    }

    @Test
    void everyFunctionMeansTheSameInBothEngines() throws Exception {
        Random random = new Random(42);
        List<Map<String, @Nullable Object>> rows =
                IntStream.range(0, 150).mapToObj(i -> row(random)).toList();
        compare(ExpressionGenerator.EACH_FUNCTION, rows, ZoneId.of("America/New_York"));
    }

    private static void compare(List<String> expressions, List<Map<String, @Nullable Object>> rows, ZoneId zone)
            throws Exception {
        String sql = "SELECT "
                + IntStream.range(0, expressions.size())
                        .mapToObj(i -> expressions.get(i) + " AS e" + i)
                        .collect(Collectors.joining(",\n"))
                + "\nFROM data";
        FeaturePlan plan = FeaturePlanner.plan(
                new FeatureQuery(
                        sql,
                        new Problem.Position("generated", 1, 1),
                        zone,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Map.of("data", SCHEMA));
        OnlineState state = plan.onlineView().newState(Map.of());
        try (DuckDb duck = new DuckDb()) {
            duck.table("data", SCHEMA, rows);
            List<Map<String, @Nullable Object>> expected = duck.rows(plan);
            assertThat(expected).hasSameSizeAs(rows);
            for (int i = 0; i < rows.size(); i++) {
                Map<String, Object> online = state.evaluate(Replay.cast(rows.get(i)));
                Replay.assertEqual(
                        expected.get(i),
                        online,
                        output -> expressions.get(Integer.parseInt(output.substring(1))),
                        rows.get(i),
                        0);
            }
        }
    }

    private static Map<String, @Nullable Object> row(Random random) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("i", pick(random, 0L, 1L, -1L, 2L, 7L, -13L, 59L, 12L, 2013L, (long) random.nextInt(2000) - 1000));
        row.put("j", pick(random, 0L, 3L, -4L, 11L, 30L, (long) random.nextInt(100)));
        row.put(
                "x",
                pick(
                        random,
                        0.0,
                        -0.0,
                        0.5,
                        -0.5,
                        1.5,
                        2.5,
                        -2.5,
                        1e308,
                        -1e308,
                        1e-308,
                        0.1,
                        random.nextGaussian() * 100));
        row.put("y", pick(random, 0.0, 1.0, -3.25, 1e200, random.nextDouble(), random.nextGaussian() * 1e6));
        row.put("b", pick(random, true, false));
        row.put(
                "s",
                pick(
                        random,
                        "",
                        " ",
                        "a",
                        "B",
                        "abc",
                        "Straße",
                        "éa😀b",
                        "\uFFFD",
                        " 12 ",
                        "-7",
                        "1.5e2",
                        "true",
                        " FALSE",
                        "2013-03-10 02:30:00",
                        "2013-11-03 01:30",
                        "2024-02-30",
                        "2020-02-29T23:59:59.123456",
                        "1e999",
                        "a%c",
                        "99999999999999999999",
                        "+4"));
        row.put("u", pick(random, "a", "b", "c", "%b%", "_", "a_c", "😀", "aa", ""));
        row.put("t", time(random));
        row.put("v", time(random));
        return row;
    }

    private static @Nullable Instant time(Random random) {
        return pick(
                random,
                Instant.parse("2013-03-10T06:59:59.999999Z"),
                Instant.parse("2013-03-10T07:00:00Z"),
                Instant.parse("2013-11-03T05:30:00Z"),
                Instant.parse("2013-11-03T06:30:00Z"),
                Instant.parse("1969-12-31T23:59:59.5Z"),
                Instant.parse("2021-01-03T12:00:00Z"),
                Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L));
    }

    @SafeVarargs
    private static <T> @Nullable T pick(Random random, T... values) {
        return random.nextInt(8) == 0 ? null : values[random.nextInt(values.length)];
    }
}
