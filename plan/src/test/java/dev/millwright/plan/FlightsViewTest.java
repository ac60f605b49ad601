package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A view like that of the flights example: a schedule time to compute, weather and planes to join, windows over the past week. */
class FlightsViewTest {
    private static final String SQL = """
            WITH flights_at AS (
              SELECT *, TIMESTAMPADD(MINUTE,
                          MOD(CAST(FLOOR(dep_time / 100) AS BIGINT) * 60 + MOD(dep_time, 100) - dep_delay + 2880, 1440),
                          MAKE_TIMESTAMP(year, month, day, 0, 0, 0)) AS sched
              FROM flights
              WHERE dep_time IS NOT NULL
            )
            SELECT f.tailnum, f.sched, f.carrier, f.dest, f.distance,
                   EXTRACT(HOUR FROM f.sched) AS hour,
                   EXTRACT(DOW FROM f.sched) AS dow,
                   w.visib, w.wind_speed, f.year - p.year AS plane_age, p.manufacturer,
                   AVG(f.arr_delay) OVER past_week AS carrier_delay_7d,
                   COUNT(*)         OVER past_week AS carrier_flights_7d,
                   AVG(CASE WHEN f.arr_delay > 15 THEN 1 ELSE 0 END) OVER (
                     PARTITION BY f.origin ORDER BY f.sched
                     RANGE BETWEEN INTERVAL '8' DAY PRECEDING AND INTERVAL '1' DAY PRECEDING) AS origin_late_7d
            FROM flights_at f
            LEFT ASOF JOIN weather w MATCH_CONDITION f.sched >= w.time_hour ON f.origin = w.origin
            LEFT JOIN planes p ON f.tailnum = p.tailnum
            WINDOW past_week AS (PARTITION BY f.carrier ORDER BY f.sched
                                 RANGE BETWEEN INTERVAL '8' DAY PRECEDING AND INTERVAL '1' DAY PRECEDING)
            """;

    private static final Schema FLIGHTS = new Schema(List.of(
            new Column("year", ColumnType.BIGINT),
            new Column("month", ColumnType.BIGINT),
            new Column("day", ColumnType.BIGINT),
            new Column("dep_time", ColumnType.BIGINT),
            new Column("dep_delay", ColumnType.BIGINT),
            new Column("arr_delay", ColumnType.BIGINT),
            new Column("carrier", ColumnType.VARCHAR),
            new Column("tailnum", ColumnType.VARCHAR),
            new Column("origin", ColumnType.VARCHAR),
            new Column("dest", ColumnType.VARCHAR),
            new Column("distance", ColumnType.DOUBLE)));
    private static final Schema WEATHER = Schema.of(
            new Column("origin", ColumnType.VARCHAR),
            new Column("time_hour", ColumnType.TIMESTAMP),
            new Column("visib", ColumnType.DOUBLE),
            new Column("wind_speed", ColumnType.DOUBLE),
            new Column("temp", ColumnType.DOUBLE));
    private static final Schema PLANES = Schema.of(
            new Column("tailnum", ColumnType.VARCHAR),
            new Column("year", ColumnType.BIGINT),
            new Column("manufacturer", ColumnType.VARCHAR));
    private static final Map<String, Schema> TABLES = Map.of("flights", FLIGHTS, "weather", WEATHER, "planes", PLANES);

    static FeaturePlan plan() {
        return FeaturePlanner.plan(
                new FeatureQuery(
                        SQL,
                        new Problem.Position("flights.yaml", 20, 5),
                        ZoneId.of("America/New_York"),
                        Optional.of("tailnum"),
                        Optional.of("sched"),
                        Optional.of(
                                new LabelExpression("arr_delay > 15", new Problem.Position("flights.yaml", 50, 8)))),
                TABLES);
    }

    @Test
    void describesTheView() {
        FeaturePlan plan = plan();
        assertThat(plan.baseTable()).isEqualTo("flights");
        assertThat(plan.tables()).containsExactly("flights", "planes", "weather");
        assertThat(plan.labelType()).contains(ColumnType.BOOLEAN);
        assertThat(plan.output().names())
                .containsExactly(
                        "tailnum",
                        "sched",
                        "carrier",
                        "dest",
                        "distance",
                        "hour",
                        "dow",
                        "visib",
                        "wind_speed",
                        "plane_age",
                        "manufacturer",
                        "carrier_delay_7d",
                        "carrier_flights_7d",
                        "origin_late_7d");
        assertThat(plan.features())
                .hasSize(12)
                .contains(new Input("carrier", InputType.TEXT), new Input("hour", InputType.NUMBER))
                .extracting(Input::name)
                .doesNotContain("tailnum", "sched");
    }

