package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestTest {
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

    private static List<String> types(DatasetVersion version) {
        return version.schema().columns().stream()
                .map(column -> column.name() + " " + column.type())
                .toList();
    }

    @Test
    void infersTheNarrowestTypeThatEveryValueHas() {
        DatasetVersion version = bench.ingest(bench.file("a.csv", """
                zip,count,price,yes,flag,day,at,mixed,empty,huge
                01234,1, 1.5 ,Yes,true,2024-02-29,2024-01-01T12:00:00Z,1,,12345678901234567890
                98765,-2,2e3,No,FALSE,2024-03-01,2024-01-01 12:00:00+02:00,x,,1
                """));

        assertThat(types(version))
                .containsExactly(
                        "zip VARCHAR",
                        "count BIGINT",
                        "price DOUBLE",
                        "yes VARCHAR",
                        "flag BOOLEAN",
                        "day TIMESTAMP",
                        "at TIMESTAMP",
                        "mixed VARCHAR",
                        "empty VARCHAR",
                        "huge VARCHAR");
        assertThat(bench.rows(version))
                .containsExactly(
                        "01234|1|1.5|Yes|true|2024-02-29 00:00:00.0|2024-01-01 12:00:00.0|1|null|12345678901234567890",
                        "98765|-2|2000.0|No|false|2024-03-01 00:00:00.0|2024-01-01 10:00:00.0|x|null|1");
    }

    @Test
    void readsMissingWords_blanksAndNonFiniteNumbersAsMissing() {
        DatasetVersion version = bench.ingest(bench.file("a.csv", "n,s\n1,a\nNA,NA\n ,?\nNaN, ? \n-inf,\n2,b\n")
                .withMissing(List.of("NA", "?")));

        assertThat(types(version)).containsExactly("n DOUBLE", "s VARCHAR");
        assertThat(bench.rows(version))
                .containsExactly("1.0|a", "null|null", "null|null", "null|null", "null|null", "2.0|b");
    }

    @Test
    void keepsDigitsThatDuckDbWouldTakeForMore() {
        DatasetVersion version = bench.ingest(bench.file("a.csv", "a,b,c\n1_000,0x1F,t\n2,3,f\n"));
        assertThat(types(version)).containsExactly("a VARCHAR", "b VARCHAR", "c VARCHAR");
    }

    @Test
    void takesTimestampsWithoutZoneInTheZoneOfTheSource() {
        DatasetVersion version = bench.ingest(
                bench.file("a.csv", "at\n2013-07-01 00:00:00\n2013-01-01T00:00:00.5\n2013-01-01T00:00:00Z\n")
                        .withZone(ZoneId.of("America/New_York")));
        assertThat(bench.rows(version))
                .containsExactly("2013-07-01 04:00:00.0", "2013-01-01 05:00:00.5", "2013-01-01 00:00:00.0");
    }

    @Test
    void takesFixedOffsetsAsZones() {
        DatasetVersion version =
                bench.ingest(bench.file("a.csv", "at\n2013-07-01 00:00:00\n").withZone(ZoneId.of("+05:30")));
        assertThat(bench.rows(version)).containsExactly("2013-06-30 18:30:00.0");
    }

    @Test
    void quarantinesWhatADeclaredTypeRefuses_withItsTrueLine() {
        DatasetVersion version = bench.ingest(bench.file(
                        "a.csv", "id,text,n\n1,\"two\nlines\",5\n\n2,plain,x1\n3,\"he said \"\"hi\"\"\",007\n4,,1.5\n")
                .withContract(Contract.ofTypes(Map.of("n", ColumnType.BIGINT))));

        assertThat(version.rowsRead()).isEqualTo(4);
        assertThat(bench.rows(version)).containsExactly("1|two\nlines|5", "3|he said \"hi\"|7");
        assertThat(bench.lake.quarantine(version, 10))
                .containsExactly(
                        new QuarantinedRow(folder.resolve("a.csv"), 5, "n: 'x1' is not a bigint", "2,plain,x1"),
                        new QuarantinedRow(folder.resolve("a.csv"), 7, "n: '1.5' is not a bigint", "4,,1.5"));
        assertThat(bench.lake.report(version).reasons())
                .containsExactly(new DatasetReport.Reason("n: is not a bigint", 2));
    }

    @Test
    void quarantinesBrokenRows_andGoesOnAfterThem() {
        DatasetVersion version =
                bench.ingest(bench.file("a.csv", "a,b\n1,2\n3\n4,5,6\n\"x\"y,7\n8,\"never closed\n9,10\n11,\"12\"\n"));

        assertThat(version.rowsRead()).isEqualTo(7);
        assertThat(bench.rows(version)).containsExactly("1|2", "9|10", "11|12");
        assertThat(bench.lake.quarantine(version, 10))
                .extracting(row -> row.line() + " " + row.reason() + ": " + row.raw())
                .containsExactly(
                        "3 1 fields (expected: 2): 3",
                        "4 3 fields (expected: 2): 4,5,6",
                        "5 text follows a closing quote: \"x\"y,7",
                        "6 text follows a closing quote: 8,\"never closed");
    }

    @Test
    void quarantinesAQuoteThatIsNeverClosed_alone() {
        DatasetVersion version = bench.ingest(bench.file("a.csv", "a,b\n1,\"open\n2,x\n3,y\n"));
        assertThat(bench.rows(version)).containsExactly("2|x", "3|y");
        assertThat(bench.lake.quarantine(version, 10))
                .containsExactly(
                        new QuarantinedRow(folder.resolve("a.csv"), 2, "a quote is opened and not closed", "1,\"open"));
    }

    @Test
    void appliesRowExpectations_byQuarantine() {
        SourceSpec spec = bench.file("a.csv", "month,kind\n1,a\n13,b\n,c\n12,zz\n");
        DatasetVersion version = bench.ingest(bench.expecting(
                spec, OnViolation.QUARANTINE, "month between 1 and 12", "kind matches '[a-c]'", "month is not null"));

        assertThat(bench.rows(version)).containsExactly("1|a");
        assertThat(bench.lake.quarantine(version, 10))
                .extracting(QuarantinedRow::line, QuarantinedRow::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3L, "month: '13' breaks 'month between 1 and 12'"),
                        org.assertj.core.groups.Tuple.tuple(4L, "month: nothing breaks 'month is not null'"),
                        org.assertj.core.groups.Tuple.tuple(5L, "kind: 'zz' breaks 'kind matches '[a-c]''"));
        assertThat(bench.lake.report(version).expectations())
                .extracting(ExpectationResult::passed, ExpectationResult::count)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(false, 1L),
                        org.assertj.core.groups.Tuple.tuple(false, 1L),
                        org.assertj.core.groups.Tuple.tuple(false, 1L));
    }

    @Test
    void refusesTheData_whenAnExpectationIsToFail() {
        SourceSpec spec = bench.expecting(bench.file("a.csv", "n\n1\n-1\n"), OnViolation.FAIL, "n >= 0");
        assertThatThrownBy(() -> bench.ingest(spec))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(DataError.EXPECTATION_FAILED))
                .hasMessageContaining("things: 'n >= 0' does not hold: 1 row, e.g. -1 (line 3)");
        assertThat(bench.lake.versions("things")).isEmpty();
    }

    @Test
    void keepsTheRows_whenAnExpectationOnlyWarns() {
        SourceSpec spec = bench.expecting(bench.file("a.csv", "n\n1\n-1\n"), OnViolation.WARN, "n >= 0", "unique(n)");
        DatasetVersion version = bench.ingest(spec);
        assertThat(version.rows()).isEqualTo(2);
        assertThat(bench.lake.report(version).expectations())
                .extracting(ExpectationResult::sentence)
                .containsExactly("'n >= 0' does not hold: 1 row, e.g. -1 (line 3)", "'unique(n)' holds: 0 rows");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unique(k)", "missing(n) <= 20%", "rows >= 5", "rows between 1 and 3"})
    void refusesATableThatBreaksAnExpectation_alsoUnderQuarantine(String text) {
        SourceSpec spec =
                bench.expecting(bench.file("a.csv", "k,n\na,1\na,\nb,2\nc,3\n"), OnViolation.QUARANTINE, text);
        assertThatThrownBy(() -> bench.ingest(spec))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("'" + text + "' does not hold");
    }

    @Test
    void readsOlderEncodings() {
        SourceSpec spec = bench.file("a.csv", "s\ncafé\n", StandardCharsets.ISO_8859_1);
        assertThat(bench.rows(bench.ingest(spec.withEncoding("latin-1")))).containsExactly("café");
        SourceSpec windows = bench.file("w.csv", "s\n“quoted” €\n", java.nio.charset.Charset.forName("windows-1252"));
        assertThat(bench.rows(bench.ingest(windows.withEncoding("windows-1252"))))
                .containsExactly("“quoted” €");
    }

    @Test
    void rejectsInvalidUtf8_withTheLineAndAWayOut() {
        SourceSpec spec = bench.file("a.csv", "s\nplain\ncafé\n", StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> bench.ingest(spec))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a.csv, line 3: not valid UTF-8")
                .hasMessageContaining("encoding: latin-1");
    }

    @Test
    void ignoresAByteOrderMark() {
        assertThat(types(bench.ingest(bench.file("a.csv", "\uFEFFa,b\r\n1,2\r\n"))))
                .containsExactly("a BIGINT", "b BIGINT");
    }

    @Test
    void sniffsDelimitersAndTheHeader() {
        assertThat(types(bench.ingest(bench.file("a.csv", "a;b\n1;x,y\n")))).containsExactly("a BIGINT", "b VARCHAR");
        DatasetVersion spaced = bench.ingest(bench.file("b.csv", "39, State-gov, 7\n50, Private, 8\n"));
        assertThat(types(spaced)).containsExactly("column1 BIGINT", "column2 VARCHAR", "column3 BIGINT");
        assertThat(bench.rows(spaced)).containsExactly("39|State-gov|7", "50|Private|8");
        DatasetVersion named = bench.ingest(bench.file("c.tsv", "1\ta\n2\tb\n").withColumnNames(List.of("n", "s")));
        assertThat(types(named)).containsExactly("n BIGINT", "s VARCHAR");
        DatasetVersion replaced = bench.ingest(
                bench.file("d.csv", "x,y\n1,a\n").withHeader(Header.PRESENT).withColumnNames(List.of("n", "s")));
        assertThat(bench.rows(replaced)).containsExactly("1|a");
    }

    @Test
    void readsGzippedFiles() throws IOException {
        Path file = folder.resolve("a.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("a\n1\n2\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(bench.ingest(SourceSpec.of("things", file.toString())).rows())
                .isEqualTo(2);
    }

    @Test
    void addsTheFilesOfAGlobInTheOrderOfTheirNames() {
        bench.file("parts/2.csv", "a\nsecond\n");
        bench.file("parts/1.csv", "a\nfirst\n");
        DatasetVersion version = bench.ingest(SourceSpec.of("things", folder + "/parts/*.csv"));
        assertThat(bench.rows(version)).containsExactly("first", "second");
    }

    @Test
    void rejectsFilesOfAGlobWhoseColumnsDiffer_namingTheFile() {
        bench.file("parts/1.csv", "a,b\n1,2\n");
        bench.file("parts/2.csv", "a,c\n1,2\n");
        assertThatThrownBy(() -> bench.ingest(SourceSpec.of("things", folder + "/parts/*.csv")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2.csv has the columns [a, c] (expected: [a, b], as in ");
    }

    @Test
    void readsJsonLines_andQuarantinesWhatIsNone() {
        DatasetVersion version = bench.ingest(bench.file("a.jsonl", """
                {"n": 1, "s": "01", "b": true, "at": "2024-01-01", "odd/na~me.x": 1.5}
                {"n": null, "s": "2", "extra": "x"}
                {broken

                [1, 2]
                {"n": 3}
                """));

        assertThat(types(version))
                .containsExactly(
                        "n BIGINT", "s VARCHAR", "b BOOLEAN", "at TIMESTAMP", "odd/na~me.x DOUBLE", "extra VARCHAR");
        assertThat(bench.rows(version))
                .containsExactly(
                        "1|01|true|2024-01-01 00:00:00.0|1.5|null",
                        "null|2|null|null|null|x",
                        "3|null|null|null|null|null");
        assertThat(bench.lake.quarantine(version, 10))
                .extracting(row -> row.line() + " " + row.reason() + ": " + row.raw())
                .containsExactly("3 not valid JSON: {broken", "5 not a JSON object: [1, 2]");
        assertThat(version.rowsRead()).isEqualTo(5);
    }

    @Test
    void rejectsNestedJson_unlessItIsDeclaredText() {
        SourceSpec spec = bench.file("a.jsonl", "{\"a\": {\"b\": 1}}\n");
        assertThatThrownBy(() -> bench.ingest(spec))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a holds objects or arrays (expected: plain values)");
        assertThat(bench.rows(bench.ingest(spec.withContract(Contract.ofTypes(Map.of("a", ColumnType.VARCHAR))))))
                .containsExactly("{\"b\":1}");
    }

    @Test
    void mapsParquetTypes() {
        Path file = folder.resolve("it's [odd] *.parquet");
        bench.duck
                .session()
                .execute("COPY (SELECT 1::UTINYINT AS i, 2.50::DECIMAL(5,2) AS d, 'NaN'::FLOAT AS f,"
                        + " DATE '2024-07-01' AS day, TIMESTAMP '2024-01-01 00:00:00' AS local,"
                        + " TIMESTAMPTZ '2024-01-01 00:00:00+00' AS zoned, 'NA' AS s, true AS b) TO "
                        + Sql.literal(file) + " (FORMAT parquet)");
        DatasetVersion version = bench.ingest(SourceSpec.of("things", file.toString())
                .withZone(ZoneId.of("Europe/Berlin"))
                .withMissing(List.of("NA")));
        assertThat(types(version))
                .containsExactly(
                        "i BIGINT",
                        "d DOUBLE",
                        "f DOUBLE",
                        "day TIMESTAMP",
                        "local TIMESTAMP",
                        "zoned TIMESTAMP",
                        "s VARCHAR",
                        "b BOOLEAN");
        assertThat(bench.rows(version))
                .containsExactly(
                        "1|2.5|null|2024-06-30 22:00:00.0|2023-12-31 23:00:00.0|2024-01-01 00:00:00.0|null|true");
    }

    @Test
    void quarantinesParquetCells_thatADeclaredTypeRefuses() {
        Path file = folder.resolve("a.parquet");
        bench.duck
                .session()
                .execute("COPY (SELECT * FROM (VALUES (1.0::DOUBLE, 'a'), (1.5, 'b')) t(n, s)) TO " + Sql.literal(file)
                        + " (FORMAT parquet)");
        DatasetVersion version = bench.ingest(SourceSpec.of("things", file.toString())
                .withContract(Contract.ofTypes(Map.of("n", ColumnType.BIGINT))));
        assertThat(bench.rows(version)).containsExactly("1|a");
        assertThat(bench.lake.quarantine(version, 5))
                .containsExactly(new QuarantinedRow(file, 2, "n: '1.5' is not a bigint", "{\"n\":1.5,\"s\":\"b\"}"));
    }

    @Test
    void rejectsNestedParquetColumns() {
        Path file = folder.resolve("a.parquet");
        bench.duck.session().execute("COPY (SELECT [1, 2] AS xs) TO " + Sql.literal(file) + " (FORMAT parquet)");
        assertThatThrownBy(() -> bench.ingest(SourceSpec.of("things", file.toString())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("xs: INTEGER[] (expected: a boolean, number, text, date or timestamp)");
    }

    @Test
    void rejectsAFileThatIsNoParquet() {
        SourceSpec spec = bench.file("a.parquet", "no");
        assertThatThrownBy(() -> bench.ingest(spec))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(DataError.SOURCE_UNREADABLE))
                .hasMessageContaining("(expected: a whole Parquet file; write or copy it again)");
    }

    @Test
    void quotesHostileNamesAndValues() {
        SourceSpec spec = bench.file(
                "it's; DROP TABLE x --.csv",
                "\"a\"\"; DROP TABLE checked_rows; --\",\"b'c.d\",select\n\"'); DROP--\",x',2024-01-01\n\"q\",y,2024-01-02\n");
        DatasetVersion version = bench.ingest(bench.expecting(
                spec.withMissing(List.of("x'")),
                OnViolation.QUARANTINE,
                "\"a\"\"; DROP TABLE checked_rows; --\" != 'it''s'"));
        assertThat(version.schema().names()).containsExactly("a\"; DROP TABLE checked_rows; --", "b'c.d", "select");
        assertThat(bench.rows(version))
                .containsExactly("'); DROP--|null|2024-01-01 00:00:00.0", "q|y|2024-01-02 00:00:00.0");
        assertThat(bench.lake.profile(version)).hasSize(3);
        assertThat(version.schema().find("select")).contains(new Column("select", ColumnType.TIMESTAMP));
    }

    @Test
    void givesEqualRowIdsToEqualRows_whateverTheirOrder() {
        DatasetVersion one = bench.ingest(bench.file("a.csv", "a,b\n1,x\n2,y\n1,x\n3,z\n"));
        DatasetVersion other = bench.ingest(bench.file("b.csv", "a,b\n3,z\n1,x\n1,x\n2,y\n"));
        String ids = "SELECT a, b, _row_id FROM %s ORDER BY ALL";
        List<String> first = bench.query(ids.formatted(bench.lake.tableReference(one)));
        assertThat(first).isEqualTo(bench.query(ids.formatted(bench.lake.tableReference(other))));
        assertThat(first).doesNotHaveDuplicates();
        assertThat(bench.query("SELECT min(_row_id) >= 0 FROM " + bench.lake.tableReference(one)))
                .containsExactly("true");
    }

    @Test
    void rejectsWhatMakesNoTable() {
        assertThatThrownBy(() -> bench.ingest(bench.file("a.csv", "a,A\n1,2\n")))
                .hasMessageContaining("two columns are named 'A'");
        assertThatThrownBy(() -> bench.ingest(bench.file("b.csv", "a,_row_id\n1,2\n")))
                .hasMessageContaining("a column is named '_row_id'");
        assertThatThrownBy(() -> bench.ingest(bench.file("c.csv", "a,b\n"))).hasMessageContaining("holds no rows");
        assertThatThrownBy(() -> bench.ingest(bench.file("d.csv", ""))).hasMessageContaining("is empty");
        assertThatThrownBy(() -> bench.ingest(bench.file("e.csv", "abc\n1\n")
                        .withContract(Contract.ofTypes(Map.of("abd", ColumnType.DOUBLE)))))
                .hasMessageContaining("Did you mean 'abc'?");
        assertThatThrownBy(() -> bench.ingest(SourceSpec.of("things", folder + "/a.cvs")))
                .hasMessageContaining("Did you mean 'a.csv'?");
        assertThatThrownBy(() -> bench.ingest(SourceSpec.of("things", folder + "/*.nothing")))
                .hasMessageContaining("at least one file that matches");
        assertThatThrownBy(() -> bench.ingest(bench.file("f.dat", "a\n1\n"))).hasMessageContaining("else say format:");
        assertThatThrownBy(() -> bench.ingest(
                        bench.file("g.csv", "n\nx\n").withContract(Contract.ofTypes(Map.of("n", ColumnType.DOUBLE)))))
                .hasMessageContaining("all 1 rows go to quarantine");
    }
}
