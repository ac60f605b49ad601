package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Expectations from the pipeline file to the outcome of a run. */
class ExpectationsTest {
    @TempDir
    private Path folder;

    private Workbench home;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        StringBuilder rows = new StringBuilder("id,age,use,seen,churned\n");
        for (int i = 0; i < 60; i++) {
            rows.append("c%d,%d,%d,2026-02-28 12:00:00,%s%n".formatted(i, 20 + i, i % 7, i % 2 == 0 ? "yes" : "no"));
        }
        home.write("customers.csv", rows.toString());
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static String pipeline(String expect) {
        return """
                pipeline: customers
                data:
                  customers:
                    from: customers.csv
                    expect:
                %s
                features: {entity: id, sql: "SELECT id, age, use FROM customers"}
                label: churned
                train: {learners: [logistic_regression]}
                """.formatted(expect.indent(6).stripTrailing());
    }

    private List<String> problems(String text) {
        return catchThrowableOfType(InvalidInputException.class, () -> home.runs.check(home.request(text, Map.of())))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void takesAnExpectationWithItsSeverity() {
        Outcome outcome = home.run(pipeline("""
                - age < 79
                - {check: use <= age / 5, severity: warn}
                - check: avg(age) < 30
                  severity: warn
                - rows >= 50
                """));

        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.summary().datasets()).containsExactly(new RunSummary.Dataset("customers", 1, 60, 59, 1));
        assertThat(outcome.summary().warnings())
                .containsExactly(
                        "customers: 'use <= age / 5' does not hold: 1 row, e.g. age 26, use 6 (line 8)",
                        "customers: 'avg(age) < 30' does not hold: 49",
                        "1 row of customers quarantined; see why: millwright data quarantine customers");
    }

    @Test
    void findsMistakesInExpectations_withTheirPlaces() {
        assertThat(problems(pipeline("""
                - check: agee > 3
                  severity: wrn
                - {chek: age > 3}
                - {check: rows > 3, severity: quarantine}
                - [age > 3]
                - age > 3 and uese < age
                """)))
                .containsExactly(
                        "pipeline.yaml:6:16: expect 'agee > 3': 'agee' (expected: a column). Did you mean 'age'?",
                        "pipeline.yaml:7:19: data.customers.expect.severity: wrn (expected: quarantine or fail or warn). Did"
                                + " you mean 'warn'?",
                        "pipeline.yaml:8:9: data.customers.expect: has no 'check' (expected: 'check: …').",
                        "pipeline.yaml:8:10: data.customers.expect.chek: unknown key. Did you mean 'check'?",
                        "pipeline.yaml:9:27: severity: quarantine, of 'rows > 3' (expected: fail or warn, for it is about the"
                                + " whole table and no row of it).",
                        "pipeline.yaml:10:9: data.customers.expect: a sequence (expected: one value).",
                        "pipeline.yaml:11:21: expect 'age > 3 and uese < age': uese: unknown column (expected: one that FROM"
                                + " has). Did you mean 'use'?");
    }

    @Test
    void refusesAStaleSource_alsoWhenItWasReadBefore() {
        String text = pipeline("- freshness(seen) <= 2d");
        assertThat(home.run(text).failure()).isEmpty();
        assertThat(home.run(text).summary().reused()).contains("ingest customers");

        home.clock.advance(Duration.ofDays(2));
        Outcome stale = home.run(text);

        assertThat(stale.summary().error())
                .get()
                .asString()
                .startsWith("customers: 'freshness(seen) <= 2d' does not hold: 2.5 d")
                .contains("mend the data, or change schema:, expect: or on_violation:");
        assertThat(home.lake.versions("customers")).hasSize(1);
    }

    @Test
    void warnsOfAStaleSource_asItIsNow() {
        String text = pipeline("- {check: freshness(seen) <= 12h, severity: warn}");
        assertThat(home.run(text).summary().warnings()).isEmpty();

        home.clock.advance(Duration.ofDays(1));
        Outcome stale = home.run(text);

        assertThat(stale.failure()).isEmpty();
        assertThat(stale.summary().reused()).contains("ingest customers");
        assertThat(stale.summary().warnings())
                .containsExactly("customers: 'freshness(seen) <= 12h' does not hold: 36.0 h");
    }
}
