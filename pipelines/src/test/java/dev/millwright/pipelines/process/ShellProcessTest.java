package dev.millwright.pipelines.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ShellProcessTest {
    private static final Limits AMPLE = new Limits(Duration.ofMinutes(2), OptionalLong.empty());
    private static final String PATH =
            Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");

    @TempDir
    private Path folder;

    private final List<String> lines = new ArrayList<>();

    private final class Reader implements Watcher {
        private final BooleanSupplier enough;

        Reader(BooleanSupplier enough) {
            this.enough = enough;
        }

        @Override
        public void printed(long first, List<String> printed) {
            assertThat(first).isEqualTo(lines.size() + 1L);
            lines.addAll(printed);
        }

        @Override
        public void look(Duration elapsed) {
            if (enough.getAsBoolean()) {
                throw new IllegalStateException("seen enough");
            }
        }
    }

    private ProcessRecords records() {
        return new ProcessRecords(folder.resolve("processes"));
    }

    private Ending run(String line, Limits limits) throws InterruptedException {
        return ShellProcess.run(command(line), limits, records(), new Reader(() -> false));
    }

    private ShellCommand command(String line) {
        return new ShellCommand(line, folder, Map.of("PATH", PATH, "NAME", "a 'quoted' value"));
    }

    /** A number of seconds that no other process of this machine sleeps for. */
    private static String longTime() {
        return "9" + (100_000 + new Random().nextInt(800_000)) + "." + System.nanoTime() % 1000;
    }

    private static boolean sleeps(String seconds) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().arguments().stream())
                .flatMap(Stream::of)
                .anyMatch(seconds::equals);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void assertNothingIsOnRecord() throws IOException {
        try (Stream<Path> left = Files.list(folder.resolve("processes"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void givesBothStreamsInOrder_theEnvironmentAndTheExitCode() throws Exception {
        Ending ending = run("echo one; echo two >&2; echo \"$NAME\"; pwd; printf 'no end'; exit 7", AMPLE);

        assertThat(ending).isEqualTo(new Ending.Exited(7));
        assertThat(lines)
                .containsExactly(
                        "one", "two", "a 'quoted' value", folder.toRealPath().toString(), "no end");
        assertNothingIsOnRecord();
    }

    @Test
    void inheritsNothing_andReadsNothing() throws Exception {
        assertThat(run("cat; env | cut -d= -f1 | sort | tr '\\n' ' '", AMPLE)).isEqualTo(new Ending.Exited(0));

        assertThat(lines)
                .singleElement()
                .asString()
                .contains("MILLWRIGHT_STEP NAME PATH")
                .doesNotContain("JAVA");
    }

    @Test
    void takesAllThatIsPrinted_howeverMuch() throws Exception {
        assertThat(run("seq 300000", AMPLE)).isEqualTo(new Ending.Exited(0));

        assertThat(lines).hasSize(300_000).endsWith("300000");
    }

    @Test
    void saysWhichSignalEndedIt() throws Exception {
        assertThat(run("kill -KILL $$", AMPLE)).isEqualTo(new Ending.Exited(137));
    }

    @Test
    void endsWhatTheCommandLeavesInTheBackground() throws Exception {
        String seconds = longTime();

        assertThat(run("sleep " + seconds + " & echo done", AMPLE)).isEqualTo(new Ending.Exited(0));

        assertThat(lines).containsExactly("done");
        assertThat(sleeps(seconds)).isFalse();
    }

    @Test
    void endsAProgramThatPrintsForEver_onceTheCommandIsOver() throws Exception {
        assertThat(run("yes & echo $! > pid; sleep 0.1", AMPLE)).isEqualTo(new Ending.Exited(0));

        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        await(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void endsTheWholeTree_whenTheTimeIsOver() throws Exception {
        String seconds = longTime();
        Limits short_ = new Limits(Duration.ofMillis(600), OptionalLong.empty());

        Ending ending = run("echo begun; (sh -c 'sleep " + seconds + " & sleep " + seconds + "') & wait", short_);

        assertThat(ending).isEqualTo(new Ending.OutOfTime());
        assertThat(lines).containsExactly("begun");
        assertThat(sleeps(seconds)).isFalse();
    }

    @Test
    void endsChildrenThatLetGoOfTheirParents() throws Exception {
        String seconds = longTime();
        // The first leaves its parents, the second their session as well.
        String line = "(sleep " + seconds + " & ) ; (setsid sh -c 'sleep " + seconds + " & sleep " + seconds
                + "' & ) ; wait; sleep " + seconds;

        assertThatThrownBy(() ->
                        ShellProcess.run(command(line), AMPLE, records(), new Reader(() -> sleepers(seconds) == 4)))
                .hasMessage("seen enough");

        assertThat(sleeps(seconds)).isFalse();
        assertNothingIsOnRecord();
    }

    private static long sleepers(String seconds) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.endsWith("sleep"))
                        .isPresent())
                .filter(process -> Stream.of(process.info().arguments().orElse(new String[0]))
                        .anyMatch(seconds::equals))
                .count();
    }

    @Test
    void killsWhatDoesNotListen_afterAskingIt() throws Exception {
        String seconds = longTime();
        Limits brief = new Limits(Duration.ofMillis(500), OptionalLong.empty());

        Ending ending = run("trap 'echo asked' TERM; while :; do sleep " + seconds + "; done", brief);

        assertThat(ending).isEqualTo(new Ending.OutOfTime());
        assertThat(lines).contains("asked");
        assertThat(sleeps(seconds)).isFalse();
    }

    @Test
    void endsTheTree_whenItHoldsTooMuchMemory() throws Exception {
        String seconds = longTime();
        Limits little = new Limits(Duration.ofMinutes(2), OptionalLong.of(40_000_000));

        Ending ending = run("sleep " + seconds + " & head -c 90000000 /dev/zero | tail", little);

        assertThat(ending)
                .isInstanceOfSatisfying(
                        Ending.OutOfMemory.class,
                        over -> assertThat(over.reached())
                                .isGreaterThan(40_000_000)
                                .isLessThan(200_000_000));
        assertThat(sleeps(seconds)).isFalse();
    }

    @Test
    void endsAtOnce_whenTheThreadIsInterrupted() throws Exception {
        String seconds = longTime();
        Thread runner = Thread.currentThread();
        BooleanSupplier interrupt = () -> {
            if (sleeps(seconds)) {
                runner.interrupt();
            }
            return false;
        };

        assertThatThrownBy(() -> ShellProcess.run(command("sleep " + seconds), AMPLE, records(), new Reader(interrupt)))
                .isInstanceOf(InterruptedException.class);

        await(() -> !sleeps(seconds));
    }

    @Test
    void saysThatAFolderIsMissing() {
        ShellCommand nowhere = new ShellCommand("true", folder.resolve("gone"), Map.of("PATH", PATH));

        assertThatThrownBy(() -> ShellProcess.run(nowhere, AMPLE, records(), new Reader(() -> false)))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("gone")
                .hasMessageContaining("(expected: a folder that is there, and sh)");
    }

    @Test
    void endsWhatADeadOwnerLeftRunning() throws Exception {
        String seconds = longTime();
        Process owner = owner("( sleep " + seconds + " & ) ; sleep " + seconds);
        await(() -> sleepers(seconds) == 2);
        owner.toHandle().destroyForcibly();
        owner.waitFor();
        assertThat(sleepers(seconds)).isEqualTo(2);

        assertThat(records().endOrphans()).isEqualTo(1);

        assertThat(sleeps(seconds)).isFalse();
        assertNothingIsOnRecord();
        assertThat(records().endOrphans()).isZero();
    }

    private Process owner(String line) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShellOwner.class.getName(),
                        folder.toString(),
                        line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("owner.log").toFile())
                .start();
    }

    @Test
    void touchesNoProcessThatTookTheNumberOfADeadOne() throws Exception {
        ProcessTable table = ProcessTable.ofThisMachine();
        long here = ProcessHandle.current().pid();
        Files.createDirectories(folder.resolve("processes"));
        Files.writeString(folder.resolve("processes/other"), here + " 12345 " + table.epoch());

        assertThat(records().endOrphans()).isZero();
    }
}
