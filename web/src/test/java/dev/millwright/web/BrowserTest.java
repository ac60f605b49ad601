package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.pipelines.RolloutDesk;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main pages in a real browser, on a desktop and on a phone. */
final class BrowserTest {
    // What a browser leaves behind as it ends must not fail the test.
    @TempDir(cleanup = CleanupMode.NEVER)
    private static Path profile;

    @TempDir
    private static Path folder;

    private static Visit visit;
    private static SmallHome home;
    private static Browser browser;
    private static String firstRun;
    private static String secondRun;

    @BeforeAll
    static void openBrowser() throws Exception {
        visit = new Visit(folder, profile);
        home = visit.home();
        browser = visit.browser();
        firstRun = home.run(1.0);
        Client client = Client.of(home.url());
        for (int i = 0; i < 150; i++) {
            client.post(
                    "/endpoints/visits/events",
                    "{\"age\": " + (60 + i % 10) + ", \"plan\": \"plus\", \"spend\": " + i % 100 + "}");
        }
        home.judge();
        secondRun = home.run(0.01);
    }

    @AfterAll
    static void close() {
        if (visit != null) {
            visit.close();
        }
    }

    @ParameterizedTest(name = "{0} px wide")
    @ValueSource(ints = {1280, 390})
    void aVisitor_goesFromTheOverviewToAPrediction_aRun_aComparisonAndTheMonitor(int width) throws Exception {
        browser.resize(width, 900);
        browser.open(home.url() + "/");
        assertThat(browser.awaitText(".endpoint h2")).isEqualTo("visits");
        visit.fits(width, "overview");

        browser.follow(".endpoint h2 a");
        assertThat(browser.awaitText("h1")).isEqualTo("visits");
        assertThat(browser.awaitText(".stages .now")).contains("25");
        visit.fits(width, "endpoint");
        browser.click("form.try button");
        assertThat(browser.awaitText("#answer .headline")).isIn("true", "false");
        assertThat(browser.awaitText("#answer .bars")).contains("%");
        visit.fits(width, "answer");

        browser.open(home.url() + "/runs/" + firstRun);
        assertThat(browser.awaitText(".steps")).contains("ingest customers", "deploy");
        visit.fits(width, "run");

        browser.open(home.url() + "/runs");
        assertThat(browser.evaluate("document.querySelector('[data-needs-two]').disabled")
                        .asBoolean())
                .isTrue();
        visit.fits(width, "runs");
        browser.evaluate("document.querySelectorAll('input[name=run]').forEach(box => box.click())");
        browser.follow("[data-needs-two]");
        assertThat(browser.awaitText("h1")).isEqualTo("Compare 2 runs");
        assertThat(browser.awaitText("main"))
                .contains("roc_auc", firstRun.substring(0, 12), secondRun.substring(0, 12));
        visit.fits(width, "comparison");

        browser.open(home.url() + "/endpoints/visits/monitor");
        assertThat(browser.awaitText(".cards.drift")).contains("age", "PSI");
        assertThat(browser.evaluate("document.querySelectorAll('svg.chart .threshold').length")
                        .asInt())
                .isGreaterThanOrEqualTo(4);
        visit.fits(width, "monitor");

        browser.open(home.url() + "/models/visits/versions/1");
        browser.evaluate("document.querySelector('iframe').scrollIntoView()");
        assertThat(browser.awaitText(".lineage")).contains("customers v1", "visits 1.0.0");
        visit.fits(width, "model version");
        for (String path : new String[] {
            "/datasets", "/datasets/customers", "/models", "/models/visits", "/endpoints", "/timeline", "/events"
        }) {
            browser.open(home.url() + path);
            visit.fits(width, path);
        }
        assertThat(browser.complaints()).as("what the console says").isEmpty();
    }

