package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import dev.millwright.data.Header;
import dev.millwright.data.SourceSpec;
import dev.millwright.pipelines.scoring.Scoring;
import dev.millwright.pipelines.scoring.ScoringRequest;
import dev.millwright.pipelines.scoring.ScoringRequest.Finished;
import dev.millwright.pipelines.scoring.ScoringRequest.Unfinished;
import dev.millwright.pipelines.scoring.ScoringSummary;
import dev.millwright.pipelines.scoring.ScoringTarget;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.rollout.RolloutPlan;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoringTest {
    private static final int ROWS = 1000;
    private static final int PART = 128;

    @TempDir
    private Path folder;

    private Workbench home;
    private final ExecutorService workers = Executors.newFixedThreadPool(2);

    /** Version 1 serves, version 2 was trained otherwise and is not deployed. */
    @BeforeEach
    void open() {
        home = new Workbench(folder);
        home.writeCustomers(300, 1);
        home.run(Workbench.customers("[]"));
        home.run(Workbench.customers("[]")
                .replace("[logistic_regression]", "[logistic_regression: {c: 0.01}]")
                .replace("deploy: {endpoint: customers}", ""));
        home.write("rows.csv", rows());
    }

    @AfterEach
    void close() {
        workers.close();
        home.close();
    }

    private static String rows() {
        Random random = new Random(5);
        StringBuilder rows = new StringBuilder("id,age,use,plan\n");
        for (int row = 0; row < ROWS; row++) {
            rows.append(String.format(
                    Locale.ROOT,
                    "c%d,%s,%s,%s%n",
                    row,
                    row % 11 == 0 ? "" : 18 + random.nextInt(60),
                    row % 7 == 0 ? "" : String.format(Locale.ROOT, "%.3f", random.nextDouble() * 10),
                    List.of("a", "b", "never seen", "").get(random.nextInt(4))));
        }
        return rows.toString();
    }

    private ScoringRequest request(String in, String out) {
        return new ScoringRequest(
                "customers",
                Optional.empty(),
                SourceSpec.of("in", folder.resolve(in).toString()).withHeader(Header.PRESENT),
                ScoringTarget.of(folder + "/" + out),
                List.of(),
                "",
                Optional.of(PART),
                Finished.KEEP,
                Unfinished.GO_ON);
    }

    private static ScoringRequest with(ScoringRequest request, Finished finished, Unfinished unfinished) {
        return with(request, request.endpoint(), request.version(), finished, unfinished);
    }

    private static ScoringRequest with(ScoringRequest request, int version) {
        return with(request, request.endpoint(), Optional.of(version), request.finished(), request.unfinished());
    }

    private static ScoringRequest ofEndpoint(String endpoint, ScoringRequest request) {
        return with(request, endpoint, request.version(), request.finished(), request.unfinished());
    }

    private static ScoringRequest with(
            ScoringRequest request,
            String endpoint,
            Optional<Integer> version,
            Finished finished,
            Unfinished unfinished) {
        return new ScoringRequest(
                endpoint,
                version,
                request.source(),
                request.target(),
                request.keep(),
                request.prefix(),
                request.partRows(),
                finished,
                unfinished);
    }

    private ScoringSummary score(ScoringRequest request) {
        return score(request, Progress.NONE);
    }

    private ScoringSummary score(ScoringRequest request, Progress progress) {
        return new Scoring(home.registry, workers, 2, home.clock).run(request, progress);
    }

    private List<String> lines(String name) {
        try {
            return Files.readAllLines(folder.resolve(name));
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** What the process does that is killed when so many rows are done: it ends, and nothing is cleaned up. */
    private static Progress failingAfter(int rows) {
        return (what, done, total) -> {
            if (done > rows) {
                throw new IllegalStateException("killed");
            }
        };
    }

    private void beginAndFail(ScoringRequest request) {
        assertThatThrownBy(() -> score(request, failingAfter(ROWS / 2))).hasMessage("killed");
        assertThat(folder.resolve("scored.csv.parts/rows")).isNotEmptyDirectory();
    }

    private Map<Path, FileTime> parts() throws IOException {
        Map<Path, FileTime> parts = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("scored.csv.parts/rows"))) {
            for (Path part : files.toList()) {
                if (part.getFileName().toString().startsWith("part-")) {
                    parts.put(part, Files.getLastModifiedTime(part));
                }
            }
        }
        return parts;
    }

    /** The rows, as a client would send them to the endpoint. */
    private Frame frame() {
        List<String[]> cells = lines("rows.csv").stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
        String[] ids = cells.stream().map(row -> row[0]).toArray(String[]::new);
        float[] ages = new float[ROWS];
        float[] uses = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            ages[row] = number(cells.get(row)[1]);
            uses[row] = number(cells.get(row)[2]);
        }
        return new Frame(
                ROWS,
                List.of(
                        new FeatureColumn.Text("id", ids),
                        new FeatureColumn.Numeric("age", ages),
                        new FeatureColumn.Numeric("use", uses),
                        new FeatureColumn.Text(
                                "plan", cells.stream().map(row -> row[3]).toArray(String[]::new))));
    }

    private static float number(String cell) {
        return cell.isEmpty() ? Float.NaN : (float) Double.parseDouble(cell);
    }

    @Test
    void answersAsTheRuntimeThatServesDoes_toTheLastBit() {
        ScoringSummary summary = score(request("rows.csv", "scored.csv"));

        List<String> scored = lines("scored.csv");
        assertThat(summary.rows()).isEqualTo(ROWS);
        assertThat(summary.parts()).isEqualTo((ROWS + PART - 1) / PART);
        assertThat(scored).hasSize(ROWS + 1);
        assertThat(scored.getFirst()).isEqualTo("id,age,use,plan,label,probability_no,probability_yes,model_version");
        Frame frame = frame();
        try (ModelRuntime runtime = home.deployments().open(home.version(1))) {
            Predictions.Classes answers = (Predictions.Classes) runtime.predict(frame);
            for (int row = 0; row < ROWS; row++) {
                String[] cells = scored.get(row + 1).split(",", -1);
                assertThat(cells[0]).isEqualTo("c" + row);
                assertThat(cells[4]).isEqualTo(answers.classes().get(answers.labels()[row]));
                assertThat(Float.parseFloat(cells[5])).isEqualTo(answers.probability(row, 0));
                assertThat(Float.parseFloat(cells[6])).isEqualTo(answers.probability(row, 1));
                assertThat(cells[7]).isEqualTo("customers/1");
            }
        }
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    @Test
    void goesOnBehindTheLastFinishedPart() throws IOException {
        ScoringRequest request = request("rows.csv", "scored.csv");
        score(request("rows.csv", "undisturbed.csv"));
        beginAndFail(request);
        Map<Path, FileTime> before = parts();
        Files.writeString(folder.resolve("scored.csv.parts/rows/.part-000099.parquet.x.tmp"), "half a part");

        ScoringSummary summary = score(request);

        assertThat(summary.reusedParts()).isEqualTo(before.size()).isPositive();
        assertThat(summary.rows()).isEqualTo(ROWS);
        assertThat(lines("scored.csv")).isEqualTo(lines("undisturbed.csv"));
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    @Test
    void doesNotMixVersions_whenARolloutCameInBetween() {
        ScoringRequest request = request("rows.csv", "scored.csv");
        beginAndFail(request);
        home.deployments().deploy("customers", home.version(2), RolloutPlan.immediate());

        assertThatThrownBy(() -> score(request))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("they are of version 1 of customers, and customers/2 was chosen now")
                .hasMessageContaining("--version 1")
                .hasMessageContaining("--restart");
        assertThat(folder.resolve("scored.csv")).doesNotExist();

        assertThat(score(with(request, 1)).reusedParts()).isPositive();
        assertThat(lines("scored.csv").subList(1, ROWS + 1)).allMatch(line -> line.endsWith(",customers/1"));
    }

    @Test
    void keepsItsVersion_whenARolloutComesInTheMiddle() {
        score(request("rows.csv", "scored.csv"), (what, done, total) -> {
            if (done > ROWS / 2) {
                home.deployments().deploy("customers", home.version(2), RolloutPlan.immediate());
            }
        });

        assertThat(lines("scored.csv").subList(1, ROWS + 1)).allMatch(line -> line.endsWith(",customers/1"));
        score(request("rows.csv", "again.csv"));
        assertThat(lines("again.csv").getLast()).endsWith(",customers/2");
    }

    @Test
    void refusesAChangedInput_untilToldToBeginAnew() {
        ScoringRequest request = request("rows.csv", "scored.csv");
        beginAndFail(request);
        home.write("rows.csv", rows() + "c1000,20,1,a\n");

        assertThatThrownBy(() -> score(request))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rows.csv was changed since")
                .hasMessageContaining("--restart");

        ScoringSummary anew = score(with(request, Finished.KEEP, Unfinished.DISCARD));
        assertThat(anew.reusedParts()).isZero();
        assertThat(anew.rows()).isEqualTo(ROWS + 1);
    }

    @Test
    void replacesAnOutputOnlyWhenTold() {
        ScoringRequest request = request("rows.csv", "scored.csv");
        home.write("scored.csv", "mine");

        assertThatThrownBy(() -> score(request))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("scored.csv is there already")
                .hasMessageContaining("--overwrite");
        assertThat(lines("scored.csv")).containsExactly("mine");

        score(with(request, Finished.REPLACE, Unfinished.GO_ON));
        assertThat(lines("scored.csv")).hasSize(ROWS + 1);
    }

    @Test
    void writesAFolderOfParts_andReplacesOnlySuchAFolder() throws IOException {
        ScoringRequest request = request("rows.csv", "scored/");
        score(request);

        Path scored = folder.resolve("scored");
        assertThat(scored).isDirectoryContaining("glob:**/part-000000.parquet");
        assertThatThrownBy(() -> score(request)).hasMessageContaining("is there already");
        ScoringSummary replaced = score(with(request, Finished.REPLACE, Unfinished.GO_ON));
        try (Stream<Path> parts = Files.list(scored)) {
            assertThat(parts).hasSize(replaced.parts());
        }
        Files.writeString(scored.resolve("notes.txt"), "mine");
        assertThatThrownBy(() -> score(with(request, Finished.REPLACE, Unfinished.GO_ON)))
                .hasMessageContaining("holds notes.txt, which scoring didn't write");

        ScoringSummary again = score(new ScoringRequest(
                "customers",
                Optional.empty(),
                SourceSpec.of("in", scored + "/*.parquet"),
                ScoringTarget.of(folder + "/again/"),
                List.of("id", "label"),
                "new_",
                Optional.empty(),
                Finished.KEEP,
                Unfinished.GO_ON));
        assertThat(again.rows()).isEqualTo(ROWS);
    }

    @Test
    void refusesToWriteWhereItReads() {
        assertThatThrownBy(() -> score(with(request("rows.csv", "rows.csv"), Finished.REPLACE, Unfinished.GO_ON)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rows.csv is read too");
        assertThatThrownBy(() -> score(request("r*.csv", "rows-scored.csv")))
                .hasMessageContaining("would be among the files that");
        assertThatThrownBy(() -> score(request("**.csv", "scored.csv"))).hasMessageContaining("would be among");
    }

    @Test
    void letsOneProcessAtATimeWriteAnOutput_andNoFolderOfOthers() throws IOException {
        Path parts = Files.createDirectories(folder.resolve("scored.csv.parts"));
        try (FileChannel channel =
                        FileChannel.open(parts.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThatThrownBy(() -> score(request("rows.csv", "scored.csv")))
                    .hasMessageContaining("is being written by another process");
        }
        Files.writeString(parts.resolve("thesis.txt"), "mine");
        assertThatThrownBy(() -> score(request("rows.csv", "scored.csv")))
                .hasMessageContaining("holds thesis.txt, which scoring didn't write");
        assertThat(parts.resolve("thesis.txt")).exists();
    }

    @Test
    void saysThatTheModelTakesFeatureRows_whenColumnsAreMissing() {
        home.write("raw.csv", "id,years,use,plan\nc1,20,1,a\n");

        assertThatThrownBy(() -> score(request("raw.csv", "scored.csv")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("raw.csv: column: 'age' is missing")
                .hasMessageContaining("customers/1 takes feature rows: its columns are those that the feature view")
                .hasMessageContaining("of the pipeline 'customers' gives");
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    @Test
    void namesARowThatIsWrong_andLeavesNothingBehind() {
        home.write("rows.csv", rows() + "c1000,old,1,a\nc1001,20,1,a\nc1002,20\n");

        assertThatThrownBy(() -> score(request("rows.csv", "scored.csv")))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .containsAnyOf("rows.csv, line 1002: age: 'old' (expected: a number", "line 1004: 2 fields");
        assertThat(folder.resolve("scored.csv")).doesNotExist();
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    @Test
    void refusesWhatCannotBeScored() {
        home.write("empty.csv", "id,age,use,plan\n");
        assertThatThrownBy(() -> score(request("empty.csv", "scored.csv"))).hasMessageContaining("holds no rows");
        assertThatThrownBy(() -> score(request("row.csv", "scored.csv")))
                .hasMessageContaining("Did you mean 'rows.csv'?");
        assertThatThrownBy(() -> score(with(request("rows.csv", "scored.csv"), 9)))
                .hasMessageContaining("--version: 9 (expected: a version of customers)");
        assertThatThrownBy(() -> ScoringTarget.of(folder + "/nowhere/scored.csv"))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("mkdir -p");
        assertThatThrownBy(() -> ScoringTarget.of(folder + "/scored.xlsx"))
                .hasMessageContaining(".parquet, .csv or .tsv");
        assertThatThrownBy(() -> ScoringTarget.of(folder.toString())).hasMessageContaining("End it with '/'");
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }

    @Test
    void saysThatAModelTakesTensors_whichIsNoTable() throws IOException {
        Path graph = folder.resolve("tensors.onnx");
        Files.write(
                graph,
                home.registry.artifacts().read(home.version(1).servedArtifact().orElseThrow()));
        new ModelImport(home.registry, home.deployments()).add(graph, "tensors", ModelImport.Serving.TENSORS, "");
        home.deployments().deployByHand("sums", "tensors", 1, Optional.empty());

        assertThatThrownBy(() -> score(ofEndpoint("sums", request("rows.csv", "scored.csv"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("model version: tensors/1 takes tensors")
                .hasMessageContaining("(expected: one that takes rows)")
                .hasMessageContaining("Send it tensors, to /v2/models/sums/infer")
                .hasMessageContaining("--tensors");
        assertThat(folder.resolve("scored.csv.parts")).doesNotExist();
    }
}
