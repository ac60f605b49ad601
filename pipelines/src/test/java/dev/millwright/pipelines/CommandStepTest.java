package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.RunDesk.Ticket;
import dev.millwright.registry.ArtifactRoot;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.NewLoggedModel;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunArtifact;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CommandStepTest {
    private static final String STEP = "train command";
    private static final String PIPELINE = """
            pipeline: customers
            data: {customers: customers.csv}
            features:
              entity: id
              sql: SELECT id, age, use, plan FROM customers
            label: churned
            train:
              run: sh train.sh
              %s
            gate: [roc_auc >= 0.7]
            deploy: {endpoint: customers}
            """;
    private static final String COPY = "cp model.onnx \"$MILLWRIGHT_OUTPUT/model.onnx\"\n";

    @TempDir
    private Path folder;

    private Workbench home;
    private final List<RunEvent> events = new ArrayList<>();

    private static byte[] graph = new byte[0];

    /** A graph as our own learner exports it stands for one that a program trained. */
    @BeforeAll
    static void graph(@TempDir Path school) {
        try (Workbench teacher = new Workbench(school)) {
            teacher.writeCustomers(600, 1);
            assertThat(teacher.run(Workbench.customers("[]")).failure()).isEmpty();
            graph = teacher.registry
                    .artifacts()
                    .read(Optional.ofNullable(teacher.version(1).artifacts().get("model.onnx"))
                            .orElseThrow());
        }
    }

    @BeforeEach
    void open() throws IOException {
        home = new Workbench(folder);
        home.writeCustomers(600, 1);
        Files.write(folder.resolve("model.onnx"), graph);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private Outcome train(String script, String... more) {
        home.write("train.sh", script);
        events.clear();
        return home.runs.follow(
                home.runs.start(home.request(PIPELINE.formatted(String.join("\n  ", more)), Map.of())), this::keep);
    }

    private synchronized void keep(RunEvent event) {
        events.add(event);
    }

    private Run training() {
        return home.registry
                .runs()
                .list(RunFilter.ALL.kind(RunKind.TRAINING), 1, Optional.empty())
                .items()
                .getFirst();
    }

    private String output() {
        RunArtifact log =
                home.registry.runs().findArtifact(training().id(), "output.log").orElseThrow();
        return new String(home.registry.artifacts().read(log.artifact()), StandardCharsets.UTF_8);
    }

    private static String error(Outcome outcome) {
        return outcome.summary().error().orElseThrow();
    }

    private static String longTime() {
        return "9" + (100_000 + new Random().nextInt(800_000)) + "." + System.nanoTime() % 1000;
    }

    private static boolean sleeps(String seconds) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().arguments().stream())
                .flatMap(Stream::of)
                .anyMatch(seconds::equals);
    }

    @Test
    void takesTheModelThatACommandLeaves_throughEveryStep() {
        Outcome outcome = train("echo training\n" + COPY + "echo hello > \"$MILLWRIGHT_OUTPUT/notes.txt\"\n");

        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.summary().model().orElseThrow().learner()).isEqualTo("command");
        assertThat(outcome.summary().parity().orElseThrow().rows()).isEqualTo(96);
        assertThat(home.registry.endpoints().load("customers").model()).isEqualTo("customers");
        Run run = training();
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.parentId()).contains(outcome.summary().run());
        assertThat(home.registry.runs().artifacts(run.id()))
                .extracting(RunArtifact::path)
                .containsExactly(
                        "millwright/model.onnx", "millwright/parity.json", "model.onnx", "notes.txt", "output.log");
        assertThat(home.registry.runs().latestMetrics(run.id())).containsKey("validation_roc_auc");
        assertThat(home.registry.runs().params(outcome.summary().run())).containsEntry("command", "sh train.sh");
        assertThat(folder.resolve("commands/work")).isEmptyDirectory();
    }

    @Test
    void handsOverRowsAndVariables() {
        train("""
                head -c 4 "$MILLWRIGHT_TRAIN"; echo
                head -c 4 "$MILLWRIGHT_VALIDATION"; echo
                cat "$MILLWRIGHT_SIGNATURE"; echo
                for name in FEATURES LABEL TASK CLASSES SEED; do eval "echo \\$MILLWRIGHT_$name"; done
                echo "$MLFLOW_TRACKING_URI $MLFLOW_RUN_ID $MLFLOW_EXPERIMENT_ID $OWN"
                """, "environment: {OWN: 'of the file'}", "seed: 7");

        Run run = training();
        assertThat(output().lines())
                .containsExactly(
                        "PAR1",
                        "PAR1",
                        "{\"task\":\"binary\",\"label\":\"label\",\"classes\":[\"no\",\"yes\"],\"inputs\":[{\"name\":\"age\",\"type\":"
                                + "\"number\"},{\"name\":\"use\",\"type\":\"number\"},{\"name\":\"plan\",\"type\":\"text\"}],"
                                + "\"metric\":\"roc_auc\",\"better\":\"greater\",\"seed\":7}",
                        "[\"age\",\"use\",\"plan\"]",
                        "label",
                        "binary",
                        "[\"no\",\"yes\"]",
                        "7",
                        "http://127.0.0.1:8750 " + run.id() + " " + run.experimentId() + " of the file");
    }

    @Test
    void tellsWatchersWhatIsPrinted_whileItRuns() {
        train("seq 250; echo last\n" + COPY);

        List<String> lines = new ArrayList<>();
        for (RunEvent event : events) {
            if (event instanceof RunEvent.StepPrinted printed) {
                assertThat(printed.step()).isEqualTo(STEP);
                assertThat(printed.first()).isEqualTo(lines.size() + 1L);
                lines.addAll(printed.lines());
            }
        }
        assertThat(lines).hasSize(251).endsWith("250", "last");
        assertThat(output().lines().toList()).isEqualTo(lines);
    }

    @Test
    void failsWithTheLastLines_whenTheCommandFails() {
        Outcome outcome = train("seq 30; echo 'no such column: 4711' >&2; exit 3");

        assertThat(error(outcome))
                .startsWith("train.run: 'sh train.sh' ended with exit code 3 (expected: 0). It printed last:\n    12\n")
                .endsWith("\n    30\n    no such column: 4711\nAll of its output is output.log of run "
                        + training().id() + ".");
        assertThat(training().status()).isEqualTo(RunStatus.FAILED);
        // What a program prints may hold data, and the record is for ever.
        assertThat(home.registry.events().list(EventFilter.newest().limit(1000)))
                .noneMatch(event -> event.data().toString().contains("4711"))
                .anyMatch(event -> event.data().toString().contains("ended with exit code 3"));
    }

    @Test
    void saysThatTheProgramIsMissing() {
        assertThat(error(train("nothing-of-this-name")))
                .contains(
                        "ended with exit code 127 (expected: 0). The shell did not find the program. It printed last:");
    }

    @Test
    void saysHowToLogAModel_whenThereIsNone() {
        assertThat(error(train("echo {} > \"$MILLWRIGHT_OUTPUT/weights.json\"")))
                .isEqualTo(
                        "train.run: the command left no ONNX model (expected: one logged by mlflow.onnx.log_model(graph,"
                                + " name=\"model\"), or the file model.onnx in the folder $MILLWRIGHT_OUTPUT). It left output.log,"
                                + " weights.json. docs/any-language.md shows how to export one.");
    }

    @Test
    void saysWhyAModelCannotBeUsed() {
        assertThat(error(train("echo no graph > \"$MILLWRIGHT_OUTPUT/model.onnx\"")))
                .startsWith("train.run: model.onnx of the output folder can't be used: model: not ONNX");
    }

    @Test
    void takesTheResultOfAnUnchangedCommand_andDoesAChangedOneAgain() {
        home.write("settings.txt", "one");
        String[] keys = {"environment: {DEPTH: 3}", "files: [settings.*]"};
        train(COPY, keys);

        assertThat(train(COPY, keys).summary().reused()).contains(STEP);
        assertThat(train(COPY, "environment: {DEPTH: 3}", "files: [settings.*]", "time_limit: 2h")
                        .summary()
                        .reused())
                .contains(STEP);
        assertThat(train(COPY + "# changed\n", keys).summary().reused()).doesNotContain(STEP);
        assertThat(train(COPY, keys).summary().reused()).contains(STEP);
        home.write("settings.txt", "two");
        assertThat(train(COPY, keys).summary().reused()).doesNotContain(STEP);
        assertThat(train(COPY, "environment: {DEPTH: 4}", "files: [settings.*]")
                        .summary()
                        .reused())
                .doesNotContain(STEP);
    }

    @Test
    void endsACommandThatTakesTooLong() {
        String seconds = longTime();

        Outcome outcome = train("echo begun; sleep " + seconds, "time_limit: 500ms");

        assertThat(error(outcome))
                .startsWith("train.run: 'sh train.sh' took longer than 500ms and was ended (expected: less, or a longer"
                        + " train.time_limit). It printed last:\n    begun\n");
        assertThat(sleeps(seconds)).isFalse();
    }

    @Test
    void endsACommandThatHoldsTooMuch() {
        assertThat(error(train("head -c 90000000 /dev/zero | tail", "memory_limit: 40 MB")))
                .containsPattern(
                        "'sh train.sh' and what it started held \\d+ MB and was ended \\(expected: at most 40 MB, or a"
                                + " higher train.memory_limit\\)");
    }

    @Test
    void endsTheWholeTree_whenTheRunIsCancelled() throws Exception {
        String seconds = longTime();
        home.write("train.sh", "(setsid sh -c 'sleep " + seconds + " & ' & ) ; echo ready; sleep " + seconds);

        Ticket ticket = onADesk((desk, run) -> desk.cancel(run, "wrong data"));

        assertThat(ticket.outcome().get(1, TimeUnit.MINUTES).summary().status()).isEqualTo("killed");
        assertThat(sleeps(seconds)).isFalse();
        assertThat(home.registry.runs().load(ticket.run()).status()).isEqualTo(RunStatus.KILLED);
        assertThat(training().status()).isEqualTo(RunStatus.KILLED);
        assertThat(output()).isEqualTo("ready\n");
    }

    @Test
    void endsTheWholeTree_whenTheDeskIsClosed_andCanGoOn() throws Exception {
        String seconds = longTime();
        home.write("train.sh", "echo ready; sleep " + seconds);

        Ticket ticket = onADesk((desk, run) -> desk.close());

        assertThat(ticket.outcome().get(1, TimeUnit.MINUTES).summary().status()).isEqualTo("interrupted");
        assertThat(sleeps(seconds)).isFalse();
        assertThat(training().status()).isEqualTo(RunStatus.INTERRUPTED);
        home.write("train.sh", COPY);
        assertThat(home.runs
                        .follow(home.runs.resume(Optional.of(ticket.run())), RunListener.NONE)
                        .failure())
                .isEmpty();
    }

    @FunctionalInterface
    private interface Deed {
        void on(RunDesk desk, String run);
    }

    /** Submits the run to a desk, and does something once its command has printed a line. */
    private Ticket onADesk(Deed deed) throws InterruptedException {
        try (ExecutorService worker = Executors.newSingleThreadExecutor()) {
            RunDesk desk = new RunDesk(home.runs, worker);
            Ticket ticket = desk.submit(home.request(PIPELINE.formatted(""), Map.of()), event -> {
                if (event instanceof RunEvent.StepPrinted) {
                    deed.on(
                            desk,
                            home.registry
                                    .runs()
                                    .list(RunFilter.ALL.kind(RunKind.PIPELINE), 1, Optional.empty())
                                    .items()
                                    .getFirst()
                                    .id());
                }
            });
            assertThat(ticket.journal().awaitEnd(Duration.ofMinutes(1))).isTrue();
            return ticket;
        }
    }

    @Test
    void takesTheLatestLoggedModel_withItsFiles() {
        home.write("train.sh", "echo ready; while [ ! -f go ]; do sleep 0.05; done");

        Outcome outcome = home.runs.follow(home.runs.start(home.request(PIPELINE.formatted(""), Map.of())), event -> {
            if (event instanceof RunEvent.StepPrinted) {
                log("other", "sklearn: {pickled_model: model.pkl}", Map.of("model.pkl", graph));
                log("model", "onnx: {data: graph.onnx}", Map.of("graph.onnx", graph));
                home.write("go", "");
            }
        });

        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.summary().model()).isPresent();
    }

    @Test
    void takesAModel_thatTheCommandWroteWhereClientsKeepTheirFiles(@TempDir Path files) throws Exception {
        home.close();
        home = new Workbench(folder, new ArtifactRoot.Directory(files.toRealPath()));
        home.write("train.sh", "echo ready; while [ ! -f go ]; do sleep 0.05; done");

        Outcome outcome = home.runs.follow(home.runs.start(home.request(PIPELINE.formatted(""), Map.of())), event -> {
            if (event instanceof RunEvent.StepPrinted) {
                String model = logged("model").artifactUri();
                write(model + "/MLmodel", "flavors:\n  onnx: {data: graph.onnx}\n".getBytes(StandardCharsets.UTF_8));
                write(model + "/graph.onnx", graph);
                home.write("go", "");
            }
        });

        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.summary().model()).isPresent();
        assertThat(training().artifactUri())
                .as("what Millwright promises to keep")
                .startsWith(Registry.ARTIFACT_ROOT);
    }

    private static void write(String uri, byte[] bytes) {
        Path file = Path.of(URI.create(uri));
        try {
            Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
            Files.write(file, bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private LoggedModel logged(String name) {
        Run run = training();
        return home.registry
                .loggedModels()
                .create(new NewLoggedModel(run.experimentId(), name, "", Optional.of(run.id()), Map.of(), Map.of()));
    }

    private void log(String name, String flavour, Map<String, byte[]> files) {
        String root = logged(name).artifactUri().substring(Registry.ARTIFACT_ROOT.length());
        String description = "flavors:\n  " + flavour + "\n";
        home.registry
                .artifactFiles()
                .put(root + "/MLmodel", new ByteArrayInputStream(description.getBytes(StandardCharsets.UTF_8)));
        files.forEach(
                (path, bytes) -> home.registry.artifactFiles().put(root + "/" + path, new ByteArrayInputStream(bytes)));
    }

    @Test
    void holdsTheGraphToWhatTheTrainerSays() {
        Outcome outcome = train(
                COPY + "echo '{\"probabilities\": [0.25, 0.5], \"rows\": [3, 1]}' > $MILLWRIGHT_OUTPUT/parity.json");

        assertThat(outcome.summary().status()).isEqualTo("refused");
        assertThat(error(outcome)).startsWith("parity: ").contains("probabilities[yes]");
        assertThat(home.registry.endpoints().list()).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithThePredictionsOfTheTrainer() {
        assertThat(
                        error(
                                train(
                                        COPY
                                                + "echo '{\"probabilities\": [[0.2, 0.8]], \"rows\": [1000]}' > $MILLWRIGHT_OUTPUT/parity.json")))
                .isEqualTo("train.run: parity.json: row 1000 (expected: from 0 to 95, those of the validation file).");
        assertThat(error(train(COPY + "echo '{\"prediction\": [1]}' > $MILLWRIGHT_OUTPUT/parity.json")))
                .isEqualTo("train.run: parity.json: has no 'probabilities' (expected: a list of them).");
    }
}
