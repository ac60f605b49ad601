package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Problem;
import dev.millwright.pipelines.EventDesk.Sent;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.StepOutputs.Fate;
import dev.millwright.pipelines.StepOutputs.Selected;
import dev.millwright.registry.Artifact;
import dev.millwright.serving.CallTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payments of which large ones by young people are frauds, as a rule; the rest of their columns is noise, but for the amount in cents. */
class SelectionPipelineTest {
    private static final int PAYMENTS = 3_000;

    @TempDir
    private Path folder;

    private Workbench home;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        Random random = new Random(43);
        StringBuilder rows = new StringBuilder("card,paid_at,age,amount,cents,colour,dice,weather,fraud\n");
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < PAYMENTS; i++) {
            int age = 18 + random.nextInt(60);
            double amount = random.nextDouble() * 100;
            boolean fraud = amount / 10 - age / 10.0 + random.nextGaussian() > 0;
            rows.append(String.format(
                    Locale.ROOT,
                    "c%d,%s,%d,%.2f,%.0f,%s,%d,%.3f,%b%n",
                    i % 300,
                    start.plus(Duration.ofMinutes(30L * i)),
                    age,
                    amount,
                    amount * 100,
                    List.of("red", "green", "blue").get(random.nextInt(3)),
                    1 + random.nextInt(6),
                    random.nextGaussian(),
                    fraud));
        }
        home.write("payments.csv", rows.toString());
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static String pipeline(String select) {
        return """
                pipeline: frauds
                data:
                  payments: {from: payments.csv, time: paid_at}
                features:
                  entity: card
                  timestamp: paid_at
                  sql: |
                    SELECT card, paid_at, age, amount, cents, colour, dice,
                           AVG(weather) OVER (PARTITION BY card ORDER BY paid_at
                                              RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND CURRENT ROW) AS weather_7d
                    FROM payments
                label: fraud
                train:
                  learners: [xgboost: {n_estimators: 60, max_depth: 3}]
                  select: %s
                deploy: {endpoint: frauds}
                """.formatted(select);
    }

    private Selected run(String select) {
        Outcome outcome = home.run(pipeline(select));
        assertThat(outcome.failure()).isEmpty();
        return outcome.summary().selection().orElseThrow();
    }

    private static String reason(Selected selected, String feature) {
        return selected.features().stream()
                .filter(fate -> fate.feature().equals(feature))
                .map(Fate::reason)
                .findFirst()
                .orElseThrow();
    }

    private List<String> problems(String select) {
        return catchThrowableOfType(
                        InvalidInputException.class,
                        () -> PipelineReader.readAndCheck(
                                "p.yaml",
                                pipeline(select),
                                Map.of(),
                                file -> PipelineCheck.check(file, folder, home.duck, Optional.empty())))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void keepsWhatHelps_andLeavesNoiseOut() {
        Selected selected = run("[correlation, mutual_information, importance]");
        assertThat(selected.kept())
                .containsExactlyInAnyOrder("age", selected.kept().contains("amount") ? "amount" : "cents");
        assertThat(reason(selected, "age")).startsWith("shuffled, the log loss changes by +");
        assertThat(selected.features())
                .extracting(Fate::feature)
                .containsExactly("age", "amount", "cents", "colour", "dice", "weather_7d");
        assertThat(selected.trainRows()).isBetween(1_700L, 2_100L);
    }

    @Test
    void importanceAlone_findsNoiseByItself() {
        Selected selected = run("importance");
        assertThat(selected.kept()).contains("age").doesNotContain("colour", "dice", "weather_7d");
        assertThat(reason(selected, "dice")).endsWith(": no more than by chance");
        assertThat(selected.together())
                .hasValueSatisfying(change -> assertThat(change.low()).isNegative());
    }

    @Test
    void twoThatSayTheSame_areOne() {
        Selected selected = run("correlation");
        assertThat(selected.kept()).hasSize(5).contains("colour");
        assertThat(List.of(reason(selected, "amount"), reason(selected, "cents")))
                .anyMatch("stands for 2 that go together"::equals)
                .anyMatch(reason ->
                        reason.matches("goes with (amount|cents) \\(1\\.00\\), which tells more of the label"));
    }

    @Test
    void theFileCanKeepAFeature_andBoundTheRows() {
        Selected selected = run("{by: importance, keep: [dice], rows: 500}");
        assertThat(selected.kept()).contains("dice", "age");
        assertThat(reason(selected, "dice")).endsWith(": no more than by chance; kept as 'keep' says");
        assertThat(selected.trainRows()).isBetween(450L, 500L);
        assertThat(selected.validationRows()).isBetween(200L, 500L);
    }

    @Test
    void anEndpointAsksOnlyForWhatIsLeft_andTheReportSaysWhy() {
        run("[correlation, importance]");
        assertThat(home.registry.models().load("frauds", 1).signature().inputs())
                .extracting(ModelSignature.Input::name)
                .hasSize(2)
                .contains("age");
        try (EventDesk desk = new EventDesk(
                home.registry,
                home.routes(),
                new DatasetRows(home.duck, home.lake),
                folder.resolve("events"),
                Thread.ofPlatform().factory(),
                home.clock)) {
            assertThat(desk.columns("frauds").required())
                    .contains("card", "paid_at", "age")
                    .doesNotContain("weather", "dice", "colour");
            EventDesk.Answer answer = desk.infer(
                    new CallTarget("frauds", Optional.empty(), Optional.empty()),
                    Sent.of(List.of(Map.of(
                            "card",
                            "c1",
                            "paid_at",
                            Instant.parse("2026-04-01T00:00:00Z"),
                            "age",
                            20L,
                            "amount",
                            90.0,
                            "cents",
                            9000L))));
            assertThat(answer.result().predictions().rows()).isEqualTo(1);
        }
        Artifact page = home.registry.models().load("frauds", 1).artifacts().get("report.html");
        String report =
                new String(home.registry.artifacts().read(Objects.requireNonNull(page)), StandardCharsets.UTF_8);
        assertThat(report).contains("Features that were chosen among", "left out", "weather_7d");
    }

    @Test
    void aChoiceIsNotMadeAgain() {
        run("importance");
        Outcome again = home.run(pipeline("importance") + "gate: []\n");
        assertThat(again.summary().reused()).contains("select", "train xgboost", "evaluate");
        Outcome other = home.run(pipeline("[mutual_information, importance]"));
        assertThat(other.summary().reused()).contains("features").doesNotContain("select");
    }

    @Test
    void theChampionMayHaveKeptOthers() {
        run("{by: correlation, keep: [dice, amount]}");
        Outcome outcome = home.run(pipeline("[correlation, importance]") + "gate: [roc_auc > champion]\n");
        assertThat(outcome.summary().gates())
                .singleElement()
                .satisfies(gate -> assertThat(gate.reason()).contains(" of version 1 on "));
    }

    @Test
    void refusesToTrainOnNoiseAlone() {
        Outcome outcome = home.run(pipeline("mutual_information").replace("age, amount, cents, ", ""));
        assertThat(outcome.summary().error())
                .hasValueSatisfying(
                        error -> assertThat(error)
                                .startsWith(
                                        "train.select: no feature tells anything of the label that chance wouldn't (expected: one)."));
    }

    @Test
    void saysWhatIsWrongWithIt() {
        assertThat(problems("importence"))
                .containsExactly(
                        "p.yaml:15:11: train.select: importence (expected: correlation or mutual_information or importance)."
                                + " Did you mean 'importance'?");
        assertThat(problems("{by: importance, keep: [dise]}"))
                .containsExactly(
                        "p.yaml:15:35: train.select.keep: dise (expected: a feature of the view). Did you mean 'dice'?");
        assertThat(problems("{by: importance, correlation: 3, row: 2}"))
                .containsExactly(
                        "p.yaml:15:41: train.select.correlation: 3 (expected: a share above 0% and at most 100%).",
                        "p.yaml:15:44: train.select.row: unknown key. Did you mean 'rows'?");
        assertThat(problems("[]")).singleElement().asString().contains("train.select: none (expected: 'correlation'");
    }
}
