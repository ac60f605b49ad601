package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.Problem;
import dev.millwright.data.TrainingSet;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.StepOutputs.Featured;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A view of payments, with the latest rows of a view of cards and of one of shops. */
class JoinedViewsPipelineTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String PIPELINE = """
            pipeline: frauds
            data:
              payments: {from: payments.csv, time: paid_at, schema: {fraud: {type: boolean, known_after: 3d}}}
              cards: cards.csv
            features:
              - view: payments
                entity: [card, shop]
                timestamp: paid_at
                sql: |
                  SELECT card, shop, paid_at, amount FROM payments
              - view: limits
                entity: card
                timestamp: changed
                ttl: 10d
                sql: SELECT card, changed, credit FROM cards
              - view: shops
                entity: shop
                timestamp: paid_at
                sql: |
                  SELECT shop, paid_at,
                         AVG(CASE WHEN fraud THEN 1 ELSE 0 END) OVER w AS frauds, COUNT(*) OVER w AS payments
                  FROM payments
                  WINDOW w AS (PARTITION BY shop ORDER BY paid_at
                               RANGE BETWEEN INTERVAL '20' DAY PRECEDING AND INTERVAL '3' DAY PRECEDING)
            label: fraud
            train:
              split: {by: time}
              learners: [logistic_regression]
            deploy: {endpoint: frauds}
            """;

    @TempDir
    private Path folder;

    private Workbench home;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        Random random = new Random(5);
        StringBuilder payments = new StringBuilder("card,shop,paid_at,amount,fraud\n");
        for (int i = 0; i < 1_500; i++) {
            int shop = random.nextInt(6);
            payments.append(String.format(
                    Locale.ROOT,
                    "c%d,s%d,%s,%.2f,%b%n",
                    random.nextInt(30),
                    shop,
                    START.plus(Duration.ofMinutes(57L * i)),
                    random.nextDouble() * 90,
                    random.nextDouble() < 0.1 + 0.1 * shop));
        }
        StringBuilder cards = new StringBuilder("card,changed,credit\n");
        for (int i = 0; i < 60; i++) {
            cards.append(
                    String.format(Locale.ROOT, "c%d,%s,%d%n", i % 30, START.plus(Duration.ofHours(20L * i)), 100 * i));
        }
        home.write("payments.csv", payments.toString());
        home.write("cards.csv", cards.toString());
    }

    @AfterEach
    void close() {
        home.close();
    }

    private List<String> problems(String text) {
        InvalidInputException wrong =
                catchThrowableOfType(InvalidInputException.class, () -> home.runs.check(home.request(text, Map.of())));
        assertThat(wrong).as("a problem in %s", text).isNotNull();
        return wrong.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void trainsOnTheRowsOfTheFirstView_andServesEventsWithTheFeaturesOfAll() {
        Outcome outcome = home.run(PIPELINE);

        assertThat(outcome.failure()).isEmpty();
        List<Input> inputs =
                home.registry.models().load("frauds", 1).signature().inputs();
        assertThat(inputs.stream().map(Input::name)).containsExactly("amount", "credit", "frauds", "payments");
        Frame trained = TrainingSet.readRows(home.duck, sql(outcome), inputs);
        assertThat(trained.rows()).isEqualTo(40);
        Frame served = desk().observe("frauds", EventDesk.Sent.of(events(outcome)));
        for (Input input : inputs) {
            assertThat(numbers(served, input)).as(input.name()).containsExactly(numbers(trained, input));
        }
        assertThat(numbers(trained, inputs.get(1)))
                .as("credits that have run out")
                .contains(Float.NaN);
    }

    private static float[] numbers(Frame rows, Input input) {
        return ((FeatureColumn.Numeric) rows.column(input.name())).values();
    }

    private EventDesk desk() {
        return new EventDesk(
                home.registry,
                home.routes(),
                new DatasetRows(home.duck, home.lake),
                folder.resolve("events"),
                Thread.ofPlatform().factory(),
                home.clock);
    }

    /** Payments in the middle, at the times of the training set. */
    private String sql(Outcome outcome) {
        Path file = home.registry.steps().list(outcome.summary().run()).stream()
                .filter(step -> step.name().equals("features"))
                .map(step -> StepJson.read(step.outputs().orElseThrow(), Featured.class)
                        .file())
                .map(home.workshop.layout().trainingSets()::resolve)
                .findFirst()
                .orElseThrow();
        return "SELECT * FROM (SELECT * FROM read_parquet('" + file
                + "') WHERE paid_at > TIMESTAMP '2026-02-10' ORDER BY paid_at LIMIT 40) ORDER BY paid_at";
    }

    /** The same payments, without what is known only later. */
    private List<Map<String, @Nullable Object>> events(Outcome outcome) {
        List<Map<String, @Nullable Object>> events = new ArrayList<>();
        try (var connection = home.duck.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql(outcome))) {
            while (rows.next()) {
                Map<String, @Nullable Object> event = new LinkedHashMap<>();
                event.put("card", rows.getString("card"));
                event.put("shop", rows.getString("shop"));
                event.put("paid_at", rows.getString("paid_at").replace(' ', 'T') + "Z");
                event.put("amount", rows.getDouble("amount"));
                events.add(event);
            }
        } catch (java.sql.SQLException failed) {
            throw new AssertionError(failed);
        }
        return events;
    }

    @Test
    void aChangeOfAnyViewMakesAnotherTrainingSet() {
        Outcome first = home.run(PIPELINE);
        Outcome changed = home.run(PIPELINE.replace("ttl: 10d", "ttl: 20d"));

        assertThat(first.failure()).isEmpty();
        assertThat(changed.summary().reused()).contains("ingest cards").doesNotContain("features");
        assertThat(changed.summary().model().orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void reportsWhatIsWrongWithEachViewAtItsPlace() {
        assertThat(problems(
                        PIPELINE.replace("    ttl: 10d\n", "    ttk: 10d\n").replace("view: shops", "view: limits")))
                .containsExactly(
                        "pipeline.yaml:14:5: features.ttk: unknown key. Did you mean 'ttl'?",
                        "pipeline.yaml:16:11: features.view: limits, a second time (expected: different names).");
        assertThat(problems(PIPELINE.replace("entity: card\n", "entity: []\n")
                        .replace("changed, credit FROM", "chnged, credit FROM")))
                .contains(
                        "pipeline.yaml:11:5: features.entity: none (expected: the columns by which rows of the first view find those of this one).");
        assertThat(problems(PIPELINE.replace("card, changed, credit", "card, chnged, credit")))
                .containsExactly(
                        "pipeline.yaml:15:10: timestamp: changed (expected: a column of the view). Did you mean 'chnged'?",
                        "pipeline.yaml:15:23: chnged: unknown column (expected: one that FROM has). Did you mean 'changed'?");
        assertThat(problems(PIPELINE.replace("AND INTERVAL '3' DAY PRECEDING", "AND CURRENT ROW")))
                .singleElement()
                .asString()
                .startsWith(
                        "pipeline.yaml:21:14: 'AVG(CASE WHEN fraud THEN 1 ELSE 0 END) OVER w': sees fraud up to the current row, though it is known only 3 days after paid_at");
        assertThat(problems(PIPELINE.replace("  - view: limits\n", "    related: {}\n  - view: limits\n")))
                .singleElement()
                .asString()
                .contains("features.related: beside several views (expected: one view). Leave it out");
        assertThat(problems("pipeline: x\ndata: {t: cards.csv}\nfeatures: []\nlabel: credit\n"))
                .contains("pipeline.yaml:3:11: features: empty (expected: at least one view).");
    }
}
