package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Schema;
import dev.millwright.plan.ColumnLineage;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.FeaturePlanner;
import dev.millwright.plan.Origin;
import dev.millwright.plan.Via;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The flights example predicts at the scheduled departure, so a flight's own departure, arrival and time in the air may not
 * be features. The schedule itself is computed from the departure: that, and only that, is allowed.
 */
class FlightsLineageTest {
    private static final Path EXAMPLE = Path.of("..", "examples", "flights", "flights.yaml");
    private static final Set<String> SCHEDULE = Set.of("sched", "sched_minute");

    /** As the documentation of nycflights13 lists the columns, so that the data need not be there. */
    private static final Map<String, Schema> TABLES = Map.of(
            "flights",
            schema(
                    "year month day dep_time dep_delay arr_time arr_delay flight hour minute: bigint",
                    "air_time distance: double",
                    "carrier tailnum origin dest: varchar"),
            "weather",
            schema(
                    "origin: varchar",
                    "year month day hour: bigint",
                    "temp dewp humid wind_dir wind_speed wind_gust precip pressure visib: double",
                    "time_hour: timestamp"),
            "planes",
            schema("tailnum type manufacturer model engine: varchar", "year engines seats speed: bigint"),
            "airports",
            schema("faa name dst tzone: varchar", "lat lon: double", "alt tz: bigint"));

    private static Schema schema(String... columnsOfType) {
        return new Schema(Arrays.stream(columnsOfType)
                .flatMap(FlightsLineageTest::columns)
                .toList());
    }

    private static Stream<Column> columns(String namesAndType) {
        int colon = namesAndType.indexOf(':');
        ColumnType type = Arrays.stream(ColumnType.values())
                .filter(each ->
                        each.label().equals(namesAndType.substring(colon + 1).strip()))
                .findFirst()
                .orElseThrow();
        return Arrays.stream(namesAndType.substring(0, colon).split(" ", -1)).map(name -> new Column(name, type));
    }

    private static FeaturePlan plan(String text) {
        PipelineFile file = file(text);
        return FeaturePlanner.plan(PipelineCheck.query(file), TableShapes.of(file, TABLES));
    }

    private static PipelineFile file(String text) {
        return PipelineReader.read("flights.yaml", text, Map.of("DATA", "/data"));
    }

    private static String example() throws IOException {
        return Files.readString(EXAMPLE);
    }

    /** The features that know what happened to the flight itself, each with the column that tells. */
    private static List<String> leaks(FeaturePlan plan) {
        List<String> features =
                plan.features().stream().map(input -> input.name()).toList();
        return plan.lineage().stream()
                .filter(column -> features.contains(column.output()))
                .flatMap(column -> leaks(column).map(origin -> column.output() + " from " + origin.column()))
                .toList();
    }

    private static Stream<Origin> leaks(ColumnLineage column) {
        return column.origins().stream()
                .filter(origin -> origin.via() == Via.ROW && origin.dataset().equals("flights"))
                .filter(origin -> isKnownAfterwards(origin.column()))
                .filter(origin -> origin.through().stream().noneMatch(SCHEDULE::contains));
    }

    private static boolean isKnownAfterwards(String column) {
        return column.startsWith("arr_")
                || Set.of("air_time", "dep_delay", "dep_time").contains(column);
    }

    @Test
    void takesNothingOfTheFlightItself_butItsSchedule() throws IOException {
        FeaturePlan plan = plan(example());

        assertThat(leaks(plan)).isEmpty();
        assertThat(plan.lineage().stream()
                        .filter(column -> column.output().equals("minute_of_day"))
                        .flatMap(column -> column.origins().stream())
                        .map(Origin::column))
                .as("the schedule is computed from the departure, so the test looks at something")
                .contains("dep_time", "dep_delay");
        assertThat(plan.lineage().stream()
                        .filter(column -> column.output().equals("plane_delay_1w"))
                        .flatMap(column -> column.origins().stream())
                        .filter(origin -> origin.column().equals("arr_delay"))
                        .map(Origin::via))
                .as("other flights' delays come through a window")
                .containsExactly(Via.WINDOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f.dep_delay",
                "f.dep_time",
                "f.air_time",
                "f.arr_time",
                "f.arr_delay + f.distance AS disguised",
                "CASE WHEN f.dep_delay > 15 THEN 'late' ELSE f.carrier END AS coded",
                "AVG(f.arr_delay) OVER (PARTITION BY f.dest ORDER BY f.sched"
                        + " RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW) AS with_itself"
            })
    void refusesAFeatureThatIsKnownOnlyAfterwards(String feature) throws IOException {
        String text = example().replace("f.distance,\n", "f.distance, " + feature + ",\n");

        assertThat(leaks(FeaturePlanner.plan(PipelineCheck.query(file(text)), TABLES)))
                .as("leaks with %s, if the file didn't say when columns are known", feature)
                .isNotEmpty();
        assertThatThrownBy(() -> plan(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("known only 36 hours after sched (expected: ");
    }
}
