package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong on the way to a lake: nothing is lost or taken twice, and the message says where it is and what to do. */
class BadInputTest {
    private static final int FULL_AT_BYTES = 262_144;

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

    private SourceSpec source(Path file) {
        return SourceSpec.of("things", file.toString());
    }

    private Path parquet(String name) {
        Path file = folder.resolve(name);
        try (Session session = bench.duck.session()) {
            session.execute("COPY (SELECT range AS id, 'row ' || hash(range) AS text FROM range(5000)) TO "
                    + Sql.literal(file) + " (FORMAT parquet)");
        }
        return file;
    }

    @Test
    void refusesAParquetFileThatWasCutOff_andKeepsTheVersionBefore() throws IOException {
        Path file = parquet("a.parquet");
        DatasetVersion before = bench.ingest(source(file));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> bench.ingest(source(file)))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(DataError.SOURCE_UNREADABLE))
                .hasMessageStartingWith(
                        "things: " + file + " (expected: a whole Parquet file; write or copy it again): ");
        assertThat(bench.lake.versions("things")).containsExactly(before);
    }

    @Test
    void refusesAParquetFileWhosePagesAreBroken_namingIt() throws IOException {
        Path file = parquet("a.parquet");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 100, bytes.length / 2, (byte) 0x5a);
        Files.write(file, bytes);

        assertThatThrownBy(() -> bench.ingest(source(file)))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("write or copy it again");
        assertThat(bench.lake.datasets()).isEmpty();
    }

    @Test
    void setsRowsOfAnotherWidthAside_eachWithItsLine() {
        DatasetVersion version = bench.ingest(bench.file("a.csv", "a,b\n1,2\n3,4,5\n6\n7,8\n"));
        assertThat(bench.rows(version)).containsExactly("1|2", "7|8");
        assertThat(bench.lake.quarantine(version, 9))
                .extracting(row -> row.source().getFileName() + ":" + row.line() + ": " + row.reason())
                .containsExactly("a.csv:3: 3 fields (expected: 2)", "a.csv:4: 1 fields (expected: 2)");
        assertThat(version.rows() + version.quarantined()).isEqualTo(version.rowsRead());
    }

    @Test
    void refusesAFileOfTwoEncodings_namingTheFirstLineOfTheOther() throws IOException {
        ByteArrayOutputStream mixed = new ByteArrayOutputStream();
        mixed.write("s\ncafé\nplain\n".getBytes(StandardCharsets.UTF_8));
        mixed.write("thé\n".getBytes(StandardCharsets.ISO_8859_1));
        Path file = Files.write(folder.resolve("a.csv"), mixed.toByteArray());

        assertThatThrownBy(() -> bench.ingest(source(file)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a.csv, line 4: not valid UTF-8")
                .hasMessageContaining("encoding: latin-1");
        assertThat(bench.lake.datasets()).isEmpty();
    }

    @Test
    void refusesFilesWhoseColumnsChange_inEachFormat() throws IOException {
        bench.file("csv/1.csv", "a,b\n1,2\n");
        bench.file("csv/2.csv", "a,b,c\n1,2,3\n");
        assertThatThrownBy(() -> bench.ingest(source(folder.resolve("csv/*.csv"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2.csv has the columns [a, b, c] (expected: [a, b], as in ");

        Files.createDirectories(folder.resolve("parquet"));
        try (Session session = bench.duck.session()) {
            session.execute("COPY (SELECT 1 AS a) TO " + Sql.literal(folder.resolve("parquet/1.parquet")));
            session.execute("COPY (SELECT 'x' AS a) TO " + Sql.literal(folder.resolve("parquet/2.parquet")));
        }
        assertThatThrownBy(() -> bench.ingest(source(folder.resolve("parquet/*.parquet"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2.parquet has the columns [a VARCHAR] (expected: [a INTEGER], as in ");
    }

    @Test
    void refusesAFileThatIsThereTwice_butNotOneWithoutRows() {
        bench.file("parts/1.csv", "a,b\n1,2\n");
        bench.file("parts/2.csv", "a,b\n");
        bench.file("parts/3.csv", "a,b\n");
        DatasetVersion version = bench.ingest(source(folder.resolve("parts/*.csv")));
        assertThat(bench.rows(version)).containsExactly("1|2");

        bench.file("parts/1 (copy).csv", "a,b\n1,2\n");
        assertThatThrownBy(() -> bench.ingest(source(folder.resolve("parts/*.csv"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("things: from: " + folder.resolve("parts/1.csv") + " has the same bytes as "
                        + folder.resolve("parts/1 (copy).csv")
                        + " (expected: each file once, for its rows would be taken twice). Remove one of them, or let"
                        + " 'from' find only one.");
        assertThat(bench.lake.versions("things")).containsExactly(version);
    }

    @Test
    void doesNotTakeRowsFromTheFutureForFreshOnes() {
        SourceSpec source = bench.file("a.csv", "at\n2020-01-01\n2999-01-01\n");
        assertThatThrownBy(() -> bench.ingest(bench.expecting(source, OnViolation.FAIL, "freshness(at) <= 2d")))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(DataError.EXPECTATION_FAILED))
                .hasMessageContaining("freshness(at) <= 2d");
    }

    @Test
    void setsRowsFromTheFutureAside_beyondWhatClocksMayDiffer() {
        Instant now = Instant.now();
        SourceSpec source = bench.file(
                        "a.csv", "at\n2020-01-01\n" + now.plusSeconds(60) + "\n" + now.plusSeconds(7200) + "\n")
                .withContract(Contract.of(ColumnContract.of("at", ColumnType.TIMESTAMP)
                        .withRules(new ValueRule.Bound(
                                Expectation.Comparator.LESS_OR_EQUAL,
                                new Expectation.Value.Now(Duration.ofMinutes(5))))));
        DatasetVersion version = bench.ingest(source);

        assertThat(version.rows()).isEqualTo(2);
        assertThat(bench.lake.quarantine(version, 9))
                .singleElement()
                .satisfies(row -> assertThat(row.line()).isEqualTo(4))
                .extracting(QuarantinedRow::reason)
                .asString()
                .startsWith("at: '")
                .endsWith("' breaks 'at <= now + 5m'");
    }

    @Test
    void setsTheRowAside_inWhichASourceBrokeOff_andTakesItOnceItIsWhole() {
        DatasetVersion cut = bench.ingest(bench.file("a.csv", "id,at,note\n1,2024-01-01,a\n2,2024-0"));
        assertThat(bench.rows(cut)).containsExactly("1|2024-01-01 00:00:00.0|a");
        assertThat(bench.lake.quarantine(cut, 9))
                .extracting(row -> row.line() + " " + row.reason())
                .containsExactly("3 2 fields (expected: 3)");

        DatasetVersion whole = bench.ingest(bench.file("a.csv", "id,at,note\n1,2024-01-01,a\n2,2024-01-02,b\n"));
        assertThat(bench.rows(whole)).containsExactly("1|2024-01-01 00:00:00.0|a", "2|2024-01-02 00:00:00.0|b");
    }

    @Test
    void refusesAGzippedFileThatBreaksOff() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            for (int i = 0; i < 5000; i++) {
                out.write(("row " + i * 7919 % 5003 + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        Path file = Files.write(folder.resolve("a.csv.gz"), Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2));
        assertThatThrownBy(() -> bench.ingest(source(file)))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining(file.toString());
        assertThat(bench.lake.datasets()).isEmpty();
    }

    /** Reads a source in a process whose files can't grow beyond a limit any more, as on a disk that is full. */
    static final class Ingesting {
        private Ingesting() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            try (DuckDb duck = new DuckDb(new DuckDb.Settings(500, 1, folder.resolve("temporary")));
                    Lake lake = new Lake(folder.resolve("lake"), duck)) {
                // First with room, so that the native libraries are unpacked.
                lake.ingest(SourceSpec.of("small", folder.resolve("b.csv").toString()), "small", Progress.NONE);
                new ProcessBuilder(
                                "prlimit",
                                "--fsize=" + FULL_AT_BYTES,
                                "--pid",
                                Long.toString(ProcessHandle.current().pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
                lake.ingest(SourceSpec.of("things", folder.resolve(arguments[1]).toString()), "full", Progress.NONE);
                System.out.println("stored");
            } catch (MillwrightException e) {
                System.out.println(e.code().name() + ": " + e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"a.csv, IO_FAILED, expected: free disk", "a.parquet, ENGINE_EXHAUSTED, free some disk"})
    @EnabledOnOs(OS.LINUX)
    void keepsTheVersionBefore_andLeavesNoFile_whenTheDiskIsFull(String name, String code, String remedy)
            throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/prlimit")), "prlimit is absent: it is part of util-linux");
        DatasetVersion before = bench.ingest(bench.file("before.csv", "id,text\n1,a\n"));
        bench.file("b.csv", "id\n1\n");
        try (Session session = bench.duck.session()) {
            session.execute("COPY (SELECT range AS id, md5(range::VARCHAR) AS text FROM range(40000)) TO "
                    + Sql.literal(folder.resolve(name)));
        }

        assertThat(ingestOnAFullDisk(name)).startsWith(code + ": ").contains(remedy);
        assertThat(bench.lake.versions("things")).containsExactly(before);
        try (Stream<Path> files = Files.list(folder.resolve("lake/things/data"))) {
            assertThat(files.toList()).isEqualTo(before.files());
        }
        assertThat(bench.ingest(source(folder.resolve(name))).rows()).isEqualTo(40_000);
    }

    private String ingestOnAFullDisk(String name) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx500m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ingesting.class.getName(),
                        folder.toString(),
                        name)
                .redirectError(folder.resolve("err").toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.isEmpty() ? Files.readString(folder.resolve("err")) : said;
    }
}
