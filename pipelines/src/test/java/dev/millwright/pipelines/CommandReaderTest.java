package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.pipelines.PipelineFile.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandReaderTest {
    private static final String FILE = """
            pipeline: p
            data: {customers: customers.csv}
            features: {sql: "SELECT age FROM customers"}
            label: churned
            train:
            """;

    @TempDir
    private Path folder;

    private Workbench home;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        home.writeCustomers(50, 1);
        home.write("train.py", "");
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static String file(String train) {
        return FILE + train.indent(2);
    }

    private Command command(String train) {
        return home.runs
                .check(home.request(file(train), Map.of()))
                .file()
                .train()
                .command()
                .orElseThrow();
    }

    private List<String> problems(String train) {
        return catchThrowableOfType(
                        InvalidInputException.class, () -> home.runs.check(home.request(file(train), Map.of())))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void readsACommandWithItsLimits() {
        Command command = command("""
                run: python train.py --depth 3
                time_limit: 30m
                memory_limit: 1.5 GiB
                environment: {SEED: "7", MODE: quick}
                files: [customers.*]
                """);

        assertThat(command.line().text()).isEqualTo("python train.py --depth 3");
        assertThat(command.timeLimit()).isEqualTo(Duration.ofMinutes(30));
        assertThat(command.memoryLimit().orElseThrow().bytes()).isEqualTo(1_610_612_736L);
        assertThat(command.environment()).isEqualTo(Map.of("SEED", "7", "MODE", "quick"));
    }

    @Test
    void allowsAnHourAndAllMemory_unlessTheFileSaysOtherwise() {
        Command command = command("run: python train.py");

        assertThat(command.timeLimit()).isEqualTo(Duration.ofHours(1));
        assertThat(command.memoryLimit()).isEmpty();
    }

    @Test
    void refusesMistakesOfForm_eachWithItsPlace() {
        assertThat(problems("""
                run: python train.py
                learners: [xgboost]
                time_limit: soon
                memory_limit: 4 gigs
                enviroment: {A: b}
                environment: {MLFLOW_RUN_ID: x, MILLWRIGHT_LABEL: y, "a-b": c}
                """))
                .containsExactly(
                        "pipeline.yaml:7:3: train.learners: beside 'run' (expected: one of the two). The command trains the"
                                + " model.",
                        "pipeline.yaml:8:15: train.time_limit: soon (expected: a duration such as 30s, 10m, 2h or 1d).",
                        "pipeline.yaml:9:17: train.memory_limit: 4 gigs (expected: an amount of memory such as 512 MB or 4"
                                + " GB).",
                        "pipeline.yaml:10:3: train.enviroment: unknown key. Did you mean 'environment'?",
                        "pipeline.yaml:11:17: train.environment.MLFLOW_RUN_ID: set by Millwright (expected: another name).",
                        "pipeline.yaml:11:35: train.environment.MILLWRIGHT_LABEL: set by Millwright (expected: another name).",
                        "pipeline.yaml:11:56: train.environment.a-b: not a variable (expected: letters, digits and '_', the"
                                + " first no digit).");
    }

    @Test
    void refusesLimitsWithoutACommand_andNoCommand() {
        assertThat(problems("time_limit: 1h\nfiles: [a]"))
                .containsExactly(
                        "pipeline.yaml:6:3: train.time_limit: without a command (expected: 'run: COMMAND' beside it).",
                        "pipeline.yaml:7:3: train.files: without a command (expected: 'run: COMMAND' beside it).");
        assertThat(problems("run: ''\ntime_limit: 0s"))
                .containsExactly(
                        "pipeline.yaml:6:3: train.run: empty (expected: a command such as 'python train.py').",
                        "pipeline.yaml:7:15: train.time_limit: 0s (expected: longer than nothing).");
    }

    @Test
    void refusesFilesThatAreNotThere_withASuggestion() {
        assertThat(problems("run: python trian.py --out result.json\nfiles: [lib/*.py]"))
                .containsExactly(
                        "pipeline.yaml:6:8: train.run: trian.py (expected: a file under " + home.folder
                                + "). Did you mean 'train.py'?",
                        "pipeline.yaml:7:11: train.files: lib/*.py (expected: a file under " + home.folder + ").");
    }

    @Test
    void leavesToTheShellWhatOnlyItCanTell() {
        assertThat(command("run: cd src && python missing.py").line().text()).contains("missing.py");
        assertThat(command("run: python /somewhere/else.py").line().text()).contains("else.py");
    }
}
