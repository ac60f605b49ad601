package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeCrashTest {
    private static final int ROWS = 20_000;

    @TempDir
    Path folder;

    /** What the killed process runs: one version after the other, each acknowledged on standard output. */
    static final class Ingesting {
        private Ingesting() {}

        public static void main(String[] arguments) {
            Path folder = Path.of(arguments[0]);
            try (DuckDb duck = new DuckDb(new DuckDb.Settings(500, 1, folder.resolve("temporary")));
                    Lake lake = new Lake(folder.resolve("lake"), duck)) {
                SourceSpec spec =
                        SourceSpec.of("things", folder.resolve("a.csv").toString());
                for (int i = 0; i < 1000; i++) {
                    String key = arguments[1] + "-" + i;
                    lake.ingest(spec, key, Progress.NONE);
                    System.out.println(key);
                }
            }
        }
    }

    @Test
    void losesNothingAcknowledged_andShowsNothingHalf_whenTheProcessIsKilled() throws Exception {
        StringBuilder rows = new StringBuilder("a,b\n");
        for (int i = 0; i < ROWS; i++) {
            rows.append(i).append(",row ").append(i).append('\n');
        }
        Files.writeString(folder.resolve("a.csv"), rows);
        List<String> acknowledged = new ArrayList<>();
        for (int kill = 0; kill < 3; kill++) {
            acknowledged.addAll(ingestAndKill("run" + kill, 20 + 35 * kill));
        }

        try (Workbench bench = new Workbench(folder)) {
            assertThat(acknowledged)
                    .isNotEmpty()
                    .allSatisfy(
                            key -> assertThat(bench.lake.find("things", key)).isPresent());
            for (DatasetVersion version : bench.lake.versions("things")) {
                assertThat(bench.query(
                                "SELECT count(*), count(DISTINCT _row_id) FROM " + bench.lake.tableReference(version)))
                        .containsExactly(ROWS + "|" + ROWS);
            }
            SourceSpec spec = SourceSpec.of("things", folder.resolve("a.csv").toString());
            assertThat(bench.ingest(spec).rows()).isEqualTo(ROWS);
        }
    }

    private List<String> ingestAndKill(String run, int millisecondsAfterTheSecond)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx500m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ingesting.class.getName(),
                        folder.toString(),
                        run)
                .redirectError(folder.resolve(run + ".err").toFile())
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < 2; i++) {
                String line = lines.readLine();
                assertThat(line)
                        .as(Files.readString(folder.resolve(run + ".err")))
                        .isNotNull();
                acknowledged.add(line);
            }
            assertThat(process.waitFor(millisecondsAfterTheSecond, TimeUnit.MILLISECONDS))
                    .isFalse();
            // Not process.destroyForcibly(), which closes the stream that is yet to be read.
            process.toHandle().destroyForcibly();
            lines.lines().forEach(acknowledged::add);
        }
        process.waitFor();
        return acknowledged;
    }
}
