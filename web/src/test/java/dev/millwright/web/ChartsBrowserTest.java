package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.registry.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The charts and previews of runs in a real browser, on a desktop and on a phone. */
final class ChartsBrowserTest {
    private static final int RUNS = 12;

    // What a browser leaves behind as it ends must not fail the test.
    @TempDir(cleanup = CleanupMode.NEVER)
    private static Path profile;

    @TempDir
    private static Path folder;

    private static Visit visit;
    private static SmallHome home;
    private static Browser browser;
    private static List<Run> runs;
    private static String compare;

    @BeforeAll
    static void openBrowser() throws Exception {
        visit = new Visit(folder, profile);
        home = visit.home();
        browser = visit.browser();
        LoggedRuns logged = new LoggedRuns(home.registry());
        runs = logged.train(RUNS, 120);
        Run first = runs.getFirst();
        logged.send(first, "data/rows.csv", "id,text\n1,one\n");
        logged.send(first, "page.html", "<p>seen</p><script>document.title = 'run'</script>");
        logged.send(
                first,
                "pic.svg",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><script>alert(1)</script>"
                        + "<rect width=\"40\" height=\"20\"/></svg>");
        compare = home.url() + "/runs/compare?"
                + runs.stream().map(run -> "run=" + run.id()).collect(Collectors.joining("&"));
    }

    @AfterAll
    static void close() {
        if (visit != null) {
            visit.close();
        }
    }

    @ParameterizedTest(name = "{0} px wide")
    @ValueSource(ints = {1280, 390})
    void curves_areSmoothedPutOnALogAxisAndZoomed_andTheAddressKeepsIt(int width) throws Exception {
        browser.resize(width, 900);
        browser.open(compare + "&metric=loss");
        browser.await("document.querySelectorAll('.plot path.curve').length === " + RUNS);
        visit.fits(width, "curves");
        String before = attribute(".plot path.curve", "d");

        set("input[name=smooth]", "0.8");
        browser.await("document.querySelectorAll('.plot path.curve.raw').length === " + RUNS);
        browser.click("input[name=log]");
        browser.await("document.querySelector('.plot').textContent.includes('loss (log)')");
        assertThat(search()).contains("smooth=0.8", "log=1", "metric=loss");

        assertThat(bool("document.querySelector('[data-reset]').disabled")).isTrue();
        browser.drag(".plot svg", 0.4, 0.5, 0.6, 0.5);
        browser.await("!document.querySelector('[data-reset]').disabled");
        browser.evaluate("document.querySelector('.plot svg').focus()");
        browser.press("Escape");
        browser.await("document.querySelector('[data-reset]').disabled");
        browser.press("ArrowRight");
        assertThat(browser.awaitText(".tip")).contains("step", "net-");

        browser.open(browser.evaluate("location.href").asText());
        browser.await("document.querySelectorAll('.plot path.curve.raw').length === " + RUNS);
        assertThat(attribute(".plot path.curve:not(.raw)", "d")).isNotEqualTo(before);

        browser.click(".key button");
        browser.await("document.querySelectorAll('.plot path.curve.raw').length === " + (RUNS - 1));
        set("select[name=metric]", "accuracy");
        assertThat(browser.awaitText("figcaption b")).isEqualTo("accuracy");
        browser.click("figure details summary");
        assertThat(browser.awaitText("figure table tbody")).contains("net-1", "120");
        visit.fits(width, "curves with their table");
        assertThat(browser.complaints()).as("what the console says").isEmpty();
    }

    @ParameterizedTest(name = "{0} px wide")
    @ValueSource(ints = {1280, 390})
    void aStretchOfAnAxis_keepsTheRunsThatPassIt_byMouseAndByKeyboard(int width) throws Exception {
        browser.resize(width, 900);
        browser.open(compare + "&view=parallel&metric=accuracy");
        assertThat(browser.awaitText("[data-count]")).isEqualTo("12 of 12 runs");
        assertThat(browser.awaitText(".ramp")).contains("accuracy");
        visit.fits(width, "parallel coordinates");

        // The axis of the optimiser has sgd, of every third run, above adam.
        String axis = "[data-axis='params.optimizer']";
        browser.drag(axis + " .reach", 0.5, 0.05, 0.5, 0.45);
        browser.await("document.querySelector('[data-count]').textContent === '4 of 12 runs'");
        assertThat(browser.evaluate("[...document.querySelectorAll('tbody tr')].filter(row => !row.hidden).length")
                        .asInt())
                .isEqualTo(4);
        browser.click("[data-reset]");
        browser.await("document.querySelector('[data-count]').textContent === '12 of 12 runs'");
        browser.evaluate("document.querySelector(\"" + axis + "\").focus()");
        browser.press("Enter");
        browser.await("document.querySelector('[data-count]').textContent === '4 of 12 runs'");
        browser.press("Escape");
        browser.await("document.querySelector('[data-count]').textContent === '12 of 12 runs'");

        browser.click("input[name=axis][value='metrics.loss']");
        browser.await("document.querySelector(\"[data-axis='metrics.loss']\") !== null");
        assertThat(search()).contains("axis=metrics.loss", "axis=params.lr");
        assertThat(browser.complaints()).as("what the console says").isEmpty();
    }

