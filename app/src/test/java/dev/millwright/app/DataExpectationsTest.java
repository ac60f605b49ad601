package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line tells about expectations over the versions of a dataset. */
class DataExpectationsTest {
    private static final String FIRST =
            "[unique(id), {check: avg(visits) < 1000, severity: warn}, \"plan in ('basic', 'pro')\"]";
    private static final String SECOND =
            "[unique(id), {check: avg(visits) < 1, severity: warn}, \"plan in ('basic', 'plus')\", rows >= 50% of previous]";

    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void run() throws Exception {
        home = folder.resolve("home");
        Customers.write(folder.resolve("customers.csv"), 200, 1);
        for (String expect : new String[] {FIRST, SECOND}) {
            Path pipeline = Customers.write(
                    folder.resolve("keep.yaml"),
                    Files.readString(Customers.pipeline(folder.resolve("keep.yaml"), ""))
                            .replace("${DATA:-customers.csv}", "{from: customers.csv, expect: " + expect + "}")
                            .replace("    - xgboost: {n_estimators: 20, max_depth: 3}\n", ""));
            Invocation.in(home, "run", pipeline).exits(ExitCode.DONE);
        }
    }

    @Test
    void showsWhatWasFoundInEachVersion() {
        String text = Invocation.in(home, "data", "expectations", "customers")
                .exits(ExitCode.DONE)
                .out();
        assertThat(text.lines().map(String::stripTrailing).toList())
                .containsExactly(
                        "EXPECTATION                SEVERITY    v1         v2",
                        "unique(id)                 fail        0 rows     0 rows",
                        "avg(visits) < 1            warn        14.1493    14 ✗",
                        "plan in ('basic', 'plus')  quarantine  —          63 rows ✗",
                        "rows >= 50% of previous    fail        —          137 rows",
                        "plan in ('basic', 'pro')   quarantine  66 rows ✗  —",
                        "",
                        "✗ customers@v2: 4 expectations, 2 not met");
    }

    @Test
    void givesAllAsJson_oneLineForAnExpectationWhoseBoundChanged() {
        JsonNode json = Invocation.in(home, "data", "expectations", "customers", "--json")
                .exits(ExitCode.DONE)
                .json();
        assertThat(json.path("versions")).hasSize(2);
        JsonNode average = json.path("expectations").path(1);
        assertThat(average.path("check").asText()).isEqualTo("avg(visits) < 1");
        assertThat(average.path("measure").asText()).isEqualTo("avg(visits)");
        assertThat(average.path("points").path(0).path("most").asDouble()).isEqualTo(1000);
        assertThat(average.path("points").path(0).path("passed").asBoolean()).isTrue();
        assertThat(average.path("points").path(1).path("most").asDouble()).isEqualTo(1);
        assertThat(average.path("points").path(1).path("passed").asBoolean()).isFalse();
        assertThat(average.path("points").path(1).path("value").asDouble()).isEqualTo(14);

        assertThat(Invocation.in(home, "data", "expectations", "customer")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("dataset: customer (expected: one that a run read). Did you mean 'customers'?");
    }
}
