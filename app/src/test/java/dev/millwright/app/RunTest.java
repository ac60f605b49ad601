package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line from data to a deployed model, and what can be asked afterwards. */
class RunTest {
    private static final int ROWS = 1200;
    private static final String DEPLOYMENT = "gate:\n  - roc_auc >= 0.6\ndeploy:\n  endpoint: keep\n";

    @TempDir
    Path folder;

    private Path home;
    private Path data;

    @BeforeEach
    void customers() {
        home = folder.resolve("home");
        data = Customers.write(folder.resolve("customers.csv"), ROWS, 1);
    }

    private Path pipeline(String more) {
        return Customers.pipeline(folder.resolve("keep.yaml"), more);
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void showsTheRowsThatWereSetAside() throws IOException {
        Files.writeString(data, Files.readString(data) + "9999,cheap,3,basic,Oslo,no\n");
        Path typed = pipeline("");
        Files.writeString(
                typed,
                Files.readString(typed)
                        .replace("${DATA:-customers.csv}", "{from: customers.csv, schema: {spend: double}}"));

        Invocation run = Invocation.in(home, "run", typed).exits(ExitCode.DONE);

        assertThat(run.err()).contains("1 row of customers quarantined; see why: millwright data quarantine customers");
        JsonNode rows = Invocation.in(home, "data", "quarantine", "customers", "--json")
                .exits(ExitCode.DONE)
                .json()
                .path("rows");
        assertThat(rows).hasSize(1);
        assertThat(rows.path(0).path("line").asInt()).isEqualTo(ROWS + 2);
        assertThat(rows.path(0).path("reason").asText()).contains("spend");
        Invocation unknown =
                Invocation.in(home, "data", "quarantine", "custommers").exits(ExitCode.WRONG_INPUT);
        assertThat(unknown.err()).contains("Did you mean 'customers'?");

        Files.writeString(typed, Files.readString(typed).replace("{spend: double}", "{spend: varchar}"));
        for (String command : List.of("validate", "run")) {
            assertThat(Invocation.in(home, command, typed)
                            .exits(ExitCode.WRONG_INPUT)
                            .err())
                    .contains("keep.yaml:3:45: customers: schema: spend: of another type: now varchar, before double")
                    .contains("evolution: {retype: [spend]}");
        }
    }

    @Test
    void tellsWhatARunCameTo_inOneDocument() {
        Invocation invocation =
                Invocation.in(home, "run", pipeline(DEPLOYMENT), "--json").exits(ExitCode.DONE);

        JsonNode summary = invocation.json();
        assertThat(names(summary))
                .contains("pipeline", "run", "status", "datasets", "rows", "model", "metrics", "parity", "gates")
                .contains("endpoint", "seconds");
        assertThat(summary.path("status").asText()).isEqualTo("finished");
        assertThat(names(summary.path("datasets").path(0))).contains("name", "version", "rows_read", "quarantined");
        assertThat(summary.path("rows").path("train").asInt()
                        + summary.path("rows").path("validation").asInt()
                        + summary.path("rows").path("test").asInt())
                .isEqualTo(ROWS);
        assertThat(summary.path("model").path("version").asInt()).isEqualTo(1);
        for (String split : List.of("validation", "test")) {
            assertThat(names(summary.path("metrics").path(split)))
                    .contains("roc_auc", "average_precision", "log_loss", "accuracy");
        }
        assertThat(summary.path("parity").path("rows").asInt()).isPositive();
        assertThat(names(summary.path("parity"))).contains("largest_difference");
        assertThat(summary.path("gates").path(0).path("passed").asBoolean()).isTrue();
        assertThat(summary.path("endpoint").asText()).isEqualTo("keep");
        assertThat(names(summary.path("seconds"))).isEqualTo(Customers.STEPS);
    }

    @Test
    void takesUpUnchangedSteps_andNothingElse() {
        Path file = pipeline(DEPLOYMENT);
        Invocation.in(home, "run", file).exits(ExitCode.DONE);

        JsonNode second =
                Invocation.in(home, "run", file, "--json").exits(ExitCode.DONE).json();

        List<String> reused = new ArrayList<>();
        second.path("reused").forEach(step -> reused.add(step.asText()));
        assertThat(reused).containsExactlyElementsOf(Customers.STEPS.subList(0, 8));
        assertThat(second.path("model").path("version").asInt()).isEqualTo(1);
        assertThat(second.path("datasets").path(0).path("version").asInt()).isEqualTo(1);

        Customers.write(file, read(file).replace("max_depth: 3", "max_depth: 4"));
        JsonNode third =
                Invocation.in(home, "run", file, "--json").exits(ExitCode.DONE).json();
        reused.clear();
        third.path("reused").forEach(step -> reused.add(step.asText()));
        assertThat(reused)
                .contains("ingest customers", "features", "train logistic_regression")
                .doesNotContain("train xgboost");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void exitsWithThree_whenTheDataIsRefused() {
        Path file = Customers.write(
                folder.resolve("keep.yaml"),
                read(pipeline(DEPLOYMENT)).replace("  customers: ${DATA:-customers.csv}\n", """
                          customers:
                            from: customers.csv
                            expect: [spend > 20]
                            on_violation: fail
                        """));

        Invocation invocation = Invocation.in(home, "run", file, "--json").exits(ExitCode.DATA_REFUSED);

        assertThat(invocation.json().path("status").asText()).isEqualTo("refused");
        assertThat(invocation.err()).contains("spend > 20");
        assertThat(Invocation.in(home, "models", "--json").json().path("model_versions"))
                .isEmpty();
        assertThat(Invocation.in(home, "models", "keep")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("MODEL: keep does not exist.");
        assertThat(Invocation.in(home, "runs", "--json")
                        .json()
                        .path("runs")
                        .path(0)
                        .path("status")
                        .asText())
                .isEqualTo("REFUSED");
    }

    @Test
    void exitsWithFour_whenAGateIsNotReached_andDeploysNothing() {
        Path file = pipeline("gate:\n  - roc_auc >= 0.999\ndeploy:\n  endpoint: keep\n");

        Invocation invocation = Invocation.in(home, "run", file, "--json").exits(ExitCode.GATE_REFUSED);

        JsonNode summary = invocation.json();
        assertThat(summary.path("status").asText()).isEqualTo("refused");
        assertThat(summary.path("gates").path(0).path("passed").asBoolean()).isFalse();
        assertThat(Invocation.in(home, "endpoints", "--json").json().path("endpoints"))
                .isEmpty();
        assertThat(Invocation.in(home, "runs", "--json").json().findValuesAsText("status"))
                .containsExactly("REFUSED");
        assertThat(Invocation.in(home, "models", "--json").json().findValuesAsText("status"))
                .containsExactly("REFUSED");
    }

    @Test
    void judgesANewVersion_onRowsThatNeitherWasTrainedOn() {
        Path file = pipeline("gate:\n  - roc_auc > champion\ndeploy:\n  endpoint: keep\n");
        withRandomLabels();
        Invocation.in(home, "run", file).exits(ExitCode.DONE);

        Customers.write(data, ROWS, 1);
        JsonNode better =
                Invocation.in(home, "run", file, "--json").exits(ExitCode.DONE).json();

        assertThat(better.path("datasets").path(0).path("version").asInt()).isEqualTo(2);
        assertThat(better.path("model").path("version").asInt()).isEqualTo(2);
        assertThat(better.path("gates").path(0).path("reason").asText())
                .contains("of version 1 on")
                .contains("rows that neither trained on");

        Customers.write(data, ROWS + 20, 1);
        JsonNode alike = Invocation.in(home, "run", file, "--json")
                .exits(ExitCode.GATE_REFUSED)
                .json();
        assertThat(alike.path("model").path("version").asInt()).isEqualTo(3);
        assertThat(alike.path("gates").path(0).path("reason").asText()).contains("of version 2 on");
        assertThat(Invocation.in(home, "endpoints").out()).contains("v2 100 %");
    }

    /** The same customers, who leave for no reason. */
    private void withRandomLabels() {
        Random random = new Random(5);
        List<String> lines = new ArrayList<>();
        for (String line : read(data).lines().toList()) {
            lines.add(lines.isEmpty() ? line : line.replaceAll(",(yes|no)$", random.nextBoolean() ? ",yes" : ",no"));
        }
        Customers.write(data, String.join("\n", lines) + "\n");
    }

    @Test
    void readsASettingFromTheCurrentFolder_andTheFileFromItsOwn() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Path file = Customers.pipeline(elsewhere.resolve("keep.yaml"), "");
        Path here = Path.of("").toAbsolutePath();
        Path relative = here.relativize(data.toRealPath());

        Invocation.of("validate", file, "--set", "DATA=" + relative).exits(ExitCode.DONE);
        assertThat(Invocation.of("validate", file).exits(ExitCode.WRONG_INPUT).err())
                .contains(elsewhere.resolve("customers.csv").toString());
    }

    @Test
    void answersQuestionsAboutWhatIsThere() {
        Path file = pipeline(DEPLOYMENT);
        String run = Invocation.in(home, "run", file, "--json")
                .exits(ExitCode.DONE)
                .json()
                .path("run")
                .asText();

        JsonNode shown = Invocation.in(home, "runs", run.substring(0, 12), "--json")
                .exits(ExitCode.DONE)
                .json();
        assertThat(shown.path("run").path("id").asText()).isEqualTo(run);
        assertThat(shown.path("steps").findValuesAsText("name")).isEqualTo(Customers.STEPS);
        assertThat(Invocation.in(home, "runs").exits(ExitCode.DONE).out())
                .contains(run.substring(0, 12))
                .contains("finished");
        assertThat(Invocation.in(home, "runs", run).exits(ExitCode.DONE).out()).contains("train xgboost");
        assertThat(Invocation.in(home, "models").exits(ExitCode.DONE).out()).contains("champion");
        assertThat(Invocation.in(home, "endpoints").exits(ExitCode.DONE).out()).contains("v1 100 %");
        assertThat(Invocation.in(home, "endpoints", "keep").exits(ExitCode.DONE).out())
                .contains("v1 100 %");
        assertThat(Invocation.in(home, "events", "--limit", "500")
                        .exits(ExitCode.DONE)
                        .out())
                .contains("run.started")
                .contains("model_alias.set");
        Invocation.in(home, "runs", "ffff").exits(ExitCode.WRONG_INPUT);
        assertThat(Invocation.in(home, "predict", "keeep", Customers.ROW)
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("'keep'");
    }

    @Test
    void predictsWithWhatWouldServe_andGoesBackWhenTold() {
        Path file = pipeline(DEPLOYMENT);
        Invocation.in(home, "run", file).exits(ExitCode.DONE);
        JsonNode first = Invocation.in(home, "predict", "keep", Customers.ROW, "--json")
                .exits(ExitCode.DONE)
                .json();
        assertThat(first.path("predictions").path(0).path("label").asText()).isEqualTo("true");
        assertThat(Invocation.in(home, "rollback", "keep")
                        .exits(ExitCode.UNEXPECTED)
                        .err())
                .contains("earlier");

        withRandomLabels();
        Customers.write(file, read(file).replace("roc_auc >= 0.6", "log_loss < 9"));
        Invocation.in(home, "run", file).exits(ExitCode.DONE);
        assertThat(Invocation.in(home, "predict", "keep", Customers.ROW, "--json")
                        .json())
                .isNotEqualTo(first);

        JsonNode back = Invocation.in(home, "rollback", "keep", "--reason", "worse", "--json")
                .exits(ExitCode.DONE)
                .json();
        assertThat(back.path("version").asInt()).isEqualTo(1);
        assertThat(Invocation.in(home, "predict", "keep", Customers.ROW, "--json")
                        .json())
                .isEqualTo(first);
        assertThat(Invocation.in(home, "endpoints", "keep").out()).contains("worse");
    }

    @Test
    void deploysByARolloutThatIsSaidByHand_andSteersIt() {
        Path file = pipeline(DEPLOYMENT);
        Invocation.in(home, "run", file).exits(ExitCode.DONE);
        withRandomLabels();
        Customers.write(file, read(file).replace(DEPLOYMENT, ""));
        Invocation.in(home, "run", file).exits(ExitCode.DONE);
        assertThat(Invocation.in(home, "rollout", "keep")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("rollout: none under way on keep");

        assertThat(Invocation.in(home, "deploy", "keep/2", "--rollout", "{blue_green: {wait: 1h}}")
                        .exits(ExitCode.DONE)
                        .out())
                .contains("version 2 of keep is blue_green (version 2 stands ready)");

        assertThat(Invocation.in(home, "rollout", "keep").exits(ExitCode.DONE).out())
                .contains("2 (candidate)")
                .contains("keep: blue_green, at ready since ");
        assertThat(Invocation.in(home, "rollout", "keep", "--json")
                        .json()
                        .path("candidate")
                        .asInt())
                .isEqualTo(2);
        assertThat(Invocation.in(home, "rollout", "keep", "pause").out()).contains("keep is paused (by hand)");
        assertThat(Invocation.in(home, "rollout", "keep", "promote", "--reason", "good")
                        .exits(ExitCode.DONE)
                        .out())
                .contains("keep is steady (good)");
        assertThat(Invocation.in(home, "deploy", "keep/1", "--rollout", "{blue_grene: {}}")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("Did you mean 'blue_green'?");
    }

    @Test
    void findsOutThatTheRecordWasChanged() throws SQLException {
        Invocation.in(home, "run", pipeline(DEPLOYMENT)).exits(ExitCode.DONE);
        assertThat(Invocation.in(home, "events", "--verify")
                        .exits(ExitCode.DONE)
                        .out())
                .contains("the chain is whole");
        assertThat(Invocation.in(home, "events", "--verify", "--json")
                        .exits(ExitCode.DONE)
                        .json()
                        .path("ok")
                        .asBoolean())
                .isTrue();

        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("state.db"));
                Statement statement = connection.createStatement()) {
            dropTriggers(statement);
            statement.executeUpdate("UPDATE events SET subject = 'somebody else' WHERE sequence = 3");
        }

        Invocation broken = Invocation.in(home, "events", "--verify", "--json").exits(ExitCode.UNEXPECTED);
        assertThat(broken.json().path("ok").asBoolean()).isFalse();
        assertThat(broken.json().path("first_broken").path("sequence").asInt()).isEqualTo(3);
        assertThat(broken.err()).contains("entry 3 is not as it was written");
    }

    /** Whoever can change the file can take the triggers away that would stop them. */
    private static void dropTriggers(Statement statement) throws SQLException {
        List<String> triggers = new ArrayList<>();
        try (var rows = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'trigger'")) {
            while (rows.next()) {
                triggers.add(rows.getString(1));
            }
        }
        for (String trigger : triggers) {
            statement.execute("DROP TRIGGER " + trigger);
        }
    }
}
