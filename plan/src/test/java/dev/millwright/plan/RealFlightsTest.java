package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The flights view over the real departures of 2013, in DuckDB and replayed for single events. */
class RealFlightsTest {

    private static Optional<Path> data() {
        Stream<Path> above = Stream.iterate(
                        Path.of("").toAbsolutePath(), path -> path != null, path -> path.getParent())
                .map(path -> path.resolve("../shared/data").normalize());
        return Stream.concat(Optional.ofNullable(System.getenv("MILLWRIGHT_TEST_DATA")).map(Path::of).stream(), above)
                .filter(path -> Files.isDirectory(path.resolve("nycflights13")))
                .findFirst();
    }

    @Test
    void computesTheFirstTenDaysOfDepartures_onlineAsInDuckDb() throws Exception {
        Optional<Path> data = data();
        assumeTrue(data.isPresent(), "skipped: ../shared/data/nycflights13 is absent");
        Path folder = data.orElseThrow().resolve("nycflights13");
        try (DuckDb duck = new DuckDb()) {
            duck.execute(
                    "CREATE TABLE flights AS SELECT *, row_number() OVER () - 1 AS _row_id FROM (SELECT * REPLACE (TRY_CAST(dep_time AS BIGINT) AS dep_time, TRY_CAST(dep_delay AS BIGINT) AS dep_delay, TRY_CAST(arr_delay AS BIGINT) AS arr_delay) FROM '"
                            + folder.resolve("flights.parquet") + "' WHERE month = 1 AND day <= 10)");
            duck.execute(
                    "CREATE TABLE weather AS SELECT * REPLACE (CAST(time_hour AS TIMESTAMP) AS time_hour), row_number() OVER () - 1 AS _row_id FROM read_csv('"
                            + folder.resolve("weather.csv") + "', nullstr = 'NA')");
            duck.execute("CREATE TABLE planes AS SELECT *, row_number() OVER () - 1 AS _row_id FROM read_csv('"
                    + folder.resolve("planes.csv") + "', nullstr = 'NA')");
            FeaturePlan plan = FlightsViewTest.plan();
            List<Map<String, @Nullable Object>> rows = duck.rows(plan);
            assertThat(rows)
                    .hasSizeBetween(8_000, 9_000)
                    .allSatisfy(row -> assertThat(row.get("sched")).isInstanceOf(Instant.class));
            assertThat(rows.stream().filter(row -> row.get("visib") != null).count())
                    .as("rows with weather")
                    .isGreaterThan(rows.size() * 9L / 10);
            OnlineView view = plan.onlineView();
            Map<String, List<Map<String, @Nullable Object>>> lookups = new HashMap<>();
            for (String table : view.lookupTables().keySet()) {
                lookups.put(table, duck.query("SELECT * FROM " + table + " ORDER BY _row_id"));
            }
            Replay.inTimeOrder(view, lookups, duck.query("SELECT * FROM flights ORDER BY _row_id"), rows, "sched");
        }
    }
}
