package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.core.MillwrightException;
import dev.millwright.web.Client.Answer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server over a home in which a pipeline has run twice: the second version is on its way. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HttpServerTest {
    private static final String ROW =
            "{\"inputs\": [{\"name\": \"age\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [30]},"
                    + "{\"name\": \"plan\", \"shape\": [1, 1], \"datatype\": \"BYTES\", \"data\": [\"plus\"]},"
                    + "{\"name\": \"spend\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [80.5]},"
                    + "{\"name\": \"spend_a_month\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [6.7]}], \"id\": \"mine\"}";
    private static final String EVENT = "{\"age\": 30, \"plan\": \"plus\", \"spend\": 80.5}";

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;
    private static String firstRun;
    private static String secondRun;

    @BeforeAll
    static void runTwice() throws Exception {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        firstRun = home.run(1.0);
        secondRun = home.run(0.01);
    }

    @AfterAll
    static void close() {
        home.close();
    }

    @Test
    void aRawRequest_withAForeignHost_isRefused() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), home.port())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String status = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            assertThat(status).isEqualTo("HTTP/1.1 403 Forbidden");
        }
    }

    @Test
    void aForeignOrigin_isRefused_onEveryDoor() throws Exception {
        for (String path : List.of("/v2/models/visits/infer", "/endpoints/visits/events", "/endpoints/visits/try")) {
            Answer answer = client.post(path, ROW, "Origin", "http://evil.example");
            assertThat(answer.status()).as(path).isEqualTo(403);
            assertThat(answer.json().path("error").asText()).contains("Origin: http://evil.example");
        }
        assertThat(client.get("/", "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
    }

    @Test
    void everyAnswer_tellsBrowsersToBeCareful() throws Exception {
        for (String path : List.of("/", "/api/v1/runs", "/nowhere")) {
            Answer answer = client.page(path);
            assertThat(answer.header("content-security-policy")).as(path).contains("default-src 'none'");
            assertThat(answer.header("x-content-type-options")).as(path).isEqualTo("nosniff");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/runs",
                "/api/v1/runs/resume",
                "/api/v1/runs/0/cancel",
                "/api/v1/endpoints/visits/rollback"
            })
    void whatChangesThings_needsTheToken(String path) throws Exception {
        assertThat(client.post(path, "{}").status()).isEqualTo(401);
        assertThat(client.post(path, "{}", "Authorization", "Bearer wrong").status())
                .isEqualTo(401);
        assertThat(client.get("/api/v1/runs/" + firstRun + "/events").status()).isEqualTo(401);
    }

    @Test
    void aPipelineWithMistakes_isRefused_withEachMistakeAndItsPlace() throws Exception {
        Answer answer = client.post(
                "/api/v1/runs",
                "{\"file\": \"p.yaml\", \"folder\": \"/tmp\", \"text\": \"pipeline: p\\ndata: {t: no.csv}\\nlable: x\\n\"}",
                "Authorization",
                "Bearer " + SmallHome.TOKEN);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").asText()).contains("p.yaml:");
        JsonNode problems = answer.json().path("problems");
        assertThat(problems.size()).isGreaterThan(1);
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.path("message").asText()).contains("lable");
            assertThat(problem.path("file").asText()).isEqualTo("p.yaml");
            assertThat(problem.path("line").asInt()).isEqualTo(3);
        });
    }

    @Test
    void featureRows_arePredicted_andTheClientsIdComesBack() throws Exception {
        Answer answer = client.post("/v2/models/visits/infer", ROW);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("id").asText()).isEqualTo("mine");
        assertThat(answer.json().path("model_name").asText()).isEqualTo("visits");
        assertThat(answer.json().path("outputs").findValuesAsText("name")).contains("label", "probabilities");
        JsonNode metadata = client.get("/v2/models/visits").json();
        assertThat(metadata.path("inputs").findValuesAsText("name"))
                .containsExactly("age", "plan", "spend", "spend_a_month");
        assertThat(client.get("/v2/health/live").status()).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/v2/models/visit/infer | {\"inputs\": []} | 404 | Did you mean 'visits'?",
                "/v2/models/visits/infer | {\"inputs\": [ | 400 | expected",
                "/v2/models/visits/infer | {\"inputs\": []} | 400 | age",
                "/v2/models/visits/versions/9/infer | {\"inputs\": []} | 404 | expected: one of",
                "/endpoints/nobody/events | {} | 404 | nobody",
                "/endpoints/visits/events | nonsense | 400 | body",
                "/endpoints/visits/feedback | [{\"x\": NaN}] | 400 | NaN (expected: a number, or null where it is missing)",
                "/endpoints/visits/events | 7 | 400 | expected: a JSON object",
                "/endpoints/visits/events | {\"age\": \"old\", \"plan\": \"plus\"} | 400 | age: \"old\" (expected: ",
                "/endpoints/visits/feedback | {\"prediction_id\": \"x\"} | 400 | feedback 0",
                "/endpoints/visits/feedback | {\"prediction_id\": \"x-0\", \"label\": \"maybe\"} | 400 | label: maybe (expected: one of",
                "/endpoints/nobody/feedback | {\"prediction_id\": \"x-0\", \"label\": \"true\"} | 404 | nobody",
            })
    void badRequests_sayWhatWasExpected(String path, String body, int status, String says) throws Exception {
        Answer answer = client.post(path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().path("error").asText()).contains(says);
    }

    @Test
    void tooLongABody_isToldTheLimit() throws Exception {
        Answer answer = client.post("/endpoints/visits/events", " ".repeat((32 << 20) + 1));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().path("error").asText()).contains("longer than 33554432 bytes");
    }

    @Test
    void whatIsNotThere_isAPageForBrowsers_andJsonForPrograms() throws Exception {
        for (String path : List.of("/endpoints/nobody", "/runs/nothing", "/nowhere")) {
            assertThat(client.page(path).status()).as(path).isEqualTo(404);
            assertThat(client.page(path).body()).as(path).contains("<h1>");
            assertThat(client.get(path).json().path("error").asText()).as(path).isNotEmpty();
        }
    }

    @Test
    void allThatIsWrongWithAnEvent_isToldAtOnce() throws Exception {
        Answer answer = client.post("/endpoints/visits/events", "[{\"age\": \"old\"}, {\"plan\": 3}]");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("problems").size()).isGreaterThan(3);
    }

    @Test
    void rawEvents_arePredicted_andTakeLabelsByTheirId() throws Exception {
        JsonNode answer = client.post("/endpoints/visits/events", EVENT).json();
        String id = answer.path("predictions").get(0).path("prediction_id").asText();
        assertThat(id).endsWith("-0");
        assertThat(answer.path("predictions").get(0).path("probabilities").size())
                .isEqualTo(2);
        Answer labelled =
                client.post("/endpoints/visits/feedback", "{\"prediction_id\": \"" + id + "\", \"label\": \"true\"}");
        assertThat(labelled.json().path("accepted").asInt()).isEqualTo(1);
    }

    @Test
    void everyPage_isThere() throws Exception {
        for (String path : List.of(
                "/",
                "/runs",
                "/runs?kind=all&status=finished&pipeline=visits",
                "/runs/" + firstRun,
                "/runs/compare?run=" + firstRun + "&run=" + secondRun,
                "/datasets",
                "/datasets/customers",
                "/models",
                "/models/visits",
                "/models/visits/versions/1",
                "/endpoints",
                "/endpoints/visits",
                "/endpoints/visits/monitor",
                "/timeline",
                "/timeline?endpoint=visits&at=" + Instant.now(),
                "/events",
                "/events?subject=visits")) {
            Answer answer = client.page(path);
            assertThat(answer.status()).as(path + answer.body()).isEqualTo(200);
            assertThat(answer.body()).as(path).contains("<h1>").doesNotContain("style=", "<style");
        }
    }

    @Test
    void theRunPage_tellsStepsMetricsDataAndFile() throws Exception {
        String page = client.page("/runs/" + firstRun).body();
        assertThat(page)
                .contains("ingest customers", "600 rows", "train logistic_regression", "roc_auc", "0.8")
                .contains("report.html", "pipeline: visits", "Runs within");
        assertThat(client.page("/runs/" + firstRun + "/steps").header("hx-refresh"))
                .isEqualTo("true");
    }

    @Test
    void theEndpointPage_showsTheCanaryAndAnExampleThatWorks() throws Exception {
        String page = client.page("/endpoints/visits").body();
        assertThat(page).contains("canary", "25\u202f%", "stage 1 of 2", "error_rate &gt; 1%", "Roll back to 1.0.0");
        assertThat(page).contains("name=\"f.age\"", "/v2/models/visits/infer", "/endpoints/visits/events");
    }

    @Test
    void theForm_isAnswered_withOrWithoutScripts_butOnlyWithItsToken() throws Exception {
        String token = formToken();
        Map<String, String> fields = Map.of("form_token", token, "f.age", "30", "f.plan", "plus", "f.spend", "80");
        Answer part = client.form("/endpoints/visits/try", fields, "HX-Request", "true");
        assertThat(part.body()).contains("Probability of true", "prediction").doesNotContain("<html");
        Answer whole = client.form("/endpoints/visits/try", fields);
        assertThat(whole.body()).contains("<html", "Probability of true", "value=\"30\"");
        Answer wrong =
                client.form("/endpoints/visits/try", Map.of("form_token", token, "f.age", "old"), "HX-Request", "true");
        assertThat(wrong.body()).contains("age: 'old' (expected: a number");
        Answer stale = client.form("/endpoints/visits/try", Map.of("f.age", "30"), "HX-Request", "true");
        assertThat(stale.body()).contains("older than the server");
        assertThat(client.form("/endpoints/visits/roll-back", Map.of("form_token", "x"))
                        .status())
                .isEqualTo(403);
    }

    private static String formToken() throws Exception {
        String page = client.page("/endpoints/visits").body();
        int at = page.indexOf("name=\"form_token\" value=\"") + "name=\"form_token\" value=\"".length();
        return page.substring(at, page.indexOf('"', at));
    }

    @Test
    void reports_areServedInASandbox_andOnlyWhatIsRegistered() throws Exception {
        Answer report = client.get("/models/visits/versions/1/artifacts/report.html");
        assertThat(report.status()).isEqualTo(200);
        assertThat(report.body()).contains("<svg");
        assertThat(report.header("content-security-policy")).contains("sandbox").doesNotContain("script-src");
        assertThat(client.get("/runs/" + firstRun + "/artifacts/model-card.md").header("content-type"))
                .startsWith("text/plain");
        assertThat(client.get("/models/visits/versions/1/artifacts/model.onnx").header("content-disposition"))
                .contains("attachment");
        for (String path : List.of("..%2f..%2fstate.db", "/etc/passwd", "%2e%2e/%2e%2e/state.db", "none.html")) {
            assertThat(client.get("/models/visits/versions/1/artifacts/" + path).status())
                    .as(path)
                    .isIn(400, 404);
        }
    }

    @Test
    void theVersionPage_showsItsOwnDataOnly() throws Exception {
        String page = client.page("/models/visits/versions/1").body();
        assertThat(page).contains("customers v1", "600 rows", "from customers.spend", "Parity: ", "Model card");
    }

    @Test
    void theApi_answersWithDocuments() throws Exception {
        assertThat(client.get("/api/v1").json().path("resources").size()).isGreaterThan(4);
        assertThat(client.get("/api/v1/runs?kind=pipeline&limit=1")
                        .json()
                        .path("next")
                        .isTextual())
                .isTrue();
        JsonNode run = client.get("/api/v1/runs/" + firstRun).json();
        assertThat(run.path("run").path("status").asText()).isEqualTo("finished");
        assertThat(run.path("metrics").path("test_roc_auc").asDouble()).isGreaterThan(0.6);
        assertThat(run.path("datasets").get(0).path("rows_read").asInt()).isEqualTo(600);
        assertThat(client.get("/api/v1/models")
                        .json()
                        .path("models")
                        .get(0)
                        .path("versions")
                        .size())
                .isEqualTo(2);
        assertThat(client.get("/api/v1/endpoints")
                        .json()
                        .path("endpoints")
                        .get(0)
                        .path("status")
                        .asText())
                .isEqualTo("canary");
        assertThat(client.get("/api/v1/endpoints/visits/timeline")
                        .json()
                        .path("timeline")
                        .size())
                .isGreaterThanOrEqualTo(3);
        assertThat(client.get("/api/v1/endpoints/visits/timeline?at=2020-01-01T00:00:00Z")
                        .json()
                        .path("timeline")
                        .size())
                .isZero();
        assertThat(client.get("/api/v1/events?type=endpoint.")
                        .json()
                        .path("events")
                        .size())
                .isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/nowhere | 404 | nothing is here",
                "/runs/ffff | 404 | run: ffff",
                "/runs/compare?run=x | 400 | expected: 2 to 50",
                "/models/none | 404 | model: none",
                "/models/visits/versions/x | 400 | version: x",
                "/endpoints/none/monitor | 404 | endpoint: none",
                "/timeline?at=yesterday | 400 | at: ",
                "/runs?status=odd | 400 | expected: one of",
            })
    void mistakesInAddresses_areToldOnAPage_orAsJson(String path, int status, String says) throws Exception {
        Answer page = client.page(path);
        assertThat(page.status()).as(path).isEqualTo(status);
        assertThat(page.body()).contains("<h1>", says);
        assertThat(client.get(path).json().path("error").asText()).contains(says);
    }

    @Test
    void aBodyThatIsTooLong_isRefused() throws Exception {
        Answer answer = client.post("/v2/models/visits/infer", " ".repeat((32 << 20) + 1));
        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void metrics_areForPrometheus() throws Exception {
        Answer answer = client.get("/metrics");
        assertThat(answer.header("content-type")).startsWith("text/plain");
        assertThat(answer.body()).contains("visits");
    }

    @Test
    void aTakenPort_isToldPlainly() {
        assertThatThrownBy(() ->
                        HttpServer.start(WebOptions.loopback(home.port(), SmallHome.TOKEN, "0.1.0"), home.services()))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("port: " + home.port());
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void theRollBackButton_rollsBack_andSaysSo() throws Exception {
        Answer answer = client.form("/endpoints/visits/roll-back", Map.of("form_token", formToken()));
        assertThat(answer.status()).isEqualTo(303);
        assertThat(client.page(answer.header("location")).body()).contains("Rolled back: 1.0.0 serves.");
        assertThat(home.registry().endpoints().load("visits").rollout().versions())
                .singleElement()
                .satisfies(served -> assertThat(served.version()).isEqualTo(1));
        assertThat(client.page("/timeline").body()).contains("visits: rolled back to 1.0.0");
    }
}
