package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.pipelines.EventDesk.Sent;
import dev.millwright.serving.CallTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What windows know after a restart and after a training on newer data: every payment once. */
class EventRebuildTest {
    private static final int KNOWN = 60;
    private static final String PIPELINE = """
            pipeline: payments
            data:
              payments: {from: payments.csv}
            features:
              entity: card
              timestamp: at
              OPTIONS
              sql: |
                SELECT card, at, amount,
                       COUNT(*) OVER day AS payments_1d, SUM(amount) OVER day AS amount_1d,
                       COUNT(*) OVER (PARTITION BY card ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                FROM payments
                WINDOW day AS (PARTITION BY card ORDER BY at RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW)
            label: fraud
            train:
              learners: [logistic_regression]
            deploy: {endpoint: payments}
            """;

    @TempDir
    private Path folder;

    private Workbench home;
    private EventDesk desk;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        desk = start("events");
    }

    @AfterEach
    void close() {
        desk.close();
        home.close();
    }

    /** A desk as a new process makes it. */
    private EventDesk start(String events) {
        return new EventDesk(
                home.registry,
                home.routes(),
                new DatasetRows(home.duck, home.lake),
                folder.resolve(events),
                Thread.ofPlatform().factory(),
                home.clock);
    }

    /** Payment {@code n} is an hour after the one before, of one of three cards. */
    private static Instant time(int n) {
        return Workbench.START.minus(Duration.ofHours(KNOWN)).plus(Duration.ofHours(n));
    }

    private static double amount(int n) {
        return n * 1.25 + n % 7;
    }

    private void train(String options, IntStream payments) {
        StringBuilder rows = new StringBuilder("id,card,at,amount,fraud\n");
        payments.forEach(n -> rows.append(String.format(
                Locale.ROOT, "%d,c%d,%s,%.3f,%s%n", n, n % 3, time(n), amount(n), n % 5 == 0 ? "yes" : "no")));
        home.write("payments.csv", rows.toString());
        assertThat(home.run(PIPELINE.replace("OPTIONS", options)).failure()).isEmpty();
    }

    private static Map<String, @Nullable Object> payment(int n) {
        Map<String, @Nullable Object> payment = new HashMap<>();
        payment.put("id", (long) n);
        payment.put("card", "c" + n % 3);
        payment.put("at", time(n));
        payment.put("amount", amount(n));
        return payment;
    }

    private static Sent sent(IntStream payments) {
        return Sent.of(payments.mapToObj(EventRebuildTest::payment).toList());
    }

    /** What a payment's features are when each payment before it is known once: none lies more than a day back unknown. */
    private static List<List<Float>> expected(IntStream payments) {
        return payments.mapToObj(n -> {
                    List<Integer> day = IntStream.rangeClosed(Math.max(0, n - 24), n)
                            .filter(other -> other % 3 == n % 3)
                            .boxed()
                            .toList();
                    double amount =
                            day.stream().mapToDouble(EventRebuildTest::amount).sum();
                    int before = n / 3;
                    return List.of((float) amount(n), (float) day.size(), (float) amount, (float) before);
                })
                .toList();
    }

    private static List<List<Float>> features(Frame frame) {
        List<List<Float>> rows = new ArrayList<>();
        for (int row = 0; row < frame.rows(); row++) {
            List<Float> values = new ArrayList<>();
            for (String column : List.of("amount", "payments_1d", "amount_1d", "before")) {
                values.add(((FeatureColumn.Numeric) frame.column(column)).values()[row]);
            }
            rows.add(values);
        }
        return rows;
    }

    @Test
    void knowsEveryAnsweredEvent_afterAKill() {
        train("", IntStream.range(0, KNOWN));
        assertThat(features(desk.observe("payments", sent(IntStream.range(60, 70)))))
                .isEqualTo(expected(IntStream.range(60, 70)));
        for (int n = 70; n < 75; n++) {
            assertThat(desk.infer(new CallTarget("payments", Optional.empty(), Optional.empty()), sent(IntStream.of(n)))
                            .logged())
                    .isTrue();
        }

        desk = start("events"); // the other one is left as a killed process leaves it
        desk.openDoors();
        assertThat(features(desk.observe("payments", sent(IntStream.range(75, 80)))))
                .isEqualTo(expected(IntStream.range(75, 80)));

        desk = start("elsewhere");
        assertThat(features(desk.observe("payments", sent(IntStream.of(80))))
                        .getFirst()
                        .getLast())
                .as("without the log the payments from 60 on are unknown")
                .isEqualTo(20);
    }

    /** The newer data has the payments up to 69; those from 70 on are in the log alone. */
    @Test
    void countsNoEventTwice_whenNewerDataHasIt() {
        train("", IntStream.range(0, KNOWN));
        desk.observe("payments", sent(IntStream.range(60, 75)));
        home.clock.advance(Duration.ofHours(20));
        train("", IntStream.range(0, 70));
        desk.refresh();
        assertThat(features(desk.observe("payments", sent(IntStream.range(75, 78)))))
                .isEqualTo(expected(IntStream.range(75, 78)));

        desk = start("events");
        assertThat(features(desk.observe("payments", sent(IntStream.range(78, 80)))))
                .isEqualTo(expected(IntStream.range(78, 80)));
    }

    @Test
    void takesPaymentsFromNewerData_thatNeverCameAsEvents() {
        train("", IntStream.range(0, KNOWN));
        desk.observe("payments", sent(IntStream.of(60, 61, 66)));
        home.clock.advance(Duration.ofHours(20));
        train("", IntStream.range(0, 70));
        desk.refresh();
        assertThat(features(desk.observe("payments", sent(IntStream.range(70, 75)))))
                .isEqualTo(expected(IntStream.range(70, 75)));
    }

    /** The newer data lacks 63, which is older than its newest payment: ids tell that it is missing. */
    @Test
    void countsAnEventThatNewerDataLacks_whenEventsHaveIds() {
        train("event_id: id", IntStream.range(0, KNOWN));
        assertThat(desk.columns("payments").required()).contains("id");
        desk.observe("payments", sent(IntStream.range(60, 75)));
        home.clock.advance(Duration.ofHours(20));
        train("event_id: id", IntStream.range(0, 70).filter(n -> n != 63));
        desk.refresh();
        assertThat(features(desk.observe("payments", sent(IntStream.range(75, 78)))))
                .isEqualTo(expected(IntStream.range(75, 78)));
    }

    @Test
    void countsAnEventOnce_thatIsSentTwice_alsoAfterARestart() {
        train("", IntStream.range(0, KNOWN));
        List<Optional<String>> ids = IntStream.range(60, 65)
                .mapToObj(n -> Optional.of("payment " + n))
                .toList();
        Sent sent = new Sent(sent(IntStream.range(60, 65)).events(), ids);
        Frame first = desk.observe("payments", sent);
        assertThat(features(desk.observe("payments", sent))).isEqualTo(features(first));
        Sent twice = new Sent(
                IntStream.of(65, 65).mapToObj(EventRebuildTest::payment).toList(),
                List.of(Optional.of("payment 65"), Optional.of("payment 65")));
        assertThat(features(desk.observe("payments", twice))).isEqualTo(expected(IntStream.of(65, 65)));
        assertThat(desk.status().getFirst().counts().again()).isEqualTo(6);

        desk = start("events");
        assertThat(features(desk.observe("payments", sent))).isEqualTo(expected(IntStream.range(60, 65)));
        assertThat(features(desk.observe("payments", sent(IntStream.of(66))))).isEqualTo(expected(IntStream.of(66)));
    }

    @Test
    void doesNotLogEventsThatNoViewCanTake() {
        train("", IntStream.range(0, KNOWN));
        Map<String, @Nullable Object> wrong = payment(60);
        wrong.put("amount", "much");
        Sent sent = new Sent(List.of(wrong), List.of(Optional.of("a")));
        CallTarget target = new CallTarget("payments", Optional.empty(), Optional.empty());
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> desk.infer(target, sent)))
                .hasMessageContaining("amount: much");
        assertThat(desk.status().getFirst().log().events()).isZero();

        Sent mended = new Sent(List.of(payment(60)), List.of(Optional.of("a")));
        assertThat(features(desk.observe("payments", mended))).isEqualTo(expected(IntStream.of(60)));
        assertThat(desk.status().getFirst().counts().again()).isZero();
    }

    /** A payment of 30 hours ago, and one of next week by a clock that is wrong. */
    @Test
    void tellsLateEventsFromOthers_andAnswersThem() {
        train("lateness: 12h", IntStream.range(0, KNOWN));
        desk.observe("payments", sent(IntStream.range(60, 62)));
        desk.observe("payments", sent(IntStream.of(32)));
        desk.observe("payments", sent(IntStream.of(60 + 24 * 7)));
        EventStatus.Counts counts = desk.status().getFirst().counts();
        assertThat(counts.inTime()).isEqualTo(2);
        assertThat(counts.late()).isOne();
        assertThat(counts.ahead()).isOne();
        assertThat(features(desk.observe("payments", sent(IntStream.of(62))))
                        .getFirst()
                        .get(1))
                .as("the wrong clock made nothing be forgotten")
                .isEqualTo(expected(IntStream.of(62)).getFirst().get(1));
    }

    @Test
    void givesUpLoggedEvents_onceNoWindowNeedsThem() {
        train("", IntStream.range(0, KNOWN));
        desk.observe("payments", sent(IntStream.range(60, 65)));
        home.clock.advance(Duration.ofDays(2));
        desk.upkeep();
        desk.forget();
        assertThat(desk.status().getFirst().log().events())
                .as("a window over all payments needs them")
                .isEqualTo(5);
        train("", IntStream.range(0, 65));
        desk.refresh();
        desk.forget();
        assertThat(desk.status().getFirst().log().events()).isZero();
        assertThat(features(desk.observe("payments", sent(IntStream.of(65))))).isEqualTo(expected(IntStream.of(65)));
    }

    private static final String WITH_SHOPS = """
            pipeline: payments
            data:
              payments: {from: payments.csv}
              shops: {from: SHOPS}
            features:
              entity: card
              timestamp: at
              sql: |
                SELECT p.card, p.at, p.amount, s.risk
                FROM payments p LEFT JOIN shops s ON s.card = p.card
            label: fraud
            train:
              learners: [logistic_regression]
            deploy: {endpoint: ENDPOINT}
            """;

    private float risk(String endpoint) {
        Frame frame = desk.observe(endpoint, sent(IntStream.of(61)));
        return ((FeatureColumn.Numeric) frame.column("risk")).values()[0];
    }

    /** The newer version of the table comes with the training of another model, and changes no window's view. */
    @Test
    void looksThingsUpInTheNewestVersionOfATable_unlessTheFileNamesOne() {
        String shops = WITH_SHOPS.replace("SHOPS", "shops.csv").replace("ENDPOINT", "payments");
        home.write("shops.csv", "card,risk\nc1,0.25\nc2,0.5\n");
        train("", IntStream.range(0, KNOWN));
        assertThat(home.run(shops.replace("payments}", "looking}")).failure()).isEmpty();
        String pinned = WITH_SHOPS.replace("SHOPS", "dataset:shops@v1").replace("ENDPOINT", "pinned");
        assertThat(home.run(pinned.replace("pipeline: payments", "pipeline: pinned"))
                        .failure())
                .isEmpty();
        assertThat(risk("looking")).isEqualTo(0.25f);
        assertThat(risk("pinned")).isEqualTo(0.25f);

        home.write("shops.csv", "card,risk\nc1,0.75\nc2,0.5\n");
        assertThat(home.run(shops.replace("deploy: {endpoint: payments}", "")).failure())
                .isEmpty();
        assertThat(risk("looking")).isEqualTo(0.25f);
        desk.refresh();
        assertThat(risk("looking")).isEqualTo(0.75f);
        assertThat(risk("pinned")).isEqualTo(0.25f);
    }
}
