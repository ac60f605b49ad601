package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.registry.HomeLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were set aside, from the command line: exported, repaired, taken in, written into one file. */
class DataReplayTest {
    @TempDir
    Path folder;

    private Path home;
    private Path pipeline;
    private Path broken;

    @BeforeEach
    void trainOnWhatIsNotBroken() throws IOException {
        home = folder.resolve("home");
        broken = folder.resolve("broken.csv");
        Path data = Customers.write(folder.resolve("customers.csv"), 300, 1);
        Files.writeString(data, Files.readString(data) + "9001,1,old,pro,,no\n9002,1,-1,pro,,no\n");
        pipeline = Customers.write(
                folder.resolve("keep.yaml"),
                Files.readString(Customers.pipeline(folder.resolve("keep.yaml"), ""))
                        .replace(
                                "${DATA:-customers.csv}",
                                "{from: customers.csv, schema: {visits: {type: bigint, min: 0}}}")
                        .replace("    - xgboost: {n_estimators: 20, max_depth: 3}\n", ""));
        Invocation.in(home, "run", pipeline).exits(ExitCode.DONE);
    }

    @Test
    void takesRepairedRowsIn_beforeAndWhileAServerHoldsTheHome() throws IOException {
        assertThat(Invocation.in(home, "data", "quarantine", "customers", "--export", broken)
                        .exits(ExitCode.DONE)
                        .out())
                .startsWith("customers@v1: 2 rows written to " + broken);
        assertThat(Invocation.in(home, "data", "quarantine", "customers", "--export", broken)
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("--export: " + broken + " is there already (expected: a new file");
        Files.writeString(broken, Files.readString(broken).replace(",9001,1,old,", ",9001,1,7,"));

        assertThat(Invocation.in(home, "data", "replay", "customers", "--file", broken)
                        .exits(ExitCode.DONE)
                        .out())
                .endsWith("customers@v2: 1 row more than v1, 1 still quarantined\n");
        try (OwnedHome _ = OwnedHome.open(HomeLock.tryAcquire(home).orElseThrow(), 0, InstantSource.system())) {
            Invocation again = Invocation.in(home, "data", "replay", "customers", "--file", broken)
                    .exits(ExitCode.DONE);
            assertThat(again.err()).contains("1 row of the file had been taken before");
            assertThat(again.out()).contains("customers@v2: nothing has changed, 1 quarantined");
            assertThat(Invocation.in(home, "data", "compact", "customers")
                            .exits(ExitCode.DONE)
                            .out())
                    .startsWith("customers@v2 lies in 1 file, ")
                    .contains("; before, in 2, ");
            Files.writeString(broken, Files.readString(broken).replace(",9002,1,-1,", ",9002,1,1,"));
            assertThat(Invocation.in(home, "data", "replay", "customers", "--file", broken, "--pipeline", pipeline)
                            .exits(ExitCode.DONE)
                            .out())
                    .endsWith("customers@v3: 1 row more than v2, 0 still quarantined\n");
        }
        assertThat(Invocation.in(home, "run", pipeline, "--json")
                        .exits(ExitCode.DONE)
                        .json()
                        .path("datasets")
                        .path(0)
                        .path("version")
                        .asInt())
                .isEqualTo(3);
    }
}
