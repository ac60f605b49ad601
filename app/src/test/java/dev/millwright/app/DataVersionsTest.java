package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.registry.HomeLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line tells about versions of datasets, and does with them. */
class DataVersionsTest {
    private static final int ROWS = 400;
    private static final String SOURCE = "{from: customers.csv, expect: [unique(id)],"
            + " schema: {id: {type: bigint, required: true, unit: one}}}";

    @TempDir
    Path folder;

    private Path home;
    private Path pipeline;

    @BeforeEach
    void trainTwice() throws Exception {
        home = folder.resolve("home");
        Path data = Customers.write(folder.resolve("customers.csv"), ROWS, 1);
        pipeline = Customers.write(
                folder.resolve("keep.yaml"),
                Files.readString(Customers.pipeline(folder.resolve("keep.yaml"), "deploy: {endpoint: keep}\n"))
                        .replace("${DATA:-customers.csv}", SOURCE)
                        .replace("    - xgboost: {n_estimators: 20, max_depth: 3}\n", ""));
        run();
        Files.writeString(
                data,
                Files.readString(data).replace(",basic,", ",base,").replaceFirst("\n0,.*\n", "\n")
                        + "9999,1,1,pro,,no\n");
        run();
    }

    private JsonNode run() {
        return Invocation.in(home, "run", pipeline, "--json")
                .exits(ExitCode.DONE)
                .json();
    }

    private JsonNode json(Object... arguments) {
        Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        return Invocation.in(home, all).exits(ExitCode.DONE).json();
    }

