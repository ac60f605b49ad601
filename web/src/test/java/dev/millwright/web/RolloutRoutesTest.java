package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.pipelines.jobs.JobAnswer;
import dev.millwright.pipelines.jobs.JobRequest;
import dev.millwright.pipelines.jobs.JobRouting;
import dev.millwright.web.Client.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rollouts over HTTP: what programs and people may do to them, and how clients choose a version. */
final class RolloutRoutesTest {
    private static final String ENDPOINT = "/api/v1/endpoints/visits";
    private static final String ROWS = "{\"dataframe_records\": [{\"age\": 30, \"plan\": \"plus\", \"spend\": 80.5,"
            + " \"spend_a_month\": 6.7}]}";
    private static final String INFER =
            "{\"inputs\": [{\"name\": \"age\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [30]},"
                    + "{\"name\": \"plan\", \"shape\": [1, 1], \"datatype\": \"BYTES\", \"data\": [\"plus\"]},"
                    + "{\"name\": \"spend\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [80.5]},"
                    + "{\"name\": \"spend_a_month\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [6.7]}]}";

    private static final String EVENT = "{\"age\": 30, \"plan\": \"plus\", \"spend\": 80.5}";

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;

    @BeforeAll
    static void runTwice() throws Exception {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        home.run(1.0);
        home.run(0.01);
    }

    @AfterAll
    static void close() {
        home.close();
    }

    private static Answer control(String path, String body) throws Exception {
        return client.post(ENDPOINT + path, body, "Authorization", "Bearer " + SmallHome.TOKEN);
    }

