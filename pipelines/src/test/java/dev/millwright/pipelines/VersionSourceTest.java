package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RecordedDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time travel: pipelines that train on versions which were read before. */
class VersionSourceTest {
    @TempDir
    private Path folder;

    private Workbench home;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        home.writeCustomers(600, 1);
        assertThat(home.run(Workbench.customers("[]")).failure()).isEmpty();
        home.clock.advance(Duration.ofDays(1));
        home.writeCustomers(700, 2);
        assertThat(home.run(Workbench.customers("[]")).failure()).isEmpty();
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static String from(String source) {
        return Workbench.customers("[]").replace("{from: customers.csv, expect: [age > 0]}", source);
    }

    private RecordedDataset read(Outcome outcome, String table) {
        return Objects.requireNonNull(
                home.registry.datasets().tables(outcome.summary().run()).get(table));
    }

    @Test
    void trainsOnAVersionByItsNumber_withoutItsSource() throws Exception {
        Files.delete(folder.resolve("customers.csv"));

        Outcome outcome = home.run(from("dataset:customers@v1"));

        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.summary().datasets()).containsExactly(new RunSummary.Dataset("customers", 1, 600, 600, 0));
        assertThat(outcome.summary().reused()).contains("features", "train logistic_regression");
        assertThat(read(outcome, "customers").version()).isEqualTo(1);
    }

    @Test
    void trainsOnTheVersionOfATime() {
        Outcome outcome = home.run(from("dataset:customers@2026-03-01T12:00"));

        assertThat(outcome.failure()).isEmpty();
        assertThat(read(outcome, "customers").version()).isEqualTo(1);
    }

    @Test
    void readsTwoVersionsOfADatasetUnderTwoNames_andServesWhatWasTrained() {
        String text = from("dataset:customers@v2")
                .replace("features:\n", "  earlier: {from: dataset:customers@v1}\nfeatures:\n")
                .replace(
                        "SELECT id, age, use, plan FROM customers",
                        "SELECT c.id, c.age, c.use, e.use AS used FROM customers c LEFT JOIN"
                                + " (SELECT id, AVG(use) AS use FROM earlier GROUP BY id) e ON c.id = e.id");

        Outcome outcome = home.run(text);

        assertThat(outcome.failure()).isEmpty();
        assertThat(read(outcome, "customers").version()).isEqualTo(2);
        assertThat(read(outcome, "earlier").version()).isEqualTo(1);
        ModelVersion version =
                home.version(outcome.summary().model().orElseThrow().version());
        FeaturePlan plan = new Origins(home.registry).plan(version);
        assertThat(plan.tables()).containsExactlyInAnyOrder("customers", "earlier");
    }

    @Test
    void pointsAtAVersionThatIsNotThere_andAtKeysThatMakeNoSense() {
        assertThatThrownBy(() -> home.runs.check(home.request(from("dataset:customers@v9"), Map.of())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("pipeline.yaml:3:14: dataset: customers@v9 (expected: a version from v1,");
        assertThatThrownBy(() -> home.runs.check(home.request(from("dataset:custmers"), Map.of())))
                .hasMessageContaining("Did you mean 'customers'?");
        assertThatThrownBy(() -> home.runs.check(
                        home.request(from("{from: dataset:customers@v1, zone: UTC, missing: [x]}"), Map.of())))
                .hasMessageContaining("pipeline.yaml:3:43: data.customers.zone: says how a source is read")
                .hasMessageContaining("pipeline.yaml:3:54: data.customers.missing: says how a source is read");
    }

    @Test
    void takesWhenValuesAreKnown_whichNoVersionRemembers() {
        String late = "{from: dataset:customers@v1, schema: {churned: {known_after: 7d}}}";
        assertThatThrownBy(() -> home.runs.check(home.request(from(late), Map.of())))
                .hasMessageContaining("label: computed from churned, which is known only some time after its row, and customers"
                        + " doesn't say when its rows happen (expected: 'time: COLUMN' under data.customers)");
        assertThatThrownBy(() -> home.runs.check(home.request(
                        from(late.replace("known_after: 7d", "known_after: 7d, required: true")), Map.of())))
                .hasMessageContaining("data.customers.schema: says how a source is read");
    }

    @Test
    void needsAHome() {
        PipelineFile file = PipelineReader.read("p.yaml", from("dataset:customers@v1"), Map.of());
        assertThatThrownBy(() -> PipelineCheck.check(file, folder, home.duck, Optional.empty()))
                .hasMessage("p.yaml:3:14: dataset: customers@v1 (expected: a version in a home in which something ran)."
                        + " Name the home with --home.");
        assertThat(PipelineCheck.check(file, folder, home.duck, Optional.of(new DatasetStore(home.registry, home.lake)))
                        .versions())
                .containsKey("customers");
    }
}