    @ParameterizedTest(name = "{0} px wide")
    @ValueSource(ints = {1280, 390})
    void aVisitor_findsRunsByKeyboard_sortsThem_choosesColumns_andUnfoldsThem(int width) throws Exception {
        browser.resize(width, 900);
        browser.open(home.url() + "/runs");
        browser.evaluate("document.getElementById('filter').focus()");
        browser.type("metrics.TEST_ROC");
        assertThat(browser.awaitText("#filter-names li")).contains("metrics.test_roc_auc");
        visit.fits(width, "completions");
        assertThat(attribute("#filter", "aria-expanded")).isEqualTo("true");
        browser.press("Escape");
        assertThat(attribute("#filter", "aria-expanded")).isEqualTo("false");
        browser.press("ArrowDown");
        browser.awaitText("#filter-names li");
        browser.press("ArrowDown");
        assertThat(attribute("#filter", "aria-activedescendant")).isEqualTo("filter-names-0");
        browser.press("Tab");
        assertThat(value("#filter")).isEqualTo("metrics.test_roc_auc ");
        browser.type("> 0.6 and met");
        browser.awaitText("#filter-names li");
        browser.press("ArrowUp");
        browser.press("Enter");
        assertThat(value("#filter")).startsWith("metrics.test_roc_auc > 0.6 and metrics.");
        browser.evaluate("document.getElementById('filter').value = 'metrics.test_roc_auc > 0.6'");
        browser.enter();
        assertThat(browser.evaluate("location.search").asText()).isEqualTo("?filter=metrics.test_roc_auc%20%3E%200.6");
        visit.fits(width, "filtered runs");

        browser.click(".choose summary");
        browser.click("input[name=cols][value='metrics.test_roc_auc']");
        visit.fits(width, "columns");
        browser.follow(".choose button");
        assertThat(browser.awaitText(".runs thead")).contains("test_roc_auc");
        browser.follow("th.sorts:nth-of-type(5) a");
        assertThat(attribute("th.sorts:nth-of-type(5)", "aria-sort")).isEqualTo("descending");
        browser.follow("th.sorts:nth-of-type(5) a");
        assertThat(attribute("th.sorts:nth-of-type(5)", "aria-sort")).isEqualTo("ascending");

        String toggle = "[data-fold='" + firstRun + "']";
        browser.evaluate("document.querySelector(\"" + toggle + "\").focus()");
        browser.press(" ");
        assertThat(browser.awaitText("tr[data-under='" + firstRun + "']")).contains("finished");
        assertThat(attribute(toggle, "aria-expanded")).isEqualTo("true");
        visit.fits(width, "unfolded runs");
        browser.press(" ");
        assertThat(browser.evaluate("document.querySelector('tr[data-under=\"" + firstRun + "\"]').hidden")
                        .asBoolean())
                .isTrue();
        assertThat(browser.complaints()).as("what the console says").isEmpty();
    }

    @Test
    void aDecisionAppearsByItself_andWhatSomebodyReadsStaysOpen() throws Exception {
        browser.resize(1280, 900);
        browser.open(home.url() + "/endpoints/visits");
        assertThat(browser.awaitText("#decisions details[open] p")).isNotEmpty();
        browser.click("#decisions details:nth-of-type(2) summary");
        String read = attribute("#decisions details:nth-of-type(2)", "id");
        browser.evaluate("window.seen = document.querySelector('#decisions')");

        browser.evaluate("document.addEventListener('htmx:afterSettle', () => window.refreshed = true)");
        browser.await("window.refreshed");
        assertThat(browser.evaluate("window.seen.isConnected").asBoolean())
                .as("nothing new, nothing touched")
                .isTrue();

        RolloutDesk rollouts = home.services().deployments().rollouts();
        rollouts.steer("visits", RolloutDesk.Steering.PAUSE, "noticed by ana");

        browser.await("document.querySelector('#decisions').innerText.includes('noticed by ana')");
        assertThat(browser.awaitText("#decisions details[open] p")).isEqualTo("noticed by ana");
        assertThat(browser.evaluate("document.getElementById('" + read + "').open")
                        .asBoolean())
                .isTrue();
        rollouts.steer("visits", RolloutDesk.Steering.RESUME, "looked into");
        assertThat(browser.complaints()).as("what the console says").isEmpty();
    }

    private static String attribute(String selector, String name) throws Exception {
        return browser.evaluate("document.querySelector(\"" + selector + "\").getAttribute('" + name + "')")
                .asText();
    }

    private static String value(String selector) throws Exception {
        return browser.evaluate("document.querySelector('" + selector + "').value")
                .asText();
    }
}