    @ParameterizedTest(name = "{0} px wide")
    @ValueSource(ints = {1280, 390})
    void aScatter_hasALinkForEachRun_andItsAxesAreChosen(int width) throws Exception {
        browser.resize(width, 900);
        browser.open(compare + "&view=scatter&x=params.lr&y=metrics.loss");
        browser.await("document.querySelectorAll('.scatter a').length === " + RUNS);
        String linear = attribute(".scatter a:nth-child(2) .mark", "cx");
        browser.click("input[name=logx]");
        browser.await("document.querySelector('.scatter').textContent.includes('lr (log)')");
        assertThat(attribute(".scatter a:nth-child(2) .mark", "cx")).isNotEqualTo(linear);
        set("select[name=y]", "params.optimizer");
        browser.await("document.querySelector('.scatter').textContent.includes('sgd')");
        assertThat(search()).contains("logx=1", "y=params.optimizer");
        visit.fits(width, "scatter");
        browser.open(compare + "&view=params");
        assertThat(browser.awaitText(".params table")).contains("differs:").doesNotContain("epochs");
        browser.click(".params .all");
        assertThat(browser.awaitText(".params table")).contains("epochs");
        visit.fits(width, "values");
        assertThat(browser.complaints()).as("what the console says").isEmpty();
    }

    @ParameterizedTest(name = "{0} px wide")
    @ValueSource(ints = {1280, 390})
    void theRunPage_drawsItsMetrics_andShowsItsFiles_withoutTheirScripts(int width) throws Exception {
        browser.resize(width, 900);
        browser.open(home.url() + "/runs/" + runs.getFirst().id());
        browser.await("document.querySelectorAll('.small-charts path.curve').length === 2");
        visit.fits(width, "run");

        browser.click(".tree summary");
        browser.await("document.querySelector('.tree .tree a') !== null");
        browser.click(".tree .tree a");
        assertThat(browser.awaitText("#preview td")).isEqualTo("1");
        assertThat(search()).contains("file=data%2Frows.csv");
        visit.fits(width, "table");

        browser.open(home.url() + "/runs/" + runs.getFirst().id() + "?file=pic.svg");
        browser.await("document.querySelector('.picture').naturalWidth === 40");
        assertThat(browser.complaints()).as("what the console says").isEmpty();
    }

    @ParameterizedTest(name = "{0} px wide")
    @ValueSource(ints = {1280, 390})
    void linksThatMlflowsClientsPrint_leadToOurPages(int width) throws Exception {
        browser.resize(width, 900);
        Run run = runs.getFirst();
        for (String link : List.of(
                "/#/experiments/" + run.experimentId() + "/runs/" + run.id(), "/#/experiments/" + run.experimentId())) {
            browser.open("about:blank");
            browser.open(home.url() + link);
            browser.await("location.pathname !== '/' && document.querySelector('h1') !== null");
            assertThat(browser.evaluate("location.pathname + location.search").asText())
                    .isEqualTo(link.contains("runs") ? "/runs/" + run.id() : "/runs?experiment=" + run.experimentId());
        }
    }

    private static void set(String selector, String value) throws Exception {
        browser.evaluate("(() => { const field = document.querySelector(\"" + selector + "\"); field.value = '" + value
                + "'; field.dispatchEvent(new Event('input', {bubbles: true})); })()");
    }

    private static String attribute(String selector, String name) throws Exception {
        return browser.evaluate("document.querySelector(\"" + selector + "\").getAttribute('" + name + "')")
                .asText();
    }

    private static boolean bool(String expression) throws Exception {
        return browser.evaluate(expression).asBoolean();
    }

    private static String search() throws Exception {
        return browser.evaluate("location.search").asText();
    }
}
