package dev.millwright.data;

import static dev.millwright.data.Workbench.realData;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Public data sets, whose facts were checked by other means. */
class RealDataTest {
    @TempDir
    Path folder;

    private Workbench bench;

    @BeforeEach
    void open() {
        bench = new Workbench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static SourceSpec source(String name) {
        return SourceSpec.of("things", realData(name).toString());
    }

    private static Map<ColumnType, Long> types(DatasetVersion version) {
        return version.schema().columns().stream().collect(Collectors.groupingBy(Column::type, Collectors.counting()));
    }

    private String single(DatasetVersion version, String expression) {
        return bench.query("SELECT " + expression + " FROM " + bench.lake.tableReference(version))
                .getFirst();
    }

    @Test
    void readsCustomers_withElevenBlankCharges() {
        SourceSpec spec = source("telco_churn/Telco-Customer-Churn.csv");
        assertThat(Inspector.inspect(bench.duck, spec).warnings())
                .containsExactly("TotalCharges: 11 of 7043 values are not numbers (e.g. ' ') and are read as missing");
        DatasetVersion version = bench.ingest(spec);
        assertThat(version.rows()).isEqualTo(7043);
        assertThat(version.schema().find("TotalCharges")).contains(new Column("TotalCharges", ColumnType.DOUBLE));
        assertThat(version.schema().find("SeniorCitizen")).contains(new Column("SeniorCitizen", ColumnType.BIGINT));
        assertThat(version.schema().find("Churn")).contains(new Column("Churn", ColumnType.VARCHAR));
        assertThat(single(
                        version, "count(*) FILTER (WHERE TotalCharges IS NULL), count(*) FILTER (WHERE Churn = 'Yes')"))
                .isEqualTo("11|1869");
    }

    @Test
    void readsFlights() {
        DatasetVersion version = bench.ingest(source("nycflights13/flights.parquet"));
        assertThat(version.rows()).isEqualTo(336_776);
        assertThat(single(
                        version,
                        "count(*) FILTER (WHERE dep_time IS NULL), count(DISTINCT _row_id),"
                                + " round(100 * avg((arr_delay > 15)::INT), 1)"))
                .isEqualTo("8255|336776|23.7");
    }

    @Test
    void readsWeather_withMissingWords() {
        DatasetVersion version = bench.ingest(source("nycflights13/weather.csv").withMissing(List.of("NA")));
        assertThat(version.rows()).isEqualTo(26_115);
        assertThat(types(version))
                .isEqualTo(Map.of(
                        ColumnType.VARCHAR,
                        1L,
                        ColumnType.BIGINT,
                        5L,
                        ColumnType.DOUBLE,
                        8L,
                        ColumnType.TIMESTAMP,
                        1L));
        assertThat(single(version, "min(time_hour)")).isEqualTo("2013-01-01 06:00:00.0");
    }

    @Test
    void readsACensusWithoutHeader() {
        SourceSpec spec = source("adult/adult-train.csv").withMissing(List.of("?"));
        DatasetVersion sniffed = bench.ingest(spec);
        DatasetVersion declared = bench.ingest(spec.withDelimiter(", ").withHeader(Header.ABSENT));
        assertThat(sniffed.rows()).isEqualTo(32_561);
        assertThat(declared.schema()).isEqualTo(sniffed.schema());
        assertThat(types(sniffed)).isEqualTo(Map.of(ColumnType.BIGINT, 6L, ColumnType.VARCHAR, 9L));
        assertThat(single(
                        sniffed, "count(*) FILTER (WHERE column15 = '>50K'), count(*) FILTER (WHERE column2 IS NULL)"))
                .isEqualTo("7841|1836");
        assertThat(single(sniffed, "count(DISTINCT _row_id)")).isEqualTo("32561");
    }

    @Test
    void readsMessagesInLatin1() {
        DatasetVersion version = bench.ingest(source("sms_spam/spam.csv").withEncoding("latin-1"));
        assertThat(version.rowsRead()).isEqualTo(5572);
        assertThat(version.quarantined()).isZero();
        assertThat(single(version, "count(*) FILTER (WHERE label = 'spam')")).isEqualTo("747");
    }

    @Test
    void readsRentals() {
        DatasetVersion version = bench.ingest(source("bike_sharing/hour.csv"));
        assertThat(version.rows()).isEqualTo(17_379);
        assertThat(single(version, "sum(cnt), min(dteday)")).isEqualTo("3292679|2011-01-01 00:00:00.0");
    }

    @Test
    void readsTabSeparatedNumbersWithoutHeader() {
        DatasetVersion version =
                bench.ingest(source("lightgbm_examples/binary.train").withFormat(Format.TSV));
        assertThat(version.rows()).isEqualTo(7000);
        assertThat(types(version)).isEqualTo(Map.of(ColumnType.BIGINT, 1L, ColumnType.DOUBLE, 28L));
        assertThat(single(version, "sum(column1)")).isEqualTo("3716");
    }
}
