package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Progress;
import dev.millwright.data.ReplayReport;
import dev.millwright.data.Session;
import dev.millwright.demo.CardTransactions;
import dev.millwright.demo.FraudData;
import dev.millwright.pipelines.FeatureVerification.Subject;
import dev.millwright.pipelines.FeatureVerification.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored rows, one at a time, have the features of the training set; where a view makes that impossible, it is told. */
class FeatureVerificationTest {
    private static final String VISITS = """
            pipeline: visits
            data:
              visits: {from: visits.csv}
            features:
              view: shoppers
              timestamp: at
              sql: |
                SELECT at, amount, %s AS known
                FROM visits
            label: bought
            train:
              learners: [logistic_regression]
            """;

    @TempDir
    private Path folder;

    private Workbench home;
    private FeatureVerification verification;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        verification =
                new FeatureVerification(home.registry, home.duck, new DatasetRows(home.duck, home.lake), home.clock);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private Verdict verify(Optional<String> view, Optional<LocalDate> day) {
        List<Subject> subjects = verification.subjects(view);
        assertThat(subjects).hasSize(1);
        return verification.verify(subjects.getFirst(), day, Progress.NONE);
    }

    private void run(String text) {
        Map<String, String> settings = text.contains("${DATA}") ? Map.of("DATA", folder.toString()) : Map.of();
        assertThat(home.run(text, settings).failure()).isEmpty();
    }

    @Test
    void findsTheSameFeatures_forADayAndForAllDaysOfPayments() throws IOException {
        CardTransactions.Parameters world = CardTransactions.Parameters.defaults()
                .withCards(40)
                .withTerminals(15)
                .withDays(6);
        FraudData.write(folder.resolve("fraud/transactions.csv"), world, 5);
        run(Files.readString(Path.of("../examples/fraud/fraud.yaml"))
                .replace("xgboost: {max_depth: 4}", "xgboost: {n_estimators: 5}")
                .replaceFirst("gate:\\n(  - .*\\n)+", "gate: []\n"));

        ReplayReport all = verify(Optional.empty(), Optional.empty()).report().orElseThrow();
        assertThat(all.examples()).isEmpty();
        assertThat(all.agrees()).isTrue();
        assertThat(all.compared()).isEqualTo(all.rows()).isGreaterThan(300);
        assertThat(all.largestDifference()).isLessThan(1e-9);

        LocalDate day = lastDay(folder.resolve("fraud/transactions.csv"));
        ReplayReport lastDay =
                verify(Optional.of("fraud"), Optional.of(day)).report().orElseThrow();
        assertThat(lastDay.agrees()).isTrue();
        assertThat(lastDay.rows()).isEqualTo(all.rows());
        assertThat(lastDay.compared()).isPositive().isLessThan(all.compared() / 3);
    }

    private LocalDate lastDay(Path payments) {
        try (Session session = home.duck.session()) {
            return session.single(
                    "SELECT CAST(max(CAST(paid_at AS DATE)) AS VARCHAR) FROM read_csv('" + payments + "')",
                    row -> LocalDate.parse(row.getString(1)));
        }
    }

    /** Two weeks of departures, by the example's own file. */
    @Test
    void findsTheSameFeatures_forRealDepartures() throws IOException {
        Path flights = RealDataTest.data().resolve("nycflights13");
        Path here = Files.createDirectories(folder.resolve("nycflights13"));
        for (String table : List.of("weather.csv", "planes.csv", "airports.csv")) {
            Files.copy(flights.resolve(table), here.resolve(table));
        }
        try (Session session = home.duck.session()) {
            session.execute("COPY (SELECT * FROM '" + flights.resolve("flights.parquet")
                    + "' WHERE month = 1 AND day <= 14) TO '" + here.resolve("flights.parquet") + "' (FORMAT parquet)");
        }
        run(Files.readString(Path.of("../examples/flights/flights.yaml"))
                .replaceFirst("(?s)train:.*", "train:\n  learners: [logistic_regression]\n"));

        ReplayReport report =
                verify(Optional.of("departures"), Optional.empty()).report().orElseThrow();
        assertThat(report.examples()).isEmpty();
        assertThat(report.agrees()).isTrue();
        assertThat(report.compared()).isGreaterThan(11_000);
        assertThat(report.sameTime()).as("many depart at the same minute").isGreaterThan(5_000);
    }

    private void writeVisits(int apart) {
        home.write(
                "visits.csv",
                IntStream.range(0, 120)
                        .mapToObj(n -> "2026-02-%02dT%02d:00:00Z,2026-02-%02dT00:00:00Z,%d.5,%s\n"
                                .formatted(
                                        1 + n / apart / 24, n / apart % 24, 28 - n % 28, n, n % 3 == 0 ? "yes" : "no"))
                        .collect(Collectors.joining("", "at,booked,amount,bought\n", "")));
    }

    @Test
    void tellsRowsThatKnowOthersOfTheirTime_fromRowsThatDiffer() {
        writeVisits(4);
        run(VISITS.formatted("COUNT(*) OVER (ORDER BY at RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW)"));

        ReplayReport report =
                verify(Optional.of("shoppers"), Optional.empty()).report().orElseThrow();
        assertThat(report.agrees()).isTrue();
        assertThat(report.sameTime()).isEqualTo(120);
        assertThat(report.unknownWhenSent()).as("all but the last of each hour").isEqualTo(90);
    }

    /** Ordered by another time than the rows come in: a batch sees rows that an endpoint gets later. */
    @Test
    void findsAFeatureThatAnEndpointCannotKnow() {
        writeVisits(1);
        run(VISITS.formatted("COUNT(*) OVER (ORDER BY at RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW)"
                + " + COUNT(*) OVER (ORDER BY booked RANGE BETWEEN INTERVAL '9' DAY PRECEDING AND CURRENT ROW)"));

        ReplayReport report =
                verify(Optional.of("visits"), Optional.empty()).report().orElseThrow();
        assertThat(report.agrees()).isFalse();
        assertThat(report.differing()).isGreaterThan(50);
        assertThat(report.examples()).hasSize(5).allSatisfy(example -> {
            assertThat(example.feature()).isEqualTo("known");
            assertThat((Long) example.batch().orElseThrow())
                    .isGreaterThan((Long) example.online().orElseThrow());
        });
    }

    @Test
    void saysWhyAViewHasNoOnlineForm() {
        writeVisits(1);
        run(VISITS.formatted("AVG(n) OVER (ORDER BY at)")
                .replace("FROM visits", "FROM (SELECT *, COUNT(*) OVER (ORDER BY at) AS n FROM visits) v"));

        Verdict verdict = verify(Optional.empty(), Optional.empty());
        assertThat(verdict.report()).isEmpty();
        assertThat(verdict.refusal())
                .hasValueSatisfying(
                        reason -> assertThat(reason).startsWith("sql: a window over the result of another window"));
    }

    @Test
    void suggestsAView() {
        writeVisits(1);
        run(VISITS.formatted("amount"));
        assertThatThrownBy(() -> verification.subjects(Optional.of("shopper")))
                .hasMessage(
                        "VIEW: shopper (expected: a view, or a model, that a pipeline trained). Did you mean 'shoppers'?");
    }
}