    @Test
    void showsAVersion_withWhatWasMadeFromIt() {
        JsonNode first = json("data", "show", "customers@v1");

        assertThat(first.path("recorded").path("version").asInt()).isEqualTo(1);
        assertThat(first.path("recorded").path("schema").path("columns")).hasSize(6);
        assertThat(first.path("stored").path("files").path(0).path("rows").asInt())
                .isEqualTo(ROWS);
        assertThat(first.path("stored").path("files").path(0).path("bytes").asLong())
                .isPositive();
        assertThat(first.path("report")
                        .path("expectations")
                        .path(0)
                        .path("outcome")
                        .asText())
                .isEqualTo("PASSED");
        assertThat(first.path("contract").path("columns").path(0).path("unit").asText())
                .isEqualTo("one");
        assertThat(first.path("use").path("runs")).hasSize(1);
        assertThat(first.path("use").path("models").path(0).path("model").asText())
                .isEqualTo("keep");

        String newest = Invocation.in(home, "data", "show", "customers")
                .exits(ExitCode.DONE)
                .out();
        assertThat(newest)
                .startsWith("customers@v2  recorded ")
                .contains("rows   400 of 400 read, 0 quarantined")
                .containsPattern("id +bigint +type; id is not null; unit: one")
                .containsPattern("unique\\(id\\) +passed")
                .contains("read by 1 run: ");
        assertThat(Invocation.in(home, "data", "show", "customers@v7")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("dataset: customers@v7 (expected: a version from v1,");
    }

    @Test
    void tellsHowTwoVersionsDiffer_theWorstColumnFirst() {
        JsonNode diff = json("data", "diff", "customers");

        assertThat(diff.path("before").asText()).isEqualTo("customers@v1");
        assertThat(diff.path("after").asText()).isEqualTo("customers@v2");
        assertThat(diff.path("by_key").path("key").path(0).asText()).isEqualTo("id");
        assertThat(diff.path("by_key").path("added").asInt()).isEqualTo(1);
        assertThat(diff.path("by_key").path("removed").asInt()).isEqualTo(1);
        assertThat(diff.path("by_key").path("columns").path("plan").asInt())
                .isEqualTo(diff.path("by_key").path("changed").asInt())
                .isPositive();
        assertThat(diff.path("distributions").path(0).path("column").asText()).isEqualTo("plan");
        assertThat(diff.path("distributions").path(0).path("psi").asDouble()).isGreaterThan(1);

        String text = Invocation.in(home, "data", "diff", "customers@v2", "customers@v1", "--key", "id")
                .exits(ExitCode.DONE)
                .out();
        assertThat(text).startsWith("customers@v2 → customers@v1\ncolumns  the same\nrows     400 → 400: ");
        assertThat(text).contains("by id: 1 added, 1 removed, ").contains("'base': ");
        assertThat(Invocation.in(home, "data", "diff", "customers", "--key", "plan")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("key: plan (expected: columns that tell rows apart");
    }

    @Test
    void trainsOnAnEarlierVersion_andValidatesAFileThatSaysSo() throws Exception {
        Path then = Customers.write(
                folder.resolve("then.yaml"),
                Files.readString(pipeline)
                        .replace(SOURCE, "dataset:customers@v1"));

        assertThat(Invocation.in(home, "validate", then).exits(ExitCode.DONE).out())
                .contains("valid, 4 features");
        JsonNode summary = json("run", then);
        assertThat(summary.path("datasets").path(0).path("version").asInt()).isEqualTo(1);
        assertThat(Invocation.in(folder.resolve("elsewhere"), "validate", then)
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("dataset: customers@v1 (expected: a version in a home in which something ran)");
    }

    @Test
    void tagsRollsBackAndExpires_alsoThroughTheProcessThatHoldsTheHome() {
        assertThat(Invocation.in(home, "data", "tag", "customers@v1", "audited")
                        .exits(ExitCode.DONE)
                        .out())
                .isEqualTo("customers@audited is v1\n");
        assertThat(Invocation.in(home, "data", "rollback", "customers@audited", "--reason", "no base plan")
                        .exits(ExitCode.DONE)
                        .out())
                .isEqualTo("customers@v3 has the rows of v1, in place of those of v2\n");
        assertThat(Invocation.in(home, "data", "show", "customers")
                        .exits(ExitCode.DONE)
                        .out())
                .contains("made   by a rollback: the rows are those of v1");

        try (OwnedHome _ = OwnedHome.open(HomeLock.tryAcquire(home).orElseThrow(), 0, InstantSource.system())) {
            assertThat(Invocation.in(home, "data", "tag", "customers", "audited")
                            .exits(ExitCode.UNEXPECTED)
                            .err())
                    .contains("tag: audited is on customers@v1 (expected: a tag that is free). Move it with --move.");
            JsonNode moved = json("data", "tag", "customers", "audited", "--move");
            assertThat(moved.path("version").asInt()).isEqualTo(3);
            assertThat(moved.path("before").asInt()).isEqualTo(1);
            assertThat(json("data", "rollback", "customers@v2").path("version").asInt())
                    .isEqualTo(4);
            assertThat(json("data", "list", "customers")
                            .path("dataset_versions")
                            .path(1)
                            .path("tags")
                            .path(0)
                            .asText())
                    .isEqualTo("audited");
            assertThat(Invocation.in(home, "data", "untag", "customers@audited")
                            .exits(ExitCode.DONE)
                            .out())
                    .isEqualTo("customers@v3 is no longer audited\n");
            JsonNode told = json("data", "expire", "customers", "--keep", "1", "--dry-run");
            assertThat(told.path("versions").path(1).path("fate").asText()).isEqualTo("EXPIRED");
            assertThat(told.path("files").asInt()).isZero();
            assertThat(Invocation.in(home, "data", "expire", "customers", "--keep", "1", "--older-than", "0d")
                            .exits(ExitCode.DONE)
                            .out())
                    .contains("kept     model keep/1 was trained on it")
                    .contains("1 version expired, ");
            assertThat(Invocation.in(home, "data", "expire", "customers", "--older-than", "soon")
                            .exits(ExitCode.WRONG_INPUT)
                            .err())
                    .contains("--older-than: soon (expected: a time such as 30d, 12h or 90m).");
        }
        assertThat(Invocation.in(home, "data", "list", "customers")
                        .exits(ExitCode.DONE)
                        .out())
                .contains("rolled back to v2")
                .contains("expired ");
        assertThat(Invocation.in(home, "events", "--verify")
                        .exits(ExitCode.DONE)
                        .out())
                .isNotEmpty();
    }
}
