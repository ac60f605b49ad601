package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.MillwrightException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectationChecksTest {
    private static final String TRIPS = """
            id,start,end,fare,status
            1,2024-05-01 08:00:00,2024-05-01 08:30:00,10,paid
            2,2024-05-01 09:00:00,2024-05-01 08:59:00,20,paid
            3,2024-05-02 09:00:00,,30,open
            4,2024-05-02 10:00:00,2024-05-02 11:00:00,,failed
            """;

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2024-05-03T10:00:00Z");
    private Workbench bench;

    @BeforeEach
    void open() {
        bench = new Workbench(folder, () -> now);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private DatasetVersion ingest(String content, OnViolation severity, String... expectations) {
        return bench.ingest(bench.expecting(bench.file("a.csv", content), severity, expectations));
    }

    /** What each expectation found, though it breaks. */
    private List<String> found(String content, String... expectations) {
        return bench.lake.report(ingest(content, OnViolation.WARN, expectations)).expectations().stream()
                .map(ExpectationResult::sentence)
                .toList();
    }

    @Test
    void setsAsideRowsThatBreakAConditionOfSeveralColumns_andKeepsThoseThatMissAValue() {
        DatasetVersion version =
                ingest(TRIPS, OnViolation.QUARANTINE, "\"end\" >= start", "status <> 'failed' OR fare IS NOT NULL");

        assertThat(bench.rows(version)).extracting(row -> row.split("\\|")[0]).containsExactly("1", "3");
        assertThat(bench.lake.quarantine(version, 10))
                .extracting(QuarantinedRow::reason)
                .containsExactly(
                        "start, end: '2024-05-01 09:00:00+00, 2024-05-01 08:59:00+00' breaks '\"end\" >= start'",
                        "fare, status: 'nothing, failed' breaks 'status <> 'failed' OR fare IS NOT NULL'");
        assertThat(bench.lake.report(version).reasons())
                .extracting(DatasetReport.Reason::reason)
                .containsExactlyInAnyOrder(
                        "start, end: breaks '\"end\" >= start'",
                        "fare, status: breaks 'status <> 'failed' OR fare IS NOT NULL'");
    }

    @Test
    void measuresTheRowsThatAreKept() {
        assertThat(found(
                        TRIPS,
                        "avg(fare) between 10 and 15",
                        "sum(fare * 2) = 120",
                        "max(fare) <= 30",
                        "min(fare) > 10",
                        "stddev_samp(fare) < 5",
                        "median(fare) = 20",
                        "quantile(fare, 0.25) = 15",
                        "count(fare) = 3",
                        "distinct(status) <= 2",
                        "distinct(status, fare) = 3",
                        "missing(fare) <= 20%",
                        "share(status = 'paid') >= 50%",
                        "share(\"end\" < start) <= 10%",
                        "unique(status)",
                        "unique(status, fare)",
                        "rows between 1 and 3"))
                .containsExactly(
                        "'avg(fare) between 10 and 15' does not hold: 20",
                        "'sum(fare * 2) = 120' holds: 120",
                        "'max(fare) <= 30' holds: 30",
                        "'min(fare) > 10' does not hold: 10",
                        "'stddev_samp(fare) < 5' does not hold: 10",
                        "'median(fare) = 20' holds: 20",
                        "'quantile(fare, 0.25) = 15' holds: 15",
                        "'count(fare) = 3' holds: 3 rows",
                        "'distinct(status) <= 2' does not hold: 3",
                        "'distinct(status, fare) = 3' holds: 3",
                        "'missing(fare) <= 20%' does not hold: 25%",
                        "'share(status = 'paid') >= 50%' holds: 50%",
                        "'share(\"end\" < start) <= 10%' does not hold: 25%",
                        "'unique(status)' does not hold: 1 row, e.g. paid (2 times)",
                        "'unique(status, fare)' holds: 0 rows",
                        "'rows between 1 and 3' does not hold: 4 rows");
    }

    @Test
    void doesNotTakeNothingForAnAnswer() {
        assertThat(found("id,n\n1,\n2,\n", "missing(n) = 100%", "avg(id) = 1.5", "max(id / 0) < 5"))
                .containsExactly(
                        "'missing(n) = 100%' holds: 100%",
                        "'avg(id) = 1.5' holds: 1.5", "'max(id / 0) < 5' does not hold: no value");
    }

    @Test
    void takesARowForBroken_whoseConditionCannotBeComputed() {
        DatasetVersion version = ingest("n,m\n2,4\n9223372036854775807,1\n", OnViolation.QUARANTINE, "n * 2 <= m");
        assertThat(bench.rows(version)).containsExactly("2|4");
        assertThatThrownBy(() -> ingest("n\n9223372036854775807\n", OnViolation.WARN, "rows > 0", "avg(n * 2) > 0"))
                .hasMessageContaining("expect: avg(n * 2): can't be computed (expected: whole numbers of at most 64"
                        + " bits); CAST what grows beyond to DOUBLE.");
        assertThat(found("n\n9223372036854775807\n", "sum(n + 0.0) > 0"))
                .containsExactly("'sum(n + 0.0) > 0' holds: 9223370000000000000");
    }

    @Test
    void keepsValuesAndBoundsOfAVersion() {
        DatasetVersion version =
                ingest(TRIPS, OnViolation.WARN, "avg(fare) between 10 and 15", "missing(fare) <= 20%", "fare <= 20");
        assertThat(bench.lake.report(version).expectations())
                .extracting(ExpectationResult::measurement)
                .containsExactly(
                        new Measurement("avg(fare)", 20.0, Measure.Unit.NUMBER, 10.0, 15.0, ""),
                        new Measurement("missing(fare)", 0.25, Measure.Unit.SHARE, null, 0.2, ""),
                        new Measurement("fare <= 20", 1.0, Measure.Unit.ROWS, null, 0.0, ""));
        assertThat(bench.lake.report(version).expectations())
                .extracting(ExpectationResult::severity)
                .containsOnly(OnViolation.WARN);
    }

    @Test
    void measuresFreshnessAgainstTheClock_leavingOutTimesToCome() {
        assertThat(found(TRIPS, "freshness(start) <= 1d", "freshness(start) < 1d", "freshness(\"end\") <= 24h"))
                .containsExactly(
                        "'freshness(start) <= 1d' holds: 24.0 h",
                        "'freshness(start) < 1d' does not hold: 24.0 h",
                        "'freshness(\"end\") <= 24h' holds: 23.0 h");

        now = Instant.parse("2024-05-01T09:00:30Z");
        assertThat(found(TRIPS + "5,2031-01-01 00:00:00,,1,paid\n", "freshness(start) <= 1m"))
                .containsExactly("'freshness(start) <= 1m' holds: 30.0 s");
        now = Instant.parse("2020-01-01T00:00:00Z");
        assertThat(found(TRIPS, "freshness(start) <= 1d"))
                .containsExactly("'freshness(start) <= 1d' does not hold: no value");
    }

    @Test
    void comparesWithThePreviousVersion_andPassesWithoutOne() {
        String[] checks = {"rows >= 80% of previous", "avg(n) within 10% of previous", "missing(n) <= 100% of previous"
        };
        assertThat(found(numbers(10), checks))
                .containsExactly(
                        "'rows >= 80% of previous' holds: 10 rows (no previous version)",
                        "'avg(n) within 10% of previous' holds: 5.5 (no previous version)",
                        "'missing(n) <= 100% of previous' holds: 0% (no previous version)");
        assertThat(found(numbers(8), checks))
                .containsExactly(
                        "'rows >= 80% of previous' holds: 8 rows (previous version: 10 rows)",
                        "'avg(n) within 10% of previous' does not hold: 4.5 (previous version: 5.5)",
                        "'missing(n) <= 100% of previous' holds: 0% (previous version: 0%)");
        assertThat(found(
                        "n,m\nx,1\ny,2\nz,3\n",
                        "rows >= 80% of previous",
                        "missing(n) <= 100% of previous",
                        "avg(m) >= 90% of previous"))
                .containsExactly(
                        "'rows >= 80% of previous' does not hold: 3 rows (previous version: 8 rows)",
                        "'missing(n) <= 100% of previous' holds: 0% (previous version: 0%)",
                        "'avg(m) >= 90% of previous' holds: 2 (the previous version has no such columns)");
    }

    private static String numbers(int rows) {
        return "n\n"
                + String.join(
                        "\n",
                        Stream.iterate(1, n -> n + 1)
                                .limit(rows)
                                .map(String::valueOf)
                                .toList()) + "\n";
    }

    @Test
    void comparesExactly_atTheBound() {
        ingest(numbers(100), OnViolation.WARN);
        DatasetVersion version =
                ingest(numbers(7), OnViolation.FAIL, "rows >= 7% of previous", "rows <= 7% of previous");
        assertThat(version.rows()).isEqualTo(7);
        ingest("n\n" + "1\n".repeat(993) + "\"\"\n".repeat(7), OnViolation.FAIL, "missing(n) = 0.7%");
    }

    @Test
    void refusesWhatBreaksAgainstThePreviousVersion_andComparesTheNextWithTheOneThatWasKept() {
        ingest(numbers(10), OnViolation.FAIL, "rows >= 80% of previous");
        assertThatThrownBy(() -> ingest(numbers(2), OnViolation.FAIL, "rows >= 80% of previous"))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining(
                        "things: 'rows >= 80% of previous' does not hold: 2 rows (previous version: 10 rows)");
        assertThat(bench.lake.versions("things")).hasSize(1);
        assertThat(ingest(numbers(9), OnViolation.FAIL, "rows >= 80% of previous")
                        .rows())
                .isEqualTo(9);
    }

    @Test
    void givesEachExpectationItsSeverity() {
        SourceSpec spec = bench.file("a.csv", TRIPS);
        var schema = Inspector.inspect(bench.duck, spec).schema();
        List<Expected> expected = List.of(
                new Expected(Workbench.expectation("fare <= 20", schema), OnViolation.QUARANTINE),
                new Expected(Workbench.expectation("\"end\" >= start", schema), OnViolation.WARN),
                new Expected(Workbench.expectation("rows >= 1000", schema), OnViolation.WARN));
        SourceSpec mixed = spec.withExpectations(expected, OnViolation.FAIL);
        DatasetVersion version = bench.ingest(mixed);
        assertThat(version.quarantined()).isEqualTo(1);
        assertThat(bench.lake.report(version).expectations())
                .extracting(ExpectationResult::passed)
                .containsOnly(false);
        assertThat(Lake.fingerprint(mixed))
                .isNotEqualTo(Lake.fingerprint(spec.withExpectations(
                        expected.stream()
                                .map(each -> new Expected(each.expectation(), OnViolation.FAIL))
                                .toList(),
                        OnViolation.FAIL)));
    }
}
