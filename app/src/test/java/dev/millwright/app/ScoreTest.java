package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files through the model of an endpoint, by the command line. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ScoreTest {
    private static final int ROWS = 1500;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private Path home;
    private Path rows;

    @BeforeEach
    void deploy() throws IOException {
        home = folder.resolve("home");
        Customers.write(folder.resolve("customers.csv"), ROWS, 1);
        Path pipeline = Customers.pipeline(folder.resolve("keep.yaml"), "deploy:\n  endpoint: keep\n");
        Invocation.in(home, "run", pipeline).exits(ExitCode.DONE);
        rows = withGaps(folder.resolve("rows.csv"));
    }

    /** The same customers, some of whom are not known well. */
    private Path withGaps(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("customers.csv"))) {
            String[] cells = line.split(",", -1);
            int row = lines.size();
            if (row > 0) {
                cells[1] = row % 5 == 0 ? "" : cells[1];
                cells[4] = row % 3 == 0 ? "" : row % 11 == 0 ? "Ulan Bator" : cells[4];
            }
            lines.add(String.join(",", cells));
        }
        return Files.write(file, lines);
    }

    private static float number(String cell) {
        return cell.isEmpty() ? Float.NaN : (float) Double.parseDouble(cell);
    }

    private static Frame frame(List<String[]> rows) {
        float[] spend = new float[rows.size()];
        float[] visits = new float[rows.size()];
        for (int row = 0; row < spend.length; row++) {
            spend[row] = number(rows.get(row)[1]);
            visits[row] = number(rows.get(row)[2]);
        }
        return new Frame(
                spend.length,
                List.of(
                        new FeatureColumn.Numeric("spend", spend),
                        new FeatureColumn.Numeric("visits", visits),
                        new FeatureColumn.Text(
                                "plan", rows.stream().map(row -> row[3]).toArray(String[]::new)),
                        new FeatureColumn.Text(
                                "city", rows.stream().map(row -> row[4]).toArray(String[]::new))));
    }

    private static JsonNode output(JsonNode answer, String name) {
        for (JsonNode output : answer.path("outputs")) {
            if (output.path("name").asText().equals(name)) {
                return output.path("data");
            }
        }
        throw new AssertionError("no output " + name + " in " + answer);
    }

    private Invocation score(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("score", "keep"));
        arguments.addAll(List.of(more));
        return Invocation.in(home, arguments.toArray());
    }

    @Test
    void answersAsTheEndpointDoes_toTheLastBit_besideTheServerThatOwnsTheHome() throws IOException {
        Path out = folder.resolve("scored.csv");
        try (OwnedHome owner = OwnedHome.open(HomeLock.tryAcquire(home).orElseThrow(), 0, InstantSource.system())) {
            assertThat(owner.registry().endpoints().find("keep")).isPresent();
            OwnerClient client = new OwnerClient(OwnerInfo.find(home).orElseThrow());

            JsonNode summary = score("--in", rows, "--out", out, "--part-rows", "400", "--json")
                    .exits(ExitCode.DONE)
                    .json();

            assertThat(summary.path("rows").asInt()).isEqualTo(ROWS);
            assertThat(summary.path("parts").asInt()).isEqualTo(4);
            List<String[]> scored = Files.readAllLines(out).stream()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .toList();
            assertSame(client, scored.subList(0, 400));
            assertSame(client, scored.subList(400, 401));
            assertSame(client, scored.subList(ROWS - 3, ROWS));
        }
    }

    /** One request with these rows gets exactly what stands beside them. */
    private static void assertSame(OwnerClient client, List<String[]> scored) {
        JsonNode answer = client.infer("keep", InferenceBody.of(frame(scored)));
        JsonNode labels = output(answer, "label");
        JsonNode probabilities = output(answer, "probabilities");
        for (int row = 0; row < scored.size(); row++) {
            String[] cells = scored.get(row);
            assertThat(cells[6]).isEqualTo(labels.get(row).asText());
            assertThat(Float.parseFloat(cells[7]))
                    .isEqualTo(probabilities.get(2 * row).floatValue());
            assertThat(Float.parseFloat(cells[8]))
                    .isEqualTo(probabilities.get(2 * row + 1).floatValue());
            assertThat(cells[9]).isEqualTo("keep/1");
        }
    }

    @Test
    void writesParquet_thatCanBeScoredAgain_withChosenColumns() throws IOException {
        Path parquet = folder.resolve("scored.parquet");
        Invocation first = score("--in", rows, "--out", parquet).exits(ExitCode.DONE);
        assertThat(first.out()).contains("keep: 1,500 rows scored with keep/1 → " + parquet);
        assertThat(first.err()).contains("✓ score keep");

        Path again = folder.resolve("again.tsv");
        score("--in", parquet, "--out", again, "--keep", "id,label", "--prefix", "new_")
                .exits(ExitCode.DONE);

        List<String> lines = Files.readAllLines(again);
        assertThat(lines)
                .hasSize(ROWS + 1)
                .startsWith("id\tlabel\tnew_label\tnew_probability_false\tnew_probability_true\tnew_model_version");
        assertThat(lines.subList(1, lines.size()))
                .allSatisfy(line -> assertThat(line.split("\t")[1]).isEqualTo(line.split("\t")[2]));
    }

    @Test
    void saysWhatIsWrong_andWritesNothing() {
        Path out = folder.resolve("scored.csv");

        assertThat(score("--in", folder.resolve("row.csv"), "--out", out)
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("Did you mean 'rows.csv'?");
        assertThat(score("--in", rows, "--out", rows, "--overwrite")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("is read too");
        assertThat(Invocation.in(home, "score", "kep", "--in", rows, "--out", out)
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("Did you mean 'keep'?");
        assertThat(score("--in", rows, "--out", out, "--format", "xml")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("--format: xml (expected: one of csv, tsv, jsonl, parquet)");
        assertThat(score("--in", rows, "--out", out, "--part-rows", "0")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("--part-rows: 0 (expected: 1 to");
        assertThat(out).doesNotExist();
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    @Test
    void goesOnAfterAKill_andComesToTheSame() throws Exception {
        Path undisturbed = folder.resolve("undisturbed.csv");
        score("--in", rows, "--out", undisturbed, "--part-rows", "4").exits(ExitCode.DONE);
        Path out = folder.resolve("scored.csv");
        Object[] command = {"score", "keep", "--in", rows, "--out", out, "--part-rows", "4", "--home", home};
        Path parts = folder.resolve("scored.csv.parts/rows");
        try (Child child = Child.Launcher.make(Files.createDirectory(folder.resolve("child")))
                .start(command)) {
            awaitParts(parts, 3, child);
            child.kill();
        }
        assertThat(out).doesNotExist();
        int finished = count(parts);

        JsonNode summary = Invocation.of(
                        Stream.concat(Stream.of(command), Stream.of("--json")).toArray())
                .exits(ExitCode.DONE)
                .json();

        assertThat(summary.path("reused_parts").asInt()).isEqualTo(finished).isPositive();
        assertThat(Files.readAllLines(out)).isEqualTo(Files.readAllLines(undisturbed));
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    private static void awaitParts(Path parts, int least, Child child) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (count(parts) < least) {
            assertThat(System.nanoTime()).as(child.printed()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private static int count(Path parts) throws IOException {
        if (!Files.isDirectory(parts)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(parts)) {
            return (int) files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .count();
        }
    }
}
