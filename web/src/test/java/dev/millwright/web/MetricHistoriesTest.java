package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.registry.Metric;
import dev.millwright.registry.Run;
import dev.millwright.web.Client.Answer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What charts are fed with. */
final class MetricHistoriesTest {
    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;
    private static LoggedRuns logged;

    @BeforeAll
    static void start() {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        logged = new LoggedRuns(home.registry());
    }

    @AfterAll
    static void close() {
        home.close();
    }

    @Test
    void severalRunsAndKeys_comeInTheOrderAskedFor_withStepsTimesAndValues() throws Exception {
        List<Run> runs = logged.train(3, 40);
        JsonNode series = client.get("/runs/metrics?runs=" + LoggedRuns.ids(runs.reversed()) + "&key=loss&key=accuracy")
                .json()
                .path("series");
        assertThat(series).hasSize(6);
        JsonNode first = series.get(0);
        assertThat(first.path("run").asText()).isEqualTo(runs.getLast().id());
        assertThat(first.path("key").asText()).isEqualTo("loss");
        assertThat(first.path("total").asInt()).isEqualTo(40);
        assertThat(first.path("steps")).hasSize(40);
        assertThat(first.path("steps").get(39).asInt()).isEqualTo(39);
        assertThat(first.path("times").get(1).asLong())
                .isEqualTo(Instant.parse("2026-11-21T10:00:02Z").toEpochMilli());
        assertThat(first.path("values").get(0).asDouble()).isBetween(1.9, 2.1);
    }

    @Test
    void aRunWithoutTheMetric_isLeftOut_andWhatIsNoNumber_isNull() throws Exception {
        Run run = logged.start("breaks");
        logged.log(run, "loss", 1, Double.NaN, Double.POSITIVE_INFINITY, 2);
        Run other = logged.start("empty");
        JsonNode series = client.get("/runs/metrics?runs=" + run.id() + "," + other.id() + "&key=loss")
                .json()
                .path("series");
        assertThat(series).hasSize(1);
        assertThat(series.get(0).path("values").toString()).isEqualTo("[1.0,null,null,2.0]");
    }

    @Test
    void aLongHistory_isThinned_andKeepsItsEndsAndPeaks() {
        List<Metric> history = IntStream.range(0, 25_000)
                .mapToObj(step -> new Metric(
                        "loss",
                        step == 12_345 ? 99 : step == 20_001 ? -7 : Math.sin(step / 100.0),
                        Instant.ofEpochSecond(step),
                        step))
                .toList();
        List<Metric> thinned = MetricHistories.thinned(history, MetricHistories.MOST_POINTS);
        assertThat(thinned).hasSizeBetween(900, 1_000).isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
        assertThat(thinned.getFirst().step()).isZero();
        assertThat(thinned.getLast().step()).isEqualTo(24_999);
        assertThat(thinned).extracting(Metric::value).contains(99.0, -7.0);
        assertThat(MetricHistories.thinned(history.subList(0, 1_000), 1_000)).hasSize(1_000);
    }

    @Test
    void aStretchWithoutNumbers_staysAsAGap() {
        List<Metric> history = IntStream.range(0, 5_000)
                .mapToObj(step -> new Metric("loss", Double.NaN, Instant.ofEpochSecond(step), step))
                .toList();
        assertThat(MetricHistories.thinned(history, 100)).hasSize(51).allMatch(metric -> Double.isNaN(metric.value()));
    }

    @Test
    void whatIsTooMuchOrNothing_isRefused_withTheBound() throws Exception {
        refuses("?key=loss", "runs: 0 given (expected: 1 to 50)");
        refuses("?runs=a", "key: 0 given (expected: 1 to 50)");
        refuses("?key=loss&runs=" + numbered("r", 51), "runs: 51 given (expected: 1 to 50)");
        refuses(
                "?runs=" + numbered("r", 50) + "&key=a&key=b&key=c&key=d&key=e&key=f",
                "key: 6 for 50 runs (expected: at most 250 histories)");
        assertThat(client.get("/runs/metrics?runs=nobody&key=loss").status()).isEqualTo(404);
    }

    private static void refuses(String query, String says) throws Exception {
        Answer answer = client.get("/runs/metrics" + query);
        assertThat(answer.status()).as(query).isEqualTo(400);
        assertThat(answer.json().path("error").asText()).contains(says);
    }

    private static String numbered(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + i).collect(Collectors.joining(","));
    }
}