    @Test
    void tracesWhereEachColumnComesFrom() {
        Map<String, List<Origin>> lineage = new HashMap<>();
        plan().lineage().forEach(column -> lineage.put(column.output(), column.origins()));
        assertThat(lineage.get("hour"))
                .contains(new Origin("flights", "dep_time", Via.ROW, List.of("sched")))
                .allMatch(origin -> origin.through().equals(List.of("sched")));
        assertThat(lineage.get("distance")).containsExactly(new Origin("flights", "distance", Via.ROW, List.of()));
        assertThat(lineage.get("visib"))
                .contains(
                        new Origin("weather", "visib", Via.LOOKUP, List.of()),
                        new Origin("flights", "origin", Via.ROW, List.of()),
                        new Origin("flights", "dep_delay", Via.ROW, List.of("sched")));
        assertThat(lineage.get("carrier_delay_7d"))
                .contains(
                        new Origin("flights", "arr_delay", Via.WINDOW, List.of()),
                        new Origin("flights", "carrier", Via.ROW, List.of()))
                .doesNotContain(new Origin("flights", "arr_delay", Via.ROW, List.of()));
        assertThat(lineage.get("_label")).containsExactly(new Origin("flights", "arr_delay", Via.ROW, List.of()));
    }

    @Test
    void computesTheScheduleTimeInTheViewsZone_andDatesDeparturesAfterMidnightBack() throws Exception {
        Map<String, @Nullable Object> late = flight(2013, 1, 1, 15, 75, "AA");
        try (DuckDb duck = new DuckDb()) {
            duck.table("flights", FLIGHTS, List.of(flight(2013, 7, 1, 1030, 10, "AA"), late));
            duck.table("weather", WEATHER, List.of());
            duck.table("planes", PLANES, List.of());
            List<Map<String, @Nullable Object>> rows = duck.rows(plan());
            assertThat(rows)
                    .extracting(row -> row.get("sched"))
                    .containsExactly(Instant.parse("2013-07-01T14:20:00Z"), Instant.parse("2013-01-02T04:00:00Z"));
            assertThat(rows).extracting(row -> row.get("hour")).containsExactly(10L, 23L);
            assertThat(rows.getFirst().keySet()).endsWith("_row_id", "_label");
        }
    }

    @Test
    void replaysOnlineExactlyAsInDuckDb() throws Exception {
        Random random = new Random(7);
        List<Map<String, @Nullable Object>> flights = new ArrayList<>();
        for (int day = 1; day <= 20; day++) {
            for (int hour = 5; hour < 23; hour++) {
                Map<String, @Nullable Object> flight = flight(
                        2013,
                        3,
                        day,
                        hour * 100 + random.nextInt(60),
                        random.nextInt(5),
                        random.nextBoolean() ? "AA" : "UA");
                if (random.nextInt(20) == 0) {
                    flight.put("dep_time", null);
                }
                flights.add(flight);
            }
        }
        List<Map<String, @Nullable Object>> weather = new ArrayList<>();
        for (int hour = 0; hour < 24 * 21; hour += 3) {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("origin", random.nextBoolean() ? "JFK" : "EWR");
            row.put("time_hour", Instant.parse("2013-03-01T00:00:00Z").plusSeconds(3600L * (hour - hour % 6)));
            row.put("visib", random.nextInt(4) == 0 ? null : (double) hour);
            row.put("wind_speed", random.nextDouble());
            weather.add(row);
        }
        List<Map<String, @Nullable Object>> planes = List.of(
                Map.of("tailnum", "N1", "year", 1999L, "manufacturer", "BOEING"),
                Map.of("tailnum", "N2", "year", 2005L, "manufacturer", "AIRBUS"),
                Map.of("tailnum", "N2", "year", 2006L, "manufacturer", "AIRBUS"));
        OnlineView view = plan().onlineView();
        assertThat(view.lookupTables())
                .containsOnlyKeys("planes", "weather")
                .hasEntrySatisfying(
                        "weather",
                        schema -> assertThat(schema.names())
                                .containsExactly("origin", "time_hour", "visib", "wind_speed"));
        assertThat(view.eventSchema().names()).contains("arr_delay", "dep_time").hasSize(11);
        try (DuckDb duck = new DuckDb()) {
            duck.table("flights", FLIGHTS, flights);
            duck.table("weather", WEATHER, weather);
            duck.table("planes", PLANES, planes);
            List<Map<String, @Nullable Object>> expected = duck.rows(plan());
            assertThat(expected).hasSizeBetween(300, 359);
            Replay.inTimeOrder(view, Map.of("weather", weather, "planes", planes), flights, expected, "sched");
        }
    }

    private static Map<String, @Nullable Object> flight(
            long year, long month, long day, long time, long delay, String carrier) {
        Map<String, @Nullable Object> flight = new HashMap<>();
        flight.put("year", year);
        flight.put("month", month);
        flight.put("day", day);
        flight.put("dep_time", time);
        flight.put("dep_delay", delay);
        flight.put("arr_delay", (time * 31 + day * 17) % 80 - 20);
        flight.put("carrier", carrier);
        flight.put("tailnum", "N" + time % 4);
        flight.put("origin", time % 2 == 0 ? "JFK" : "EWR");
        flight.put("dest", "BOS");
        flight.put("distance", 100.0 + day);
        return flight;
    }
}
