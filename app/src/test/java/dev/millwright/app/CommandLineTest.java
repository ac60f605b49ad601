package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the command line answers when nothing has been done yet: usage, mistakes, and their exit codes. */
class CommandLineTest {
    @TempDir
    Path folder;

    private static List<String> problems(Invocation invocation) {
        List<String> problems = new ArrayList<>();
        invocation.json().path("error").path("problems").forEach(problem -> problems.add(problem.asText()));
        return problems;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "init",
                "run",
                "validate",
                "server",
                "demo",
                "predict",
                "score",
                "deploy",
                "rollback",
                "rollout",
                "runs",
                "models",
                "endpoints",
                "events",
                "users",
                "tokens",
                "import",
                "doctor"
            })
    void helpsWithEveryCommand(String command) {
        Invocation help = command.isEmpty() ? Invocation.of("--help") : Invocation.of(command, "--help");

        help.exits(ExitCode.DONE);
        assertThat(help.out()).contains("Usage: millwright");
        assertThat(help.err()).isEmpty();
    }

    @Test
    void suggestsTheCommandThatWasMeant() {
        Invocation invocation = Invocation.of("rnu").exits(ExitCode.WRONG_INPUT);

        assertThat(invocation.err()).contains("'rnu'").contains("Did you mean 'run'?");
        assertThat(invocation.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rnu --json",
                "--json",
                "run --json",
                "run --json --no-such-flag",
                "run missing.yaml --json",
                "run a.yaml b.yaml --json",
                "runs --limit many --json",
                "init data.csv --json",
                "predict --json",
                "score keep --json",
                "score keep --in rows.csv --out /nowhere/scored.csv --json",
                "predict keep nowhere.json --json",
                "server --port none --json",
                "rollback keep --json",
                "rollout keep --json",
                "rollout keep faster --json"
            })
    void printsOneJsonDocument_whateverIsWrong(String line) {
        List<Object> arguments = new ArrayList<>(List.of(line.split(" ", -1)));
        Invocation invocation = Invocation.in(folder, arguments.toArray()).exits(ExitCode.WRONG_INPUT);

        assertThat(problems(invocation)).as("problems in %s", invocation.out()).isNotEmpty();
        assertThat(invocation.err()).contains("error: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runs", "models", "endpoints", "events"})
    void saysWhereToStart_inAHomeWithoutState(String command) {
        Invocation invocation = Invocation.in(folder, command).exits(ExitCode.WRONG_INPUT);

        assertThat(invocation.err()).contains(folder.toString()).contains("millwright run FILE");
    }

    @Test
    void namesTheFileThatIsMissing() {
        Path missing = folder.resolve("missing.yaml");

        Invocation invocation = Invocation.in(folder, "run", missing).exits(ExitCode.WRONG_INPUT);

        assertThat(invocation.err()).contains(missing + ": no such file").contains("millwright init");
    }

    @Test
    void refusesASettingWithoutAValue() {
        Path file = Customers.pipeline(folder.resolve("keep.yaml"), "");

        Invocation invocation =
                Invocation.in(folder, "run", file, "--set", "DATA").exits(ExitCode.WRONG_INPUT);

        assertThat(invocation.err()).contains("--set DATA (expected: NAME=VALUE)");
    }

    @Test
    void refusesToResume_whereNothingWasInterrupted() {
        Invocation invocation =
                Invocation.in(folder.resolve("home"), "run", "--resume").exits(ExitCode.WRONG_INPUT);

        assertThat(invocation.err()).contains("no run was interrupted");
    }

    @Test
    void findsAllMistakesAtOnce_eachWithItsPlace() {
        Customers.write(folder.resolve("customers.csv"), 50, 1);
        Path file = Customers.write(folder.resolve("keep.yaml"), """
                pipeline: keep
                data:
                  customers: customers.csv
                  visits: visits.csv
                features:
                  sql: SELECT spend, visits FROM customers
                label: churnd = 'yes'
                train:
                  split: {by: random, test: 120%}
                  learners: [xgbost]
                  seeds: 7
                gate:
                  - rmsse < 2
                """);

        Invocation invocation = Invocation.of("validate", file, "--json").exits(ExitCode.WRONG_INPUT);

        List<String> problems = problems(invocation);
        assertThat(problems).allSatisfy(problem -> assertThat(problem).containsPattern("keep\\.yaml:\\d+:\\d+: "));
        assertThat(problems).anyMatch(problem -> problem.contains(":4:") && problem.contains("visits.csv"));
        assertThat(problems).anyMatch(problem -> problem.contains(":9:") && problem.contains("120%"));
        assertThat(problems).anyMatch(problem -> problem.contains(":10:") && problem.contains("'xgboost'"));
        assertThat(problems).anyMatch(problem -> problem.contains(":11:") && problem.contains("'seed'"));
        assertThat(problems).anyMatch(problem -> problem.contains(":13:") && problem.contains("'rmse'"));
    }

    @Test
    void saysWhatIsMissing_andNothingThatFollowsFromIt() {
        Customers.write(folder.resolve("customers.csv"), 50, 1);
        Path file = Customers.write(folder.resolve("keep.yaml"), "pipeline: keep\ndata:\n  customers: customers.csv\n");

        Invocation invocation = Invocation.of("validate", file, "--json").exits(ExitCode.WRONG_INPUT);

        assertThat(problems(invocation))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("features"))
                .anyMatch(problem -> problem.contains("label"));
    }

    @Test
    void findsAnUnknownColumn_withASuggestion() {
        Customers.write(folder.resolve("customers.csv"), 50, 1);
        Path file = Customers.write(folder.resolve("keep.yaml"), """
                pipeline: keep
                data:
                  customers: customers.csv
                features:
                  sql: |
                    SELECT spend,
                           visit
                    FROM customers
                label: churnd = 'yes'
                """);

        Invocation invocation = Invocation.of("validate", file).exits(ExitCode.WRONG_INPUT);

        assertThat(invocation.err())
                .contains("keep.yaml:7:12: ")
                .contains("'visits'")
                .contains("keep.yaml:9:8: ")
                .contains("'churned'");
        Invocation.in(folder.resolve("home"), "run", file).exits(ExitCode.WRONG_INPUT);
    }

    @Test
    void doctorFindsThisMachineHealthy() {
        JsonNode diagnosis =
                Invocation.in(folder, "doctor", "--json").exits(ExitCode.DONE).json();

        assertThat(diagnosis.path("healthy").asBoolean()).isTrue();
        assertThat(diagnosis.path("findings").findValuesAsText("check"))
                .contains("java", "home", "disk", "duckdb", "onnxruntime", "xgboost");
    }

    @Test
    void doctorTriesWhetherTheHomeCanBeWritten_ratherThanBelieveItsPermissions() {
        Invocation invocation = Invocation.of("doctor", "--json", "--home", "/proc/x");

        assertThat(invocation.code()).isNotZero();
        assertThat(invocation.json().path("findings").toString()).contains("/proc is not writable");
    }

    @Test
    void printsItsVersionAsJson_whenAsked() {
        JsonNode version =
                Invocation.of("--version", "--json").exits(ExitCode.DONE).json();

        assertThat(version.path("version").asText()).isEqualTo(Version.CURRENT);
        assertThat(version.path("java").asText()).isEqualTo(Runtime.version().toString());
    }

    @Test
    void writesNoControlCharacters_intoMessages() {
        Invocation invocation = Invocation.of("run", "a\u001b[31m\u0085.yaml").exits(ExitCode.WRONG_INPUT);

        assertThat(invocation.err()).contains("a\\u001b[31m\\u0085.yaml: no such file");
    }
}
