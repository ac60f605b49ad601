package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.registry.LineageNode;
import dev.millwright.registry.ModelVersion;
import dev.millwright.serving.ExecutionStatistics;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.cache.CacheOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs that choose, ask one after the other, and are versions like others. */
final class InferenceGraphTest {
    @TempDir
    private Path folder;

    private Ensembles home;

    @BeforeEach
    void open() {
        home = new Ensembles(folder).with("two-0", "two-1", "two-2");
    }

    @AfterEach
    void close() {
        home.close();
    }

    private Predictions.Classes alone(String model, Frame rows) {
        if (home.router.find(model).isEmpty()) {
            home.deployments.deployByHand(model, model, 1);
        }
        return (Predictions.Classes) home.ask(model, rows);
    }

    private static float[] row(Predictions.Classes answers, int row) {
        return Arrays.copyOfRange(answers.probabilities(), 2 * row, 2 * row + 2);
    }

    private ExecutionStatistics executions(String endpoint) {
        return home.router.findExecutions(endpoint, 1).orElseThrow();
    }

    @Test
    void asksTheNextModel_onlyForRowsThatAreNotSure() {
        home.graph("graph", "cascade: {of: [two-0/1, two-1/1], sure: 0.9}");
        Frame rows = Ensembles.rows("two");
        Predictions.Classes first = alone("two-0", rows);
        Predictions.Classes second = alone("two-1", rows);
        int[] unsure = IntStream.range(0, rows.rows())
                .filter(row -> Math.max(first.probability(row, 0), first.probability(row, 1)) < 0.9f)
                .toArray();
        assertThat(unsure).hasSizeBetween(5, rows.rows() - 5);
        long before = executions("two-1").rows();
        long runs = executions("two-1").executions();

        Predictions.Classes got = (Predictions.Classes) home.ask("graph", rows);

        assertThat(executions("two-1").rows() - before).isEqualTo(unsure.length);
        assertThat(executions("two-1").executions() - runs).as("one batch").isEqualTo(1);
        List<Integer> left = IntStream.of(unsure).boxed().toList();
        for (int row = 0; row < rows.rows(); row++) {
            Predictions.Classes expected = left.contains(row) ? second : first;
            assertThat(row(got, row)).containsExactly(row(expected, row), offset(1e-6f));
            assertThat(got.labels()[row]).isEqualTo(expected.labels()[row]);
        }
    }

    @Test
    void asksTheNextModel_whereTheMarginIsSmall() {
        home.graph("wide", "cascade: {of: [two-0/1, two-1/1], margin: 0.8}");
        home.graph("graph", "cascade: {of: [two-0/1, two-1/1], sure: 0.9}");
        Frame rows = Ensembles.rows("two");
        // Of two classes a margin of 0.8 is a probability of 0.9.
        assertThat(((Predictions.Classes) home.ask("wide", rows)).probabilities())
                .isEqualTo(((Predictions.Classes) home.ask("graph", rows)).probabilities());
    }

    @Test
    void choosesByCondition_alsoOnColumnsThatNoModelTakes() {
        home.graph("graph", """
                inputs: {country: text}
                choose:
                  - when: country = 'DE' and "X[0]" > 0
                    then: two-1/1
                  - when: country = 'FR'
                    then: two-2/1
                  - otherwise: two-0/1
                """);
        Frame plain = Ensembles.rows("two");
        List<FeatureColumn> columns = new ArrayList<>(plain.columns());
        String[] countries = new String[plain.rows()];
        String[] some = {"DE", "FR", ""};
        Arrays.setAll(countries, row -> some[row % some.length]);
        columns.add(new FeatureColumn.Text("country", countries));
        Frame rows = new Frame(plain.rows(), columns);
        float[] first = ((FeatureColumn.Numeric) plain.column("X[0]")).values();

        Predictions.Classes got = (Predictions.Classes) home.ask("graph", rows);

        for (int row = 0; row < rows.rows(); row++) {
            String model = countries[row].equals("DE") && first[row] > 0
                    ? "two-1"
                    : countries[row].equals("FR") ? "two-2" : "two-0";
            assertThat(row(got, row)).containsExactly(row(alone(model, plain), row), offset(1e-6f));
        }
        assertThatThrownBy(() -> home.ask("graph", plain)).hasMessageContaining("country: missing");
    }

