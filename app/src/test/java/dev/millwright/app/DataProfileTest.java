package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataProfileTest {
    @TempDir
    Path folder;

    private Path data;
    private Path page;

    @BeforeEach
    void write() throws IOException {
        data = Files.writeString(folder.resolve("orders.csv"), orders(5));
        page = folder.resolve("page.html");
    }

    /** Orders that are paid for several reasons; {@code bank} is known only when they are, but for slips. */
    private static String orders(long seed) {
        Random random = new Random(seed);
        StringBuilder csv = new StringBuilder("order,placed,items,price,region,weekday,bank,paid\n");
        for (int i = 0; i < 800; i++) {
            int items = 1 + random.nextInt(6);
            double price = 5 + 90 * random.nextDouble();
            int region = random.nextInt(4);
            int weekday = random.nextInt(7);
            boolean paid = items + region + price / 40 + 2 * random.nextGaussian() > 6;
            csv.append(String.format(
                    Locale.ROOT,
                    "o%d,2026-01-%02dT%02d:00:00Z,%d,%.2f,r%d,%d,%s,%s%n",
                    i,
                    1 + i / 30,
                    i % 24,
                    items,
                    price,
                    region,
                    weekday,
                    paid != (random.nextInt(16) == 0) ? "NPB" : "none",
                    paid ? "yes" : "no"));
        }
        return csv.toString();
    }

    /** Of orders, with the bank as a feature. */
    private Path pipeline(String label) throws IOException {
        return pipeline(label, "", ", bank AS account");
    }

    private Path pipeline(String label, String schema, String feature) throws IOException {
        return Files.writeString(
                folder.resolve("paid.yaml"),
                """
                pipeline: paid
                data:
                  orders:
                    from: orders.csv
                    schema: {placed: timestamp, SCHEMA}
                features:
                  entity: order
                  timestamp: placed
                  sql: SELECT "order", placed, items * price AS total, items, region, weekday FEATURE FROM orders
                label: LABEL
                train:
                  split: {by: time, test: 20%, validation: 20% of the rest}
                  learners: [logistic_regression]
                """.replace("LABEL", label).replace(", SCHEMA", schema).replace(" FEATURE", feature));
    }

    @Test
    void saysTheGist_leakageLast_andWritesAPage() throws IOException {
        Invocation done = Invocation.of("data", "profile", data, "--label", "paid", "--output", page)
                .exits(ExitCode.DONE);
        assertThat(done.out())
                .contains("COLUMN   TYPE       MISSING  DISTINCT  RANGE OR MOST FREQUENT")
                .contains("800 rows, none twice; 800 complete")
                .contains("placed from 2026-01-01T00:00:00Z to 2026-01-27T23:00:00Z, 27 out of order");
        assertThat(done.out().lines().toList().reversed().stream().limit(3))
                .satisfiesExactly(
                        last -> assertThat(last).isEqualTo("Wrote " + page + "."),
                        blank -> assertThat(blank).isEmpty(),
                        leakage ->
                                assertThat(leakage).startsWith("leakage: bank alone predicts paid with ROC AUC 0.9"));
        assertThat(Files.readString(page)).startsWith("<!doctype html>").contains("bank: far above the rest");
    }

    @Test
    void printsOneDocument_whenAskedForJson() {
        JsonNode document = Invocation.of("data", "profile", data, "--label", "paid", "--output", page, "--json")
                .exits(ExitCode.DONE)
                .json();
        assertThat(document.get("file").asText()).isEqualTo(page.toString());
        JsonNode profile = document.get("profile");
        assertThat(profile.get("rows").asInt()).isEqualTo(800);
        assertThat(profile.get("columns").get(3).get("numbers").get("quantiles").has("p50"))
                .isTrue();
        assertThat(profile.get("leakage").get("scores").get(0).get("column").asText())
                .isEqualTo("bank");
        assertThat(profile.get("leakage").get("warnings").get(0).get("kind").asText())
                .isEqualTo("FAR_ABOVE_THE_REST");
    }

    @Test
    void readsAllFilesOfAGlob_andCountsRowsOfATest() throws IOException {
        Files.writeString(folder.resolve("orders-more.csv"), orders(6));
        Path glob = folder.resolve("orders*.csv");
        JsonNode all = Invocation.of(
                        "data", "profile", glob, "--label", "paid", "--test", data, "--output", page, "--json")
                .exits(ExitCode.DONE)
                .json();
        assertThat(all.get("profile").get("rows").asInt()).isEqualTo(1600);
        JsonNode shared = all.get("profile").get("leakage").get("shared_rows");
        assertThat(shared.get("by").asText()).isEqualTo("SOURCE");
        assertThat(shared.get("exact").asDouble()).isEqualTo(1);
    }

    @Test
    void looksAtTheRowsThatAPipelineTrainsOn() throws IOException {
        JsonNode profile = Invocation.of("data", "profile", pipeline("paid = 'yes'"), "--output", page, "--json")
                .exits(ExitCode.DONE)
                .json()
                .get("profile");
        assertThat(profile.get("name").asText()).isEqualTo("paid");
        assertThat(profile.get("leakage").get("label").asText()).isEqualTo("paid = 'yes'");
        assertThat(profile.get("leakage").get("warnings").findValuesAsText("message"))
                .anyMatch(message -> message.startsWith("account alone predicts paid = 'yes' with ROC AUC 0.9"));
        assertThat(profile.get("leakage").get("shared_rows").get("by").asText()).isEqualTo("TIME");
    }

    @Test
    void looksAtOneDatasetOfAPipeline_andKnowsWhatItsContractSays() throws IOException {
        JsonNode leakage = Invocation.of(
                        "data",
                        "profile",
                        pipeline("paid", ", bank: {known_after: 2d}", ""),
                        "--dataset",
                        "orders",
                        "--output",
                        page,
                        "--json")
                .exits(ExitCode.DONE)
                .json()
                .get("profile")
                .get("leakage");
        assertThat(leakage.get("label").asText()).isEqualTo("paid");
        assertThat(leakage.get("warnings").findValuesAsText("message"))
                .contains(
                        "bank is known only 2d after its row, as its contract says: a prediction made with the row can't use"
                                + " it.");
        assertThat(Invocation.of("data", "profile", folder.resolve("paid.yaml"), "--dataset", "ordres")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("--dataset: ordres (expected: a dataset of the file). Did you mean 'orders'?");
    }

    @Test
    void looksAtAVersionInTheHome() throws IOException {
        Path home = folder.resolve("home");
        Invocation.in(home, "run", pipeline("paid")).exits(ExitCode.DONE);
        Invocation.in(home, "data", "profile", "orders@v1", "--label", "paid", "--output", page)
                .exits(ExitCode.DONE);
        assertThat(Files.readString(page)).contains("<h1>orders@v1</h1>", "bank: far above the rest");
        assertThat(Invocation.in(home, "data", "profile", "ordrs")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("Did you mean 'orders'?");
    }

    @Test
    void refusesWhatItCannotRead() {
        assertThat(Invocation.of("data", "profile", folder.resolve("absent.csv"))
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("absent.csv (expected: a file that exists)");
        assertThat(Invocation.of("data", "profile", data, "--label", "payd", "--output", page)
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("--label: payd (expected: a column of the data). Did you mean 'paid'?");
        assertThat(Invocation.of("data", "profile", data, "--dataset", "x")
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("--dataset: " + data + " is no pipeline file (expected: one that ends in .yaml).");
        assertThat(Invocation.of("data", "profile", data, "--test", data)
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("--test: says nothing without a label (expected: --label COLUMN beside it).");
        assertThat(page).doesNotExist();
    }

    @Test
    void writesOverAPageOnly() throws IOException {
        Invocation.of("data", "profile", data, "--output", page).exits(ExitCode.DONE);
        Invocation.of("data", "profile", data, "--output", page).exits(ExitCode.DONE);
        String before = Files.readString(data);
        assertThat(Invocation.of("data", "profile", data, "--output", data)
                        .exits(ExitCode.WRONG_INPUT)
                        .err())
                .contains("--output: " + data + " is there and no page (expected: a new file, or an earlier page).");
        assertThat(Files.readString(data)).isEqualTo(before);
        assertThat(Invocation.of("data", "profile", data, "--output", folder.resolve("no/such/folder.html"))
                        .err())
                .contains("can't be written (expected: a file in a folder that is there, with room)");
    }
}
