package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Progress;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.data.SourceSpec;
import dev.millwright.pipelines.datasets.DatasetChanges.Taken;
import dev.millwright.pipelines.datasets.DatasetDesk;
import dev.millwright.pipelines.datasets.ExpiryRequest;
import dev.millwright.pipelines.datasets.ExpiryRequest.Mode;
import dev.millwright.pipelines.datasets.ExpiryRequest.Needed;
import dev.millwright.registry.DatasetReference;
import dev.millwright.registry.NewRun;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of changes to datasets when the process that makes them is killed. */
class DatasetCrashTest {
    private static final int KILLS = 3;

    @TempDir
    Path folder;

    /** A home on disk. */
    private record Home(Registry registry, DuckDb duck, Lake lake, DatasetDesk desk) implements AutoCloseable {
        static Home open(Path folder) {
            InstantSource clock = InstantSource.system();
            Registry registry = Registry.open(folder.resolve("home"), clock);
            DuckDb duck = new DuckDb(new DuckDb.Settings(500, 1, folder.resolve("temporary")));
            Lake lake = new Lake(folder.resolve("home/lake"), duck, clock);
            return new Home(registry, duck, lake, new DatasetDesk(registry, lake, clock));
        }

        List<RecordedDataset> versions() {
            return registry.datasets().versions("things");
        }

        RecordedDataset ingest(Path file, String text) throws IOException {
            Files.writeString(file, text);
            SourceSpec spec = SourceSpec.of("things", file.toString());
            String fingerprint = Lake.fingerprint(spec);
            String run = registry.runs()
                    .create(NewRun.of(
                            registry.experiments().findOrCreate("things").id(), "a look", RunKind.TRACKED))
                    .id();
            RecordedDataset recorded =
                    registry.datasets().record(run, lake.ingest(spec, fingerprint, Progress.NONE), fingerprint);
            registry.runs().finish(run, RunStatus.FINISHED, Optional.empty());
            return recorded;
        }

        @Override
        public void close() {
            lake.close();
            duck.close();
            registry.close();
        }
    }

    /** What the killed process does: change after change, each acknowledged on standard output. */
    static final class Changing {
        private Changing() {}

        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            try (Home home = Home.open(folder)) {
                home.desk().settle();
                for (int i = 0; i < 1000; i++) {
                    RecordedDataset read = home.ingest(folder.resolve("a.csv"), "a,b\n1," + arguments[1] + i + "\n");
                    String tag = "tag-" + arguments[1] + i;
                    home.desk().tag(DatasetReference.parse("things"), tag, Taken.REFUSE);
                    System.out.println("tagged " + tag + " " + read.version());
                    home.ingest(folder.resolve("a.csv"), "a,c\n2," + arguments[1] + i + "\n");
                    var back = home.desk().rollBack(DatasetReference.parse("things@" + tag), "no reason");
                    System.out.println("rolled-back " + back.version() + " " + back.restored());
                    var expiry = home.desk()
                            .expire(new ExpiryRequest(
                                    "things",
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of(2),
                                    i % 2 == 0 ? Needed.KEEP : Needed.EXPIRE,
                                    Mode.CARRY_OUT));
                    expiry.expired().forEach(version -> System.out.println("expired " + version));
                }
            }
        }
    }

    @Test
    void losesNoChangeThatWasAcknowledged_andLakeAndRecordAgree_whenTheProcessIsKilled() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(changeAndKill("run" + kill, 3 + 2 * kill, 7 + 16 * kill));
        }
        try (Home home = Home.open(folder)) {
            home.desk().settle();

            assertThat(home.registry().events().verify().firstBroken()).isEmpty();
            assertThat(acknowledged)
                    .allSatisfy(change -> assertThat(isKept(home, change.split(" ")))
                            .as(change)
                            .isTrue());
            Set<Long> kept = home.versions().stream()
                    .filter(version -> version.expired().isEmpty())
                    .map(RecordedDataset::snapshot)
                    .collect(Collectors.toSet());
            assertThat(home.lake().snapshots("things")).containsAll(kept);
            // A version that was read and not recorded is found by its key when its step is done again.
            assertThat(home.lake().snapshots("things")).hasSizeLessThanOrEqualTo(kept.size() + KILLS);
            assertThat(home.lake().tags("things").keySet())
                    .isEqualTo(home.registry().datasets().tags().of("things").keySet());
            for (RecordedDataset version : home.versions()) {
                if (version.expired().isEmpty()) {
                    assertThat(home.lake().profile(home.lake().load("things", version.snapshot())))
                            .hasSize(2);
                }
            }
        }
    }

    private static boolean isKept(Home home, String[] change) {
        RecordedDataset version = home.versions().stream()
                .filter(each -> each.version() == Integer.parseInt(change[change[0].equals("tagged") ? 2 : 1]))
                .findFirst()
                .orElseThrow();
        return switch (change[0]) {
            case "tagged" ->
                version.expired().isPresent()
                        || Integer.valueOf(version.version())
                                .equals(home.registry()
                                        .datasets()
                                        .tags()
                                        .of("things")
                                        .get(change[1]));
            case "rolled-back" -> version.restores().equals(Optional.of(Integer.parseInt(change[2])));
            default -> version.expired().isPresent();
        };
    }

    private List<String> changeAndKill(String run, int changes, int milliseconds)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx500m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Changing.class.getName(),
                        folder.toString(),
                        run)
                .redirectError(folder.resolve(run + ".err").toFile())
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < changes; i++) {
                String line = lines.readLine();
                assertThat(line)
                        .as(Files.readString(folder.resolve(run + ".err")))
                        .isNotNull();
                acknowledged.add(line);
            }
            assertThat(process.waitFor(milliseconds, TimeUnit.MILLISECONDS)).isFalse();
            // Not process.destroyForcibly(), which closes the stream that is yet to be read.
            process.toHandle().destroyForcibly();
            lines.lines().forEach(acknowledged::add);
        }
        process.waitFor();
        return acknowledged;
    }
}