    @Test
    void givesWhatOneModelPredicts_toTheNext() {
        home.with("two-final");
        home.graph("graph", """
                sequence:
                  - two-0/1
                  - model: two-final/1
                    take: [prediction, prediction.1, prediction.0]
                """);
        Frame rows = Ensembles.rows("two");
        Predictions.Classes before = alone("two-0", rows);
        Frame between = new Frame(
                rows.rows(),
                List.of(
                        new FeatureColumn.Numeric("X[0]", before.positive()),
                        new FeatureColumn.Numeric("X[1]", before.positive()),
                        new FeatureColumn.Numeric("X[2]", complement(before.positive()))));
        assertThat(((Predictions.Classes) home.ask("graph", rows)).probabilities())
                .containsExactly(alone("two-final", between).probabilities(), offset(1e-6f));
    }

    private static float[] complement(float[] values) {
        float[] others = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            others[i] = 1 - values[i];
        }
        return others;
    }

    @Test
    void nests_andAsksOtherGraphs() {
        home.register("inner", "average: {of: [two-0/1, two-1/1]}");
        home.graph("graph", """
                cascade:
                  sure: 0.99
                  of:
                    - inner/1
                    - vote: {of: [two-0/1, two-1/1, inner/1], weights: [1, 1, 3]}
                """);
        home.graph("inner", "average: {of: [two-0/1, two-1/1]}");
        Frame rows = Ensembles.rows("two");
        assertThat(((Predictions.Classes) home.ask("graph", rows)).labels())
                .isEqualTo(((Predictions.Classes) home.ask("inner", rows)).labels());
    }

    @Test
    void keepsTheVersion_thatAnAliasMeantWhenTheGraphWasRegistered() {
        home.registry.models().setAlias("two-0", "best", 1);
        home.register("graph", "average:\n  of: [two-0@best, two-1/1] # the best\n");
        ModelVersion version = home.registry.models().load("graph", 1);
        assertThat(new String(
                        home.registry.artifacts().read(version.servedArtifact().orElseThrow()), StandardCharsets.UTF_8))
                .isEqualTo("average:\n  of: [two-0/1, two-1/1] # the best\n");
        assertThat(home.registry.models().lineage("graph", 1).nodes(LineageNode.Kind.MODEL_VERSION))
                .extracting(LineageNode::id)
                .containsExactlyInAnyOrder("two-0/1", "two-1/1", "graph/1");
    }

    @Test
    void refusesToDeleteAVersion_whileAGraphAsksIt() {
        home.register("graph", "average: {of: [two-0/1, two-1/1]}");
        assertThatThrownBy(() -> home.registry.models().delete("two-0", 1))
                .hasMessage("model version: two-0/1 is asked by graph/1 (expected: by no inference graph)."
                        + " It can't be deleted before that is deleted.");
        assertThatThrownBy(() -> home.registry.registeredModels().rename("two-0", "other"))
                .hasMessageContaining("is asked by graph/1");
        home.registry.models().delete("graph", 1);
        home.registry.models().delete("two-0", 1);
        assertThatThrownBy(() -> home.register("graph", "average: {of: [two-0/1, two-1/1]}"))
                .hasMessageContaining("graph.yaml:1:16: average.of[0]: two-0/1 (expected: a registered version).");
    }

    @Test
    void deletesAModel_whoseNewestVersionAsksItsOldest() {
        home.register("two-0", "average: {of: [two-0/1, two-1/1]}");
        home.registry.registeredModels().delete("two-0");
        assertThat(home.registry.registeredModels().find("two-0")).isEmpty();
    }

    @Test
    void takesOverAnEndpoint_andGivesItBack() {
        home.deployments.deployByHand("two-0", "two-0", 1);
        home.graph("two-0", "average: {of: [two-0/1, two-1/1]}");
        assertThat(home.router.find("two-0").orElseThrow().versions().getFirst().version())
                .isEqualTo(2);
        assertThat(home.deployments.rollBack("two-0", "worse")).isEqualTo(1);
    }

    @Test
    void comesBack_withItsCache_afterARestart() {
        home.graph("graph", "average: {of: [two-0/1, two-1/1]}");
        CacheOptions cache = CacheReader.read(Optional.of("100"), Optional.of("1m"), Optional.empty());
        home.deployments.setCache("graph", Optional.of(cache));
        try (Router router = new Router(
                RouterOptions.forCores(1, 1),
                PredictionSink.NONE,
                () -> Instant.EPOCH,
                System::nanoTime,
                Runnable::run)) {
            new Deployments(home.registry, router, Workbench.noServers(), () -> Instant.EPOCH).restore();
            assertThat(router.findCache("graph")).contains(cache);
            Frame row = Ensembles.rows("two").slice(0, 1);
            for (int i = 0; i < 2; i++) {
                router.infer("graph", Optional.empty(), Optional.empty(), row);
            }
            assertThat(router.findStatistics("graph", 1)
                            .orElseThrow()
                            .cached()
                            .snapshot()
                            .hits())
                    .isEqualTo(1);
        }
    }

    @Test
    void opensAlone_forThoseWhoServeNothing() {
        home.graph("graph", "average: {of: [two-0/1, two-1/1, two-2/1]}");
        Frame rows = Ensembles.rows("two");
        try (ModelRuntime runtime =
                Deployments.open(home.registry, home.registry.models().load("graph", 1))) {
            assertThat(((Predictions.Classes) runtime.predict(rows)).probabilities())
                    .isEqualTo(((Predictions.Classes) home.ask("graph", rows)).probabilities());
        }
    }

    @Test
    void namesEveryMistake_withItsPlace() {
        home.with("three-0", "numbers-0");
        assertThatThrownBy(() -> home.register("graph", """
                        cascade:
                          shure: 0.9
                          of:
                            - two-0/9
                            - average: {of: [two-0/1, three-0/1, numbers-0/1], weights: [1, 2]}
                            - vote: {of: [numbers-0/1, numbers-0/1]}
                            - two-0@best
                            - choose:
                                - when: "X[9] > 3"
                                  then: two-0/1
                                - otherwise: two-1/1
                        """))
                .isInstanceOf(InvalidInputException.class)
                .extracting(failed -> ((InvalidInputException) failed)
                        .problems().stream().map(Object::toString).toList())
                .satisfies(problems -> assertThat(problems)
                        .anyMatch(text ->
                                text.startsWith("graph.yaml:2:3: cascade.shure: unknown key. Did you mean 'sure'?"))
                        .anyMatch(text -> text.startsWith("graph.yaml:4:7: cascade.of[0]: two-0/9 (expected: a"
                                + " registered version). Did you mean 'two-0/1'?"))
                        .anyMatch(text -> text.contains("cascade.of[1].average.weights: 2 (expected: 3"))
                        .anyMatch(text -> text.contains("cascade.of[2].vote.of: numbers (expected: classifiers"))
                        .anyMatch(text -> text.contains("cascade.of[3]: two-0@best (expected: a registered version)"))
                        .anyMatch(text -> text.contains("graph.yaml:9:")));
        assertThatThrownBy(() -> home.register("graph", "average: {of: [two-0/1, three-0/1, numbers-0/1]}"))
                .hasMessageContaining("average.of[1]: multiclass")
                .hasMessageContaining("average.of[2]: regression");
    }

    @Test
    void refusesWhatIsNoGraph() {
        Map<String, String> refused = Map.of(
                "", "the file is empty",
                "- two-0/1", "the file: no mapping (expected: one of average, vote",
                "pipeline: x", "the file: a pipeline (expected: an inference graph). Run it: millwright run FILE",
                "inputs: {a: text}", "the file: names no node",
                "average: {of: [two-0/1]}", "average.of: 1 member (expected: at least two",
                "average: {of: [two-0/1, &x [*x]]}", "average.of[1]: a list",
                "cascade: {of: [two-0/1, two-1/1]}", "cascade.sure: missing",
                "stacking: {of: {a: two-0/1}, final: two-1/1}", "stacking.of.a: nothing of it is taken",
                "average: {of: [two-0/1, '${X}']}", "X",
                "sequence: [two-0/1, two-1/1]", "sequence[0]: nothing of it is taken");
        refused.forEach((document, message) -> assertThatThrownBy(() -> home.register("graph", document))
                .as(document)
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining(message));
    }

    @Test
    void refusesNestingWithoutEnd() {
        String deep = "{average: {of: [two-0/1, ".repeat(30) + "two-1/1" + "]}}".repeat(30);
        assertThatThrownBy(() -> home.register("graph", "average: {of: [two-0/1, " + deep + "]}"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("too much (expected: at most 500 parts, nested 20 deep)");
        String itself = "average: {of: [two-0/1, &a {average: {of: [two-0/1, *a]}}]}";
        assertThatThrownBy(() -> home.register("graph", itself)).isInstanceOf(InvalidInputException.class);
    }
}
