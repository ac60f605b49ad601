package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.RunListener;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.web.page.Paths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataset that changed twice, with what was expected of it; a column and some values are hostile. */
final class DatasetPagesTest {
    private static final String HOSTILE = "<script>alert(1)</script>";
    private static final String PIPELINE = """
            pipeline: trips
            data:
              trips:
                from: trips.csv
                schema:
                  fare: {type: double, unit: EUR, required: true}
                  '<script>alert(1)</script>': {type: bigint, personal: true}
                expect:
                  - kind in ('day', 'night')
                  - {check: avg(fare) <= %s, severity: warn}
                  - rows >= 50%% of previous
            features: {sql: "SELECT fare, kind FROM trips"}
            label: late = 'yes'
            train:
              split: {by: random, test: 20%%, validation: 20%% of the rest}
              learners: [logistic_regression]
              metric: roc_auc
            """;

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;

    @BeforeAll
    static void run() throws Exception {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        run(100, "day", 60);
        run(120, "<img src=x>", 60);
        run(140, "<img src=x>", 40);
    }

    @AfterAll
    static void close() {
        home.close();
    }

    private static void run(int rows, String third, int most) throws Exception {
        Files.writeString(
                folder.resolve("trips.csv"),
                IntStream.range(0, rows)
                        .mapToObj(i -> "%d,%s,%d,%s"
                                .formatted(i % 97, i % 30 == 3 ? third : "day", i, i % 7 < 3 ? "yes" : "no"))
                        .collect(Collectors.joining("\n", "fare,kind," + HOSTILE + ",late\n", "\n")));
        Outcome outcome = home.services()
                .runs()
                .submit(new RunRequest("trips.yaml", folder, PIPELINE.formatted(most), Map.of()), RunListener.NONE)
                .outcome()
                .get();
        if (outcome.failure().isPresent()) {
            throw outcome.failure().get();
        }
    }

    private static String page(String path) throws Exception {
        Client.Answer answer = client.page(path);
        assertThat(answer.status()).as(path + answer.body()).isEqualTo(200);
        assertThat(answer.body()).as(path).doesNotContain("<script>alert", "<img src=x");
        return answer.body().replaceAll("\\s+", " ");
    }

    @Test
    void theList_hasTheNewestVersion_andWhetherItWasAsExpected() throws Exception {
        assertThat(page("/datasets"))
                .contains("href=\"/datasets/trips\"", ">v3<", "1 of 4 not met", "<td class=\"num\">5</td>");
    }

    @Test
    void aDataset_showsItsNewestVersion_itsColumnsAndTheRowsThatWereSetAside() throws Exception {
        assertThat(page("/datasets/trips"))
                .contains("Rows by version", "v1", "v2", "v3", "Promised", "unit: EUR", "fare is not null", "personal")
                .contains("&lt;script&gt;alert(1)")
                .contains("trips.csv", "kind in ('day', 'night')")
                .contains("Where they are", "millwright data quarantine trips --version 3")
                .contains("class=\"threshold\"", "not met", "only warns", "sets rows aside");
    }

    @Test
    void aVersionAndAnExpectation_areInTheAddress() throws Exception {
        String earlier = page("/datasets/trips?version=1");
        assertThat(earlier).contains("No row was.", "Version 1", "4 met");

        String average = page("/datasets/trips?version=2&expectation=" + Paths.part("avg(fare)"));
        assertThat(average)
                .contains("id=\"expectation\"", "avg(fare) &lt;= 40", "avg(fare) &lt;= 60", "Close")
                .contains("/datasets/trips?version=3&amp;expectation=avg%28fare%29#expectation");
    }

    @Test
    void olderVersions_areAPageFurther() throws Exception {
        assertThat(page("/datasets/trips?before=3")).contains(">v2</a>").doesNotContain(">v3</a>");
    }

    @Test
    void wrongAddresses_sayWhatThereIs() throws Exception {
        assertThat(client.page("/datasets/trip").body()).contains("dataset: trip ", "Did you mean");
        assertThat(client.page("/datasets/trips?version=9").status()).isEqualTo(404);
        assertThat(client.page("/datasets/trips?version=9").body()).contains("version: 9", "from 1 to 3");
        assertThat(client.page("/datasets/trips?expectation=avg(fair)").body()).contains("expectation: avg(fair)");
        assertThat(client.page("/datasets/trips?version=x").status()).isEqualTo(400);
        assertThat(client.page("/datasets/" + Paths.part(HOSTILE)).body()).doesNotContain("<script>alert");
    }
}