    /** Ends what goes on, and begins a rollout of the second version. */
    private static void deploy(String rollout) throws Exception {
        home.services().deployments().rollouts().find("visits").ifPresent(_ -> stop());
        Answer answer = control("/deploy", "{\"model\": \"visits\", \"version\": 2, \"rollout\": \"" + rollout + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static void stop() {
        home.services().deployments().rollBack("visits", "for the next test");
    }

    private static int answeredBy(Answer answer) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().has("model_version")
                ? answer.json().path("model_version").asInt()
                : Integer.parseInt(
                        answer.json().path("parameters").path("version").asText("0"));
    }

    @Test
    void tellsHowARolloutStands_andDoesWhatAPersonAsks() throws Exception {
        deploy("{ab: {split: 50%}}");
        JsonNode rollout = client.get(ENDPOINT + "/rollout").json();
        assertThat(rollout.path("strategy").asText()).isEqualTo("ab");
        assertThat(rollout.path("candidate").asInt()).isEqualTo(2);
        assertThat(rollout.path("shares").path("1").asDouble()).isEqualTo(0.5);
        assertThat(rollout.path("figures").path("versions").size()).isEqualTo(2);

        assertThat(control("/rollout/pause", "{\"reason\": \"lunch\"}")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("paused");
        assertThat(client.page("/endpoints/visits").body()).contains("ab paused", "lunch");
        assertThat(control("/rollout/resume", "{}").json().path("status").asText())
                .isEqualTo("ab");
        assertThat(control("/rollout/stop", "{}").json().path("status").asText())
                .isEqualTo("steady");
        assertThat(client.get(ENDPOINT + "/rollout").status()).isEqualTo(404);
        assertThat(control("/rollout/promote", "{}").body()).contains("rollout: none under way on visits");
        assertThat(client.page("/endpoints/visits").body()).contains("<h2>Decisions</h2>", "rolled back");
        JsonNode decided = client.get(ENDPOINT + "/timeline").json().path("timeline");
        assertThat(decided.get(decided.size() - 1)
                        .path("figures")
                        .path("versions")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void thePageShowsEveryDecision_alsoThoseThatRestOnNoFigures() throws Exception {
        deploy("{ab: {split: 50%}}");
        assertThat(decisions()).contains("rollout started", "version 2 gets 50 % of the traffic");
        assertThat(control("/rollout/promote", "{\"reason\": \"wanted by ana\"}")
                        .status())
                .isEqualTo(200);

        assertThat(control("/rollback", "{\"reason\": \"noticed by bob\"}").status())
                .isEqualTo(200);

        assertThat(decisions())
                .containsSubsequence("rolled back", "noticed by bob", "promoted", "wanted by ana", "rollout started");
    }

    /** That part of the endpoint's page. */
    private static String decisions() throws Exception {
        String page = client.page("/endpoints/visits").body();
        int begin = page.indexOf("<h2>Decisions</h2>");
        assertThat(begin).isPositive();
        return page.substring(begin, page.indexOf("</section>", begin));
    }

    @ParameterizedTest
    @CsvSource({"pause", "resume", "promote", "stop"})
    void whatChangesARollout_needsTheToken(String action) throws Exception {
        assertThat(client.post(ENDPOINT + "/rollout/" + action, "{}").status()).isEqualTo(401);
    }

    @Test
    void theRepositorySaysOfAShadow_thatItDoesNotAnswer() throws Exception {
        deploy("{shadow: {for: 1h}}");
        assertThat(index("{}")).contains("1 READY ", "2 UNAVAILABLE a shadow: its answers are compared");
        assertThat(index("{\"ready\": true}")).contains("1 READY").doesNotContain("2 ");
        assertThat(client.get("/v2/models/visits/versions/2/ready").status()).isNotEqualTo(200);

        deploy("{blue_green: {wait: 1h}}");
        assertThat(index("{}")).contains("1 READY", "2 READY");
        assertThat(client.get("/v2/models/visits/versions/2/ready").status()).isEqualTo(200);
    }

    /** The endpoint's versions, each with its state and the reason. */
    private static String index(String request) throws Exception {
        StringBuilder found = new StringBuilder();
        client.post("/v2/repository/index", request)
                .json()
                .forEach(entry -> found.append(entry.path("version").asText())
                        .append(' ')
                        .append(entry.path("state").asText())
                        .append(' ')
                        .append(entry.path("reason").asText())
                        .append('\n'));
        return found.toString();
    }

    @Test
    void aHeaderPinsAVersion_onEveryDoor() throws Exception {
        deploy("{blue_green: {wait: 1h}}");
        assertThat(answeredBy(client.post("/endpoints/visits/invocations", ROWS)))
                .isEqualTo(1);
        assertThat(answeredBy(client.post("/endpoints/visits/invocations", ROWS, "X-Millwright-Version", "2")))
                .isEqualTo(2);
        assertThat(answeredBy(client.post(
                        "/endpoints/visits/events",
                        "{\"age\": 30, \"plan\": \"plus\", \"spend\": 80.5}",
                        "X-Millwright-Version",
                        "2")))
                .isEqualTo(2);
        assertThat(answeredBy(client.post("/v2/models/visits/infer", INFER, "X-Millwright-Version", "2")))
                .isEqualTo(2);
    }

    @Test
    void aVersionThatDoesNotServe_isRefused_namingThoseThatDo() throws Exception {
        deploy("{blue_green: {wait: 1h}}");
        for (String path : new String[] {"/endpoints/visits/invocations", "/v2/models/visits/infer"}) {
            Answer answer = client.post(path, path.startsWith("/v2") ? INFER : ROWS, "X-Millwright-Version", "7");
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.body()).contains("version: 7").contains("2, 1");
        }
        assertThat(client.post("/v2/models/visits/versions/1/infer", INFER, "X-Millwright-Version", "2")
                        .body())
                .contains("X-Millwright-Version: 2 (expected: 1, the version that the request names");
    }

    @Test
    void aConditionOnAHeader_decidesWhoAnswers() throws Exception {
        deploy("conditions: [header x-tier = gold]");
        assertThat(answeredBy(client.post("/endpoints/visits/invocations", ROWS)))
                .isEqualTo(1);
        assertThat(answeredBy(client.post("/endpoints/visits/invocations", ROWS, "X-Tier", "gold")))
                .isEqualTo(2);
    }

    /** The answer to a job, once there is one. */
    private static Answer answerLater(String as, String... headers) throws Exception {
        String body = switch (as) {
            case "infer" -> INFER;
            case "invocations" -> ROWS;
            default -> EVENT;
        };
        Answer accepted = client.post("/endpoints/visits/jobs?as=" + as, body, headers);
        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        while (true) {
            Answer answer = client.get(accepted.header("Location") + "/answer");
            if (answer.status() != 409) {
                return answer;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"infer", "invocations", "events"})
    void aJobIsAnsweredByWhoWouldHaveAnsweredItAtOnce(String as) throws Exception {
        deploy("conditions: [header x-tier = gold and header accept-encoding = gzip]");
        assertThat(answeredBy(answerLater(as))).isEqualTo(1);
        assertThat(answeredBy(answerLater(as, "X-Tier", "gold", "Accept-Encoding", "gzip")))
                .isEqualTo(2);

        deploy("{ab: {split: 50%, sticky_by: header x-user}}");
        for (int user = 0; user < 8; user++) {
            String name = "user " + user;
            assertThat(answeredBy(answerLater(as, "X-User", name)))
                    .as(name)
                    .isEqualTo(answeredBy(client.post("/endpoints/visits/invocations", ROWS, "X-User", name)));
        }

        deploy("{blue_green: {wait: 1h}}");
        assertThat(answeredBy(answerLater(as))).isEqualTo(1);
        assertThat(answeredBy(answerLater(as, "X-Millwright-Version", "2"))).isEqualTo(2);
    }

    @Test
    void aJobThatInsistsOnAVersion_failsWithoutIt() throws Exception {
        deploy("{blue_green: {wait: 1h}}");
        Answer refused = client.post("/endpoints/visits/jobs", INFER, "X-Millwright-Version", "7");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.body()).contains("version: 7").contains("2, 1");
        for (JobRequest.Door door : JobRequest.Door.values()) {
            String body = switch (door) {
                case INFER -> INFER;
                case INVOCATIONS -> ROWS;
                case EVENTS -> EVENT;
            };
            // As one that was taken while version 7 served.
            JobAnswer answer = home.jobDoor()
                    .answer(new JobRequest(
                            "visits",
                            "ana",
                            door,
                            new JobRouting(Optional.of("7"), Map.of()),
                            Optional.of("application/json"),
                            Optional.empty(),
                            body.getBytes(StandardCharsets.UTF_8),
                            Optional.empty()));
            assertThat(answer.status()).as(door.word()).isEqualTo(404);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                    .contains("version: 7", "(expected: one", "2, 1");
        }
    }

    @Test
    void aRolloutThatMakesNoSense_isRefused() throws Exception {
        home.services().deployments().rollouts().find("visits").ifPresent(_ -> stop());
        Answer answer = control(
                "/deploy", "{\"model\": \"visits\", \"version\": 2, \"rollout\": \"conditions: [plann = 'a']\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("rollout.when: no input column 'plann'", "Did you mean 'plan'?");
    }
}
