package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.registry.LogBatch;
import dev.millwright.registry.Metric;
import dev.millwright.registry.ModelMetric;
import dev.millwright.registry.Registry;
import dev.millwright.registry.TrackedRun;
import dev.millwright.web.Client.Answer;
import dev.millwright.web.page.Paths;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list of runs over a home with a search of 60 trials, and 70 runs beside it. */
final class RunSearchTest {
    private static final Pattern NAME =
            Pattern.compile("<td class=\"level-\\d\">\\s*<a href=\"/runs/[0-9a-f]+\">([^<]+)</a>");
    private static final Pattern NEXT = Pattern.compile("<a href=\"([^\"]+)\" rel=\"next\"");

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;
    private static String search;
    private static String experiment;

    @BeforeAll
    static void logRuns() {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        Registry registry = home.registry();
        experiment = registry.experiments().create("tuning").id();
        search = log(experiment, "search", 0, Map.of("learner", "forest"), Map.of());
        for (int i = 0; i < 60; i++) {
            log(
                    experiment,
                    "trial-" + i,
                    0.5 + i / 200.0,
                    Map.of("depth", Integer.toString(i)),
                    Map.of(TrackedRun.PARENT_TAG, search));
        }
        for (int i = 0; i < 70; i++) {
            log("0", "single-" + i, 0.3, Map.of("a key", "x" + i), Map.of("team", "risk"));
        }
    }

    private static String log(
            String experiment, String name, double auc, Map<String, String> params, Map<String, String> tags) {
        Instant now = home.services().clock().instant();
        String id = home.registry()
                .tracking()
                .create(new TrackedRun(experiment, name, "ana", now, tags))
                .id();
        home.registry()
                .tracking()
                .log(id, new LogBatch(List.of(ModelMetric.of(new Metric("auc", auc, now, 0))), params, Map.of()));
        return id;
    }

    @AfterAll
    static void close() {
        home.close();
    }

