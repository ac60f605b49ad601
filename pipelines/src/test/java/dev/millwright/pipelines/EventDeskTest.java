package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.Column;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.data.TrainingSet;
import dev.millwright.demo.CardTransactions;
import dev.millwright.demo.FraudData;
import dev.millwright.pipelines.EventDesk.Sent;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.serving.CallTarget;
import dev.millwright.serving.rollout.RolloutPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of card payments: what its view computes for events is what it computes for training. */
class EventDeskTest {
    private static final CardTransactions.Parameters WORLD =
            CardTransactions.Parameters.defaults().withCards(60).withTerminals(20);
    private static final long SEED = 11;

    @TempDir
    private Path folder;

    private Workbench home;
    private EventDesk desk;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        desk = new EventDesk(
                home.registry,
                home.routes(),
                new DatasetRows(home.duck, home.lake),
                folder.resolve("events"),
                Thread.ofPlatform().factory(),
                home.clock);
    }

    @AfterEach
    void close() {
        home.close();
    }

    /** Writes the first days, and trains on them. */
    private Outcome train(int days) throws IOException {
        FraudData.write(folder.resolve("fraud/transactions.csv"), WORLD.withDays(days), SEED);
        String example = Files.readString(Path.of("../examples/fraud/fraud.yaml"));
        String text = example.replace("xgboost: {max_depth: 4}", "xgboost: {n_estimators: 5}")
                .replaceFirst("gate:\\n(  - .*\\n)+", "gate: []\n");
        Outcome outcome = home.run(text, Map.of("DATA", folder.toString()));
        assertThat(outcome.failure()).isEmpty();
        return outcome;
    }

    private RecordedDataset transactions(Outcome outcome) {
        return home.registry.datasets().usedBy(outcome.summary().run()).getFirst();
    }

    /** Those that {@code all} has beyond {@code known}, in the order in which they were paid. */
    private List<Map<String, Object>> events(RecordedDataset all, long known) {
        List<Map<String, Object>> events = new ArrayList<>();
        new DatasetRows(home.duck, home.lake).forEach(all, all.schema(), row -> {
            if (number(row) > known) {
                events.add(row);
            }
        });
        events.sort(Comparator.comparingLong(EventDeskTest::number));
        List<String> needed =
                desk.columns("fraud").known().stream().map(Column::name).toList();
        events.forEach(event -> event.keySet().retainAll(needed));
        return events;
    }

    private static long number(Map<String, Object> row) {
        return (Long) Objects.requireNonNull(row.get("transaction_id"));
    }

    /** The feature rows of the same transactions in the training set of a run that read them all. */
    private Frame trained(Outcome outcome, long known, List<ModelSignature.Input> inputs) {
        RecordedDataset all = transactions(outcome);
        String file = home.registry.steps().list(outcome.summary().run()).stream()
                .filter(step -> step.name().equals("features"))
                .map(step -> StepJson.read(step.outputs().orElseThrow(), Featured.class)
                        .file())
                .findFirst()
                .orElseThrow();
        String sql = "SELECT f.* FROM read_parquet('"
                + home.workshop.layout().trainingSets().resolve(file) + "') f JOIN "
                + home.lake.tableReference(home.lake.load(all.dataset(), all.snapshot()))
                + " t ON f._row_id = t._row_id WHERE t.transaction_id > " + known + " ORDER BY t.transaction_id";
        return TrainingSet.readRows(home.duck, sql, inputs);
    }

    @Test
    void computesForEvents_whatTheTrainingSetHolds() throws IOException {
        Outcome first = train(6);
        long known = transactions(first).rows();
        desk.openDoors(); // on the first six days
        Outcome second = train(8);
        List<ModelSignature.Input> inputs =
                home.registry.models().load("fraud", 1).signature().inputs();
        List<Map<String, Object>> events = events(transactions(second), known);

        Frame online = desk.observe("fraud", Sent.of(events));
        Frame trained = trained(second, known, inputs);

        assertThat(online.rows()).isEqualTo(trained.rows()).isGreaterThan(150);
        for (ModelSignature.Input input : inputs) {
            switch (online.column(input.name())) {
                case FeatureColumn.Text text ->
                    assertThat(text.values())
                            .as(input.name())
                            .isEqualTo(((FeatureColumn.Text) trained.column(input.name())).values());
                case FeatureColumn.Numeric numbers ->
                    assertClose(
                            input.name(),
                            numbers.values(),
                            ((FeatureColumn.Numeric) trained.column(input.name())).values());
            }
        }
    }

    private static void assertClose(String name, float[] online, float[] trained) {
        for (int row = 0; row < online.length; row++) {
            float expected = trained[row];
            if (Float.isNaN(expected)) {
                assertThat(online[row]).as("%s of event %d", name, row).isNaN();
            } else {
                assertThat(online[row])
                        .as("%s of event %d", name, row)
                        .isCloseTo(expected, within(1e-5f * Math.max(1, Math.abs(expected))));
            }
        }
    }

    @Test
    void predictsEvents_underTheirEntityAndTime() throws IOException {
        Outcome run = train(6);
        List<Map<String, Object>> events =
                events(transactions(run), transactions(run).rows() - 3);

        var result = desk.infer(new CallTarget("fraud", Optional.empty(), Optional.of("till-3")), Sent.of(events))
                .result();

        assertThat(result.predictions().rows()).isEqualTo(3);
        assertThat(result.modelVersion()).isEqualTo(1);
    }

    /** Two versions with half of the traffic each: the second one's view reads a column more, {@code plan}. */
    private void shareAnEndpoint() {
        home.writeCustomers(200, 1);
        String first = Workbench.customers("[]").replace("SELECT id, age, use, plan", "SELECT id, age, use");
        String second =
                Workbench.customers("[]").replace("SELECT id, age, use, plan", "SELECT id, use / age AS rate, plan");
        for (String text : List.of(first, second)) {
            assertThat(home.run(text.replace("deploy: {endpoint: customers}", ""))
                            .failure())
                    .isEmpty();
        }
        RolloutPlan halves = RolloutPlan.canary(List.of(0.5, 1.0), Duration.ofMinutes(10), List.of());
        home.deployments().deploy("customers", home.version(1), halves);
        home.deployments().deploy("customers", home.version(2), halves);
    }

    private static Map<String, Object> customer() {
        return new HashMap<>(Map.of("id", "c1", "age", 40L, "use", 8.5, "plan", "a"));
    }

    @Test
    void answersFromVersionsWithDifferentViews() {
        shareAnEndpoint();

        Set<Integer> versions = IntStream.range(0, 64)
                .mapToObj(i -> desk.infer(
                        new CallTarget("customers", Optional.empty(), Optional.empty()), Sent.of(List.of(customer()))))
                .map(answer -> answer.result().modelVersion())
                .collect(Collectors.toSet());

        assertThat(versions).containsExactlyInAnyOrder(1, 2);
        assertThat(desk.columns("customers").required()).containsExactlyInAnyOrder("id", "age", "use");
        assertThat(desk.columns("customers").known()).extracting(Column::name).contains("plan");
    }

    @Test
    void failsOnlyTheVersionWhoseViewAnEventCannotFill() {
        shareAnEndpoint();
        Map<String, Object> old = customer();
        old.remove("plan");
        int answers = 0;
        for (int i = 0; i < 64; i++) {
            try {
                assertThat(desk.infer(
                                        new CallTarget("customers", Optional.empty(), Optional.empty()),
                                        Sent.of(List.of(old)))
                                .result()
                                .modelVersion())
                        .isEqualTo(1);
                answers++;
            } catch (InvalidInputException lacking) {
                assertThat(lacking).hasMessage("event 0: has no 'plan' (expected: varchar, or null where unknown)");
            }
        }
        assertThat(answers).isBetween(10, 54);
    }

    @Test
    void namesTheColumnThatAnEventLacks() throws IOException {
        Outcome run = train(6);
        List<Map<String, Object>> events =
                events(transactions(run), transactions(run).rows() - 1);
        events.getFirst().put("amount", "much");

        assertThatThrownBy(
                        () -> desk.infer(new CallTarget("fraud", Optional.empty(), Optional.empty()), Sent.of(events)))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("amount");
        assertThatThrownBy(
                        () -> desk.infer(new CallTarget("frauds", Optional.empty(), Optional.empty()), Sent.of(events)))
                .isInstanceOf(MillwrightException.class)
                .hasMessage("endpoint: frauds serves nothing (expected: one that does).");
    }
}
