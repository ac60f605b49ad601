package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Expectations of one source that refer to another, from the pipeline file to the outcome of a run. */
class ReferencesTest {
    @TempDir
    private Path folder;

    private Workbench home;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        home.write(
                "orders.csv",
                IntStream.range(0, 60)
                        .mapToObj(i -> "o%d,%d,%d,%s".formatted(i, i % 6, i % 9, i % 2 == 0 ? "yes" : "no"))
                        .collect(Collectors.joining("\n", "id,shop,items,late\n", "\n")));
        shops(6);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private void shops(int count) {
        home.write(
                "shops.csv",
                IntStream.range(0, count)
                        .mapToObj(i -> i + "," + i * 10)
                        .collect(Collectors.joining("\n", "id,size\n", "\n")));
    }

    /** Orders come first in the file, and refer to the shops. */
    private static String pipeline(String orders, String shops) {
        return """
                pipeline: orders
                data:
                  orders:
                    from: orders.csv
                    expect: [%s]
                  shops: {from: %s}
                features: {entity: id, sql: "SELECT id, items FROM orders"}
                label: late
                train: {learners: [logistic_regression]}
                """.formatted(orders, shops);
    }

    private static final String STRICT = pipeline("shop in shops.id", "shops.csv");

    private List<String> problems(String text) {
        return catchThrowableOfType(InvalidInputException.class, () -> home.runs.check(home.request(text, Map.of())))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void readsATableAfterThoseThatItRefersTo() {
        Outcome outcome = home.run(STRICT);
        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.summary().datasets())
                .containsExactly(
                        new RunSummary.Dataset("shops", 1, 6, 6, 0), new RunSummary.Dataset("orders", 1, 60, 60, 0));

        assertThat(home.run(STRICT).summary().reused()).contains("ingest shops", "ingest orders", "features");
    }

    @Test
    void readsATableAgain_whenOneThatItRefersToChanged() {
        home.run(STRICT);
        shops(4);

        Outcome fewer = home.run(STRICT);

        assertThat(fewer.failure()).isEmpty();
        assertThat(fewer.summary().datasets())
                .containsExactly(
                        new RunSummary.Dataset("shops", 2, 4, 4, 0), new RunSummary.Dataset("orders", 2, 60, 40, 20));
        shops(6);
        assertThat(home.run(STRICT).summary().reused()).contains("ingest shops", "ingest orders", "features");
    }

    @Test
    void refusesARunWhoseRowsHaveNoPartner_andSaysWhich() {
        shops(5);
        Outcome refused = home.run(pipeline("{check: shop in shops.id, severity: fail}", "shops.csv"));

        assertThat(refused.summary().error())
                .get()
                .asString()
                .startsWith(
                        "orders: 'shop in shops.id' does not hold: 10 rows, e.g. 5 (line 7), 5 (line 13), 5 (line 19)");
        assertThat(home.lake.versions("shops")).hasSize(1);
        assertThat(home.lake.versions("orders")).isEmpty();

        Outcome warned = home.run(pipeline("{check: share(shop in shops.id) >= 90%, severity: warn}", "shops.csv"));
        assertThat(warned.failure()).isEmpty();
        assertThat(warned.summary().reused()).containsExactly("ingest shops");
        assertThat(warned.summary().warnings())
                .containsExactly("orders: 'share(shop in shops.id) >= 90%' does not hold: 83.3333%");
    }

    @Test
    void refersToAVersionThatWasReadBefore() {
        home.run(STRICT);
        shops(2);
        home.run(STRICT);

        Outcome outcome = home.run(pipeline("shop in shops.id", "'dataset:shops@v1'"));

        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.summary().datasets())
                .extracting(RunSummary.Dataset::name, RunSummary.Dataset::rows)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("shops", 6L),
                        org.assertj.core.groups.Tuple.tuple("orders", 60L));
    }

    @Test
    void findsMistakesInReferences() {
        assertThat(problems(pipeline("shop in shps.id", "shops.csv")))
                .containsExactly(
                        "pipeline.yaml:5:22: expect 'shop in shps.id': 'shps' (expected: a table of data:). Did"
                                + " you mean 'shops'?");
        assertThat(problems(pipeline("shop in shops.size2", "shops.csv")))
                .containsExactly(
                        "pipeline.yaml:5:28: expect 'shop in shops.size2': 'size2' (expected: a column of shops)."
                                + " Did you mean 'size'?");
        // Of a table that isn't there, only that is said.
        assertThat(problems(pipeline("shop in shops.id", "shop.csv")))
                .singleElement()
                .asString()
                .startsWith("pipeline.yaml:6:17: ")
                .endsWith("Did you mean 'shops.csv'?");
    }

    @Test
    void refusesACircle() {
        assertThat(problems(pipeline("shop in shops.id", "shops.csv, expect: [id in orders.shop]")))
                .containsExactly(
                        "pipeline.yaml:6:37: expect 'id in orders.shop': orders refers to shops, which refers to"
                                + " orders (expected: no circle, for one of them has to be read first). Leave one reference out.");
        assertThat(home.run(pipeline("items in orders.items", "shops.csv")).failure())
                .isEmpty();
    }
}
