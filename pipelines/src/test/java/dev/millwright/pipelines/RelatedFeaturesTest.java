package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Problem;
import dev.millwright.data.TrainingSet;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.StepOutputs.Fate;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.pipelines.StepOutputs.Selected;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RecordedDataset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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

/** Offers to customers, who buy when they ordered much in the week before. They also get letters, which change nothing. */
class RelatedFeaturesTest {
    private static final int CUSTOMERS = 60;
    private static final int OFFERS = 2_500;
    private static final int DAYS = 80;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private record Order(int customer, Instant at, double amount) {}

    private record Offer(int customer, Instant at) {}

    @TempDir
    private Path folder;

    private Workbench home;
    private final List<Order> orders = new ArrayList<>();
    private final List<Offer> offers = new ArrayList<>();

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        Random random = new Random(44);
        StringBuilder customers = new StringBuilder("id,region\n");
        StringBuilder letters = new StringBuilder("customer,sent_at,pages\n");
        for (int customer = 0; customer < CUSTOMERS; customer++) {
            customers.append(customer).append(",r").append(random.nextInt(4)).append('\n');
            for (int week = 0; week < DAYS / 7; week++) {
                int many = random.nextInt(4) == 0 ? 8 : 1;
                for (int i = 0; i < many; i++) {
                    Instant at = START.plus(Duration.ofMinutes((week * 7L * 1440) + random.nextInt(7 * 1440)));
                    orders.add(new Order(customer, at, 5 + random.nextInt(90)));
                }
                letters.append(String.format(
                        Locale.ROOT,
                        "%d,%s,%d%n",
                        customer,
                        START.plus(Duration.ofMinutes(week * 7L * 1440 + random.nextInt(7 * 1440))),
                        1 + random.nextInt(9)));
            }
        }
        home.write("customers.csv", customers.toString());
        home.write("letters.csv", letters.toString());
        StringBuilder rows = new StringBuilder("customer,at,amount\n");
        orders.forEach(order ->
                rows.append(String.format(Locale.ROOT, "%d,%s,%.0f%n", order.customer(), order.at(), order.amount())));
        home.write("orders.csv", rows.toString());
        home.write("offers.csv", offers(random));
    }

    private String offers(Random random) {
        StringBuilder rows = new StringBuilder("offer,customer,at,price,bought\n");
        for (int i = 0; i < OFFERS; i++) {
            Offer offer = new Offer(
                    random.nextInt(CUSTOMERS),
                    START.plus(Duration.ofSeconds(10L * 86_400 + random.nextInt((DAYS - 14) * 86_400))));
            offers.add(offer);
            boolean bought = random.nextDouble() < (before(offer, 7).size() >= 4 ? 0.85 : 0.1);
            rows.append(String.format(
                    Locale.ROOT, "%d,%d,%s,%d,%b%n", i, offer.customer(), offer.at(), 10 + random.nextInt(20), bought));
        }
        return rows.toString();
    }

    /** What the customer ordered in so many days before the offer, the earliest first. */
    private List<Order> before(Offer offer, int days) {
        return orders.stream()
                .filter(order -> order.customer() == offer.customer()
                        && order.at().isBefore(offer.at())
                        && !order.at().isBefore(offer.at().minus(Duration.ofDays(days))))
                .sorted(Comparator.comparing(Order::at))
                .toList();
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static String pipeline(String related) {
        return """
                pipeline: offers
                data:
                  customers: customers.csv
                  orders: {from: orders.csv, time: at, expect: [customer in customers.id]}
                  letters: {from: letters.csv, time: sent_at, expect: [customer in customers.id]}
                  offers: {from: offers.csv, expect: [customer in customers.id]}
                features:
                  entity: offer
                  timestamp: at
                  related: %s
                  sql: |
                    SELECT o.offer, o.at, o.price FROM offers o
                label: bought
                train:
                  split: {by: time}
                  learners: [xgboost: {n_estimators: 60, max_depth: 3}]
                """.formatted(related);
    }

    private Outcome run(String related) {
        Outcome outcome = home.run(pipeline(related));
        assertThat(outcome.failure()).isEmpty();
        return outcome;
    }

    private static Selected selected(Outcome outcome) {
        return outcome.summary().selection().orElseThrow();
    }

    private Frame features(Outcome outcome, String... names) {
        String file = home.registry.steps().list(outcome.summary().run()).stream()
                .filter(step -> step.name().equals("features"))
                .map(step -> StepJson.read(step.outputs().orElseThrow(), Featured.class)
                        .file())
                .findFirst()
                .orElseThrow();
        List<Input> inputs = new ArrayList<>();
        for (String name : names) {
            inputs.add(new Input(name, InputType.NUMBER));
        }
        RecordedDataset table = home
                .registry
                .datasets()
                .usedBy(outcome.summary().run())
                .stream()
                .filter(dataset -> dataset.dataset().equals("offers"))
                .findFirst()
                .orElseThrow();
        String rows = "SELECT f.* FROM read_parquet('"
                + home.workshop.layout().trainingSets().resolve(file) + "') f JOIN "
                + home.lake.tableReference(home.lake.load("offers", table.snapshot()))
                + " t ON f._row_id = t._row_id ORDER BY t.offer";
        return TrainingSet.readRows(home.duck, rows, inputs);
    }

    private static float[] numbers(Frame frame, String name) {
        return ((FeatureColumn.Numeric) frame.column(name)).values();
    }

    private List<String> problems(String text) {
        return catchThrowableOfType(
                        InvalidInputException.class,
                        () -> PipelineReader.readAndCheck(
                                "p.yaml",
                                text,
                                Map.of(),
                                file -> PipelineCheck.check(file, folder, home.duck, Optional.empty())))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void findsTheAggregateThatHelps_andNoNoise_andItsSqlIsAView() {
        Outcome outcome = run("{windows: [7d]}");
        Selected selected = selected(outcome);
        assertThat(selected.features())
                .extracting(Fate::feature)
                .hasSizeGreaterThan(20)
                .contains("letters_of_customer_count_7d");
        assertThat(selected.kept())
                .contains("price")
                .anyMatch(name -> name.matches("orders_of_customer_(count|amount_sum)_7d"))
                .noneMatch(name -> name.startsWith("letters"));
        double auc = Objects.requireNonNull(
                        outcome.summary().metrics().orElseThrow().test().get("roc_auc"))
                .orElseThrow();
        assertThat(auc).isGreaterThan(0.8);

        String sql = selected.sql().orElseThrow();
        String pasted = pipeline("x")
                .replace("  related: x\n", "")
                .replace(
                        "SELECT o.offer, o.at, o.price FROM offers o",
                        sql.strip().replace("\n", "\n      "));
        Outcome again = home.run(pasted);
        assertThat(again.failure()).isEmpty();
        String[] names = selected.kept().toArray(String[]::new);
        Frame one = features(outcome, names);
        Frame other = features(again, names);
        for (String name : names) {
            assertThat(numbers(other, name)).as(name).isEqualTo(numbers(one, name));
        }
    }

    @Test
    void whatItComputes_isWhatWasThereBeforeTheRow() {
        Frame frame = features(
                run("{windows: [7d]}"),
                "orders_of_customer_count",
                "orders_of_customer_count_7d",
                "orders_of_customer_amount_sum_7d",
                "orders_of_customer_amount_mean_7d",
                "orders_of_customer_amount_max",
                "orders_of_customer_amount_last",
                "orders_of_customer_minutes_since");
        for (int row = 0; row < OFFERS; row += 25) {
            Offer offer = offers.get(row);
            List<Order> all = before(offer, 1_000);
            List<Order> week = before(offer, 7);
            assertThat(numbers(frame, "orders_of_customer_count")[row]).isEqualTo(all.size());
            assertThat(numbers(frame, "orders_of_customer_count_7d")[row]).isEqualTo(week.size());
            assertThat((double) numbers(frame, "orders_of_customer_amount_sum_7d")[row])
                    .isCloseTo(week.stream().mapToDouble(Order::amount).sum(), within(1e-3));
            assertThat((double) numbers(frame, "orders_of_customer_amount_mean_7d")[row])
                    .isCloseTo(
                            week.stream().mapToDouble(Order::amount).average().orElse(Double.NaN), within(1e-3));
            assertThat((double) numbers(frame, "orders_of_customer_amount_max")[row])
                    .isEqualTo(all.stream().mapToDouble(Order::amount).max().orElse(Double.NaN));
            if (!all.isEmpty()) {
                assertThat((double) numbers(frame, "orders_of_customer_amount_last")[row])
                        .isEqualTo(all.getLast().amount());
                assertThat((double) numbers(frame, "orders_of_customer_minutes_since")[row])
                        .isCloseTo(
                                (double) Duration.between(all.getLast().at(), offer.at())
                                        .toMinutes(),
                                within(1.0));
            }
        }
    }

    @Test
    void theVersionKnowsWhatItKept() {
        run("{windows: [7d]}");
        ModelVersion version = home.registry.models().load("offers", 1);
        assertThat(new Origins(home.registry).plan(version).features())
                .containsExactlyElementsOf(version.signature().inputs());
        assertThat(new Origins(home.registry).plan(version).tables())
                .contains("orders", "offers")
                .doesNotContain("letters");
    }

    @Test
    void theLabelIsNoFeatureOfLaterRows_unlessTheFileSaysWhenItIsKnown() {
        Selected unknown = selected(run("{windows: [30d]}"));
        assertThat(unknown.features()).extracting(Fate::feature).noneMatch(name -> name.contains("bought"));
        String known = pipeline("{windows: [30d]}")
                .replace(
                        "{from: offers.csv,",
                        "{from: offers.csv, time: at, schema: {bought: {type: boolean, known_after: 1d}},");
        Outcome outcome = home.run(known);
        assertThat(outcome.failure()).isEmpty();
        assertThat(selected(outcome).features()).extracting(Fate::feature).contains("customer_bought_mean_30d");
    }

    @Test
    void anEndpointKeepsEarlierRowsOfTheViewsOwnTable_upToDateWithEvents() {
        String text = pipeline("{windows: [7d], depth: 1}")
                        .replace("entity: offer", "entity: customer")
                        .replace("SELECT o.offer,", "SELECT o.customer,")
                + "  select: {by: importance, keep: [price, customer_count_7d]}\ndeploy: {endpoint: offers}\n";
        Outcome outcome = home.run(text);
        assertThat(outcome.failure()).isEmpty();
        assertThat(selected(outcome).kept()).containsExactlyInAnyOrder("price", "customer_count_7d");
        Instant latest =
                offers.stream().map(Offer::at).max(Comparator.naturalOrder()).orElseThrow();
        Offer next = new Offer(7, latest.plusSeconds(60));
        long week = offers.stream()
                .filter(offer ->
                        offer.customer() == 7 && !offer.at().isBefore(next.at().minus(Duration.ofDays(7))))
                .count();
        try (EventDesk desk = new EventDesk(
                home.registry,
                home.routes(),
                new DatasetRows(home.duck, home.lake),
                folder.resolve("events"),
                Thread.ofPlatform().factory(),
                home.clock)) {
            Map<String, Object> event = Map.of("customer", 7L, "at", next.at(), "price", 12L);
            Map<String, Object> later = Map.of("customer", 7L, "at", next.at().plusSeconds(60), "price", 12L);
            Frame frame = desk.observe("offers", EventDesk.Sent.of(List.of(event, later)));
            assertThat(numbers(frame, "customer_count_7d")).containsExactly((float) week, (float) (week + 1));
        }
    }

    @Test
    void someOfEachKindAreLookedAt_andOnesWithATakenNameArent() {
        Outcome outcome = run("{windows: [7d], limit: 8}");
        assertThat(selected(outcome).features())
                .extracting(Fate::feature)
                .contains(
                        "orders_of_customer_count",
                        "letters_of_customer_count",
                        "customer_count_7d",
                        "customer_region");
        home.write("offers.csv", offers(new Random(45)).replace("price", "customer_region"));
        Outcome taken = home.run(pipeline("{windows: [7d], limit: 8}").replace("o.price", "customer_region"));
        assertThat(taken.failure()).isEmpty();
        assertThat(selected(taken).features()).extracting(Fate::feature).containsOnlyOnce("customer_region");
    }

    @Test
    void looksAtNoMoreThanTheLimit_andSaysSo() {
        Outcome outcome = run("{windows: [7d, 30d], limit: 5}");
        assertThat(selected(outcome).features()).hasSize(6);
        assertThat(outcome.summary().warnings())
                .anyMatch(
                        warning -> warning.matches(
                                "offers: of \\d+ features from related tables the first 5 are looked at, as features.related.limit says"));
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(problems(pipeline("{windows: [7d]}")
                        .replace(", expect: [customer in customers.id]", "")
                        .replace("  entity: offer\n", "")))
                .containsExactly(
                        "p.yaml:9:12: features.related: nothing is related to offers (expected: under 'expect' of a source, a"
                                + " reference such as 'customer in customers.id', and 'time' of the sources whose rows are summed up).");
        assertThat(problems(pipeline("{windows: [90m]}")))
                .containsExactly(
                        "p.yaml:10:23: features.related.windows: 90m (expected: whole hours or days, such as 12h or 7d).");
        assertThat(problems(pipeline("{depth: 3}")))
                .containsExactly("p.yaml:10:20: features.related.depth: 3 (expected: 1 or 2).");
        assertThat(problems(pipeline("{depth: 2}")
                        .replace("FROM offers o", "FROM (SELECT offer, at, price, bought FROM offers) o")))
                .containsExactly(
                        "p.yaml:10:12: features.related: the view's SELECT is grouped, has '*', or isn't from a table of data:"
                                + " (expected: SELECT with each column named, FROM a table). Name the columns, or compute what is needed in a joined CTE.");
    }
}