    private static String page(String address) throws Exception {
        Answer answer = client.page(address);
        assertThat(answer.status()).as(address + answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static List<String> names(String page) {
        return NAME.matcher(page).results().map(match -> match.group(1)).toList();
    }

    private static String filtered(String filter) {
        return "/runs?kind=all&filter=" + Paths.part(filter);
    }

    @Test
    void aFilter_isAnsweredFromAllRuns() throws Exception {
        assertThat(names(page(filtered("metrics.auc > 0.78 and params.depth != '57'"))))
                .containsExactly("trial-59", "trial-58");
        assertThat(names(page(filtered("params.`a key` = 'x12'")))).containsExactly("single-12");
        assertThat(names(page(filtered("metrics.auc > 0.2") + "&experiment=" + experiment)))
                .hasSize(50)
                .allMatch(name -> name.startsWith("trial-"));
        assertThat(page(filtered("metrics.auc > 0.99"))).contains("No run fits.");
    }

    @Test
    void aMistake_isShownUnderTheFilter_withItsPlace_andTheFilterIsKept() throws Exception {
        Answer answer = client.page(filtered("metrics.auc >> 3 and params.x = '<b>'"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .contains("value=\"metrics.auc >> 3 and params.x = &#39;&lt;b>&#39;\"")
                .contains("role=\"alert\">'&gt;&gt;' at 13 (expected: a comparator")
                .contains("aria-invalid=\"true\"", "\n            ^</pre>")
                .doesNotContain("<b>'</pre>");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "filter=auc+%3E+1 | expected: an attribute of runs",
                "filter=metrik.auc+%3E+1 | Did you mean",
                "order=metrik.auc | Did you mean",
                "order=metrics.auc+sideways | order_by",
                "filter=metrics.auc+%3E+0&after=odd | Invalid page token",
                "after=odd | page cursor",
            })
    void otherMistakes_areShownOnThePageToo(String query, String says) throws Exception {
        Answer answer = client.page("/runs?" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("<h1>Runs</h1>", "role=\"alert\"", says);
    }

    @Test
    void pages_holdFiftyRuns_andTogetherEachOnce() throws Exception {
        for (String first : List.of("/runs", "/runs?order=metrics.auc%20desc", filtered("metrics.auc > 0.1"))) {
            Set<String> seen = new LinkedHashSet<>();
            int runs = 0;
            String address = first;
            while (!address.isEmpty()) {
                String page = page(address);
                List<String> names = names(page);
                assertThat(names).hasSizeLessThanOrEqualTo(50);
                runs += names.size();
                seen.addAll(names);
                address = NEXT.matcher(page)
                        .results()
                        .findFirst()
                        .map(match -> match.group(1).replace("&amp;", "&"))
                        .orElse("");
            }
            assertThat(seen)
                    .as(first)
                    .hasSize(runs)
                    .hasSize(first.equals("/runs") || first.contains("order") ? 71 : 130);
        }
    }

    @Test
    void columns_areShown_andTheirHeadsSort() throws Exception {
        String page = page("/runs?kind=all&cols=metrics.auc,params.depth,tags.team&order=metrics.auc%20desc");
        assertThat(names(page)).startsWith("trial-59", "trial-58", "trial-57");
        assertThat(page)
                .contains("<td class=\"cell num\">0.7950</td>", "<td class=\"cell num\">59</td>")
                .contains("aria-sort=\"descending\"><a href=\"/runs?kind=all&amp;order=metrics.auc%20asc&amp;cols=")
                .contains("value=\"params.depth\" checked");
        assertThat(names(page("/runs?kind=all&cols=metrics.auc&order=metrics.auc%20asc")))
                .startsWith("search");
        assertThat(names(page("/runs?kind=all&order=attributes.run_name"))).startsWith("search", "single-0");
    }

    @Test
    void metricsThatMostRunsLogged_areColumnsToBeginWith() throws Exception {
        assertThat(page("/runs")).contains("cols=metrics.auc", "<td class=\"cell num\">0.3000</td>");
        assertThat(page("/runs/keys?prefix=parentRun")).contains("tags.mlflow.parentRunId");
        assertThat(page("/runs")).doesNotContain("value=\"tags.mlflow.parentRunId\"");
    }

    @Test
    void whatTheFormSends_becomesAnAddressWithoutWhatSaysNothing() throws Exception {
        Answer answer = client.page("/runs?filter=metrics.auc+%3E+0&experiment=&status=&kind=outermost&cols=metrics.auc"
                + "&cols=params.a+key,%20loss&cols=");
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("location"))
                .isEqualTo("/runs?filter=metrics.auc%20%3E%200&cols=metrics.auc,params.%60a%20key%60,metrics.loss");
    }

    @Test
    void runsWithinOthers_areFolded_andComeWhenAskedFor() throws Exception {
        String page = page("/runs?experiment=" + experiment + "&cols=metrics.auc");
        assertThat(names(page)).containsExactly("search");
        assertThat(page).contains("<span class=\"count\">60</span>");
        String children = page("/runs/" + search + "/children?level=1&cols=metrics.auc&order=metrics.auc%20desc");
        assertThat(children)
                .doesNotContain("<html")
                .contains("data-under=\"" + search + "\"", "level-1", "0.7950", "More within");
        assertThat(names(children)).hasSize(50).startsWith("trial-59", "trial-58");
    }

    private static List<String> keys(String query) throws Exception {
        JsonNode keys = client.get("/runs/keys?" + query).json().path("keys");
        List<String> names = new ArrayList<>();
        keys.forEach(key -> names.add(key.path("name").asText()));
        return names;
    }

    @Test
    void names_areCompleted() throws Exception {
        assertThat(keys("prefix=metrics.a")).startsWith("metrics.auc");
        assertThat(keys("prefix=dep")).containsExactly("params.depth");
        assertThat(keys("prefix=params.%60a")).startsWith("params.`a key`");
        assertThat(keys("prefix=stat")).containsExactly("attributes.status");
        assertThat(keys("prefix=zzz")).isEmpty();
        assertThat(keys("experiment=" + experiment)).startsWith("metrics.auc", "params.depth");
        assertThat(keys("")).contains("tags.team").hasSizeLessThanOrEqualTo(20);
    }
}
