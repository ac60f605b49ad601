package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.pipelines.PipelineRuns.Outcome;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose rows are days of shops: groups of the dataset's rows, with windows over earlier days. */
class GroupedRowsTest {
    private static final String FORECAST = """
            pipeline: forecast
            data:
              sales: sales.csv
            features:
              entity: shop
              timestamp: day
              sql: |
                WITH daily AS (
                  SELECT shop, FLOOR(at TO DAY) AS day, SUM(price) AS turnover FROM sales GROUP BY shop, FLOOR(at TO DAY)
                )
                SELECT shop, day, EXTRACT(ISODOW FROM day) AS weekday,
                       AVG(turnover) OVER (PARTITION BY shop ORDER BY day
                         RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND INTERVAL '1' DAY PRECEDING) AS last_week
                FROM daily
            label: turnover
            train:
              split: {by: time, test: 20%, validation: 20% of the rest}
              learners: [linear_regression]
            gate: [r2 >= 0.5]
            """;

    @TempDir
    private Path folder;

    /** Shops differ in what they sell, and every day has three sales in each. */
    private static String sales() {
        Random random = new Random(3);
        return "shop,at,price\n"
                + IntStream.range(0, 60 * 5 * 3)
                        .mapToObj(i -> String.format(
                                Locale.ROOT,
                                "s%d,2024-%02d-%02d %02d:00:00,%.2f%n",
                                i % 5,
                                1 + i / 450,
                                1 + i / 15 % 30,
                                8 + i % 3,
                                10 * (1 + i % 5) + random.nextDouble()))
                        .collect(Collectors.joining());
    }

    @Test
    void trainsOnGroups() {
        try (Workbench home = new Workbench(folder)) {
            home.write("sales.csv", sales().replace("2024-02-30", "2024-03-01"));
            Outcome outcome = home.run(FORECAST);

            assertThat(outcome.failure()).isEmpty();
            assertThat(outcome.summary().status()).isEqualTo("finished");
            assertThat(outcome.summary().metrics().orElseThrow().test().get("r2"))
                    .get()
                    .satisfies(r2 -> assertThat(r2).isGreaterThan(0.9));
            RunSummary.Rows rows = outcome.summary().rows().orElseThrow();
            assertThat(rows.train() + rows.validation() + rows.test()).isEqualTo(60 * 5);
        }
    }
}
