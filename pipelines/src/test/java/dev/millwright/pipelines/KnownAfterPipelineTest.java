package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.registry.Step;
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

/**
 * Payments in shops, of which some are honest (one fraud in ten) and some are not (six in ten). Whether a payment was one is known a
 * week later. Nobody can do better than to know the shop.
 */
class KnownAfterPipelineTest {
    private static final int SHOPS = 40;
    private static final int PAYMENTS = 6_000;
    private static final double HONEST = 0.1;
    private static final double DISHONEST = 0.6;
    private static final String DECLARED = "{type: boolean, known_after: 7d}";

    /** Of the shop's payments, this one among them. */
    private static final String LEAKY = "RANGE BETWEEN INTERVAL '1' SECOND PRECEDING AND CURRENT ROW";

    private static final String HONEST_FRAME =
            "RANGE BETWEEN INTERVAL '90' DAY PRECEDING AND INTERVAL '7' DAY PRECEDING";

    @TempDir
    private Path folder;

    private Workbench home;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        Random random = new Random(11);
        StringBuilder rows = new StringBuilder("card,shop,paid_at,amount,fraud\n");
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < PAYMENTS; i++) {
            int shop = random.nextInt(SHOPS);
            boolean fraud = random.nextDouble() < (shop % 2 == 0 ? HONEST : DISHONEST);
            Instant paid = start.plus(Duration.ofMinutes(30L * i));
            rows.append(String.format(
                    Locale.ROOT, "c%d,s%d,%s,%.2f,%b%n", i % 500, shop, paid, 5 + random.nextDouble() * 90, fraud));
        }
        home.write("payments.csv", rows.toString());
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static String pipeline(String fraud, String frame) {
        return """
                pipeline: frauds
                data:
                  payments:
                    from: payments.csv
                    time: paid_at
                    schema:
                      fraud: %s
                features:
                  entity: card
                  timestamp: paid_at
                  sql: |
                    SELECT card, paid_at, amount,
                           AVG(CASE WHEN fraud THEN 1 ELSE 0 END) OVER shop_before AS shop_frauds
                    FROM payments
                    WINDOW shop_before AS (PARTITION BY shop ORDER BY paid_at
                                           %s)
                label: fraud
                train:
                  split: {by: time, test: 40%%, validation: 20%% of the rest}
                  learners: [logistic_regression]
                deploy: {endpoint: frauds}
                """.formatted(fraud, frame);
    }

    private static double auc(Outcome outcome) {
        assertThat(outcome.failure()).isEmpty();
        return outcome.summary()
                .metrics()
                .flatMap(metrics -> Objects.requireNonNull(metrics.test().get("roc_auc")))
                .orElseThrow();
    }

    private String features(Outcome outcome) {
        return home.registry.steps().list(outcome.summary().run()).stream()
                .filter(step -> step.name().equals("features"))
                .map(Step::outputs)
                .map(outputs -> outputs.orElseThrow())
                .findFirst()
                .orElseThrow();
    }

    private List<String> problems(String text) {
        InvalidInputException wrong = catchThrowableOfType(
                InvalidInputException.class,
                () -> PipelineCheck.check(
                        PipelineReader.read("p.yaml", text, Map.of()), folder, home.duck, Optional.empty()));
        assertThat(wrong).as("a problem in %s", text).isNotNull();
        return wrong.problems().stream().map(Problem::toString).toList();
    }

    /** The area under the curve of one who knows which shops are honest: half of the payments are in each kind. */
    private static double bestPossible() {
        double frauds = HONEST + DISHONEST;
        double others = 2 - frauds;
        double caught = DISHONEST / frauds * (1 - HONEST) / others;
        double ties = HONEST / frauds * (1 - HONEST) / others + DISHONEST / frauds * (1 - DISHONEST) / others;
        return caught + ties / 2;
    }

    @Test
    void aLeakWouldMakeItLookPerfect_isRefusedOnceTheLabelSaysWhenItIsKnown_andTheHonestFigureIsTheTrueOne() {
        Outcome leaking = home.run(pipeline("boolean", LEAKY));
        assertThat(auc(leaking))
                .as("with the leak, as nobody said when the label is known")
                .isEqualTo(1.0);

        assertThat(problems(pipeline(DECLARED, LEAKY)))
                .containsExactly(
                        "p.yaml:13:12: 'AVG(CASE WHEN fraud THEN 1 ELSE 0 END) OVER shop_before': sees fraud up to the"
                                + " current row, though it is known only 7 days after paid_at (expected: RANGE BETWEEN INTERVAL"
                                + " '604801' SECOND PRECEDING AND INTERVAL '7' DAY PRECEDING)");

        Outcome honest = home.run(pipeline(DECLARED, HONEST_FRAME));
        assertThat(auc(honest)).isCloseTo(bestPossible(), within(0.03));
        assertThat(features(honest))
                .as(
                        "two payments an hour: of the last week the labels aren't known, of the week before the test they weren't")
                .contains("\"unlabelled\":336,\"pending\":336,\"purged\":336");
        EventDesk desk = new EventDesk(
                home.registry,
                home.routes(),
                new DatasetRows(home.duck, home.lake),
                home.folder.resolve("events"),
                Thread.ofPlatform().factory(),
                home.clock);
        assertThat(desk.columns("frauds").required())
                .as("an event need not say what is known only later")
                .containsExactlyInAnyOrder("card", "shop", "paid_at", "amount");
        Frame rows = desk.observe(
                "frauds",
                EventDesk.Sent.of(List.of(Map.of(
                        "card", "c1", "shop", "s1", "paid_at", Instant.parse("2026-05-06T00:00:00Z"), "amount", 9.0))));
        assertThat(((FeatureColumn.Numeric) rows.column("shop_frauds")).values()[0])
                .isBetween(0.5f, 0.7f);
    }

    @Test
    void pointsAtAKeyThatMakesNoSense() {
        String text = pipeline(DECLARED, HONEST_FRAME);
        assertThat(problems(text.replace("time: paid_at\n", "time: payd_at\n")))
                .singleElement()
                .asString()
                .startsWith("p.yaml:5:5: time: payd_at (expected: a timestamp column)")
                .endsWith("Did you mean 'paid_at'?");
        assertThat(problems(text.replace("fraud: {", "paid_at: {known_after: 1d}\n      fraud: {")))
                .singleElement()
                .asString()
                .startsWith("p.yaml:7:7: known_after of paid_at: the time of its row (expected: another column)");
        assertThat(problems(text.replace("known_after: 7d", "known_after: 99999d")))
                .singleElement()
                .asString()
                .endsWith("data.payments.schema.fraud.known_after: 99999d (expected: at most a century).");
    }

    @Test
    void aLabelCanSayItself_whenItIsKnown() {
        String text = pipeline("boolean", HONEST_FRAME);
        PipelineFile file = PipelineReader.read(
                "p.yaml",
                text.replace("label: fraud", "label:\n  sql: fraud AND amount > 0\n  known_after: 7d"),
                Map.of());

        assertThat(file.label()).hasToString("fraud AND amount > 0");
        assertThat(PipelineCheck.check(file, folder, home.duck, Optional.empty())
                        .plan()
                        .labelComesLater())
                .isTrue();
        assertThatThrownBy(() -> PipelineReader.read(
                        "p.yaml", text.replace("label: fraud", "label: {sqk: fraud, known_after: soon}"), Map.of()))
                .hasMessageContaining("p.yaml:17:9: label.sqk: unknown key. Did you mean 'sql'?")
                .hasMessageContaining("label: has no 'sql'")
                .hasMessageContaining("label.known_after: soon (expected: a duration such as 30s, 10m, 2h or 1d");
    }

    @Test
    void theViewsTimestampIsTheTimeOfItsRows_unlessTheDatasetHasItsOwn() {
        String text = pipeline(DECLARED, LEAKY).replace("    time: paid_at\n", "");

        assertThat(problems(text)).singleElement().asString().contains("it is known only 7 days after paid_at");
    }
}
